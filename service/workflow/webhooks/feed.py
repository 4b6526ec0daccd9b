"""Lines of the audit log become events on their way to the addresses that want them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from service.domain.errors import Conflict
from service.domain.events import TEST
from service.domain.webhook_rules import DeliveryState, WebhookState
from service.ledger import audit, documents
from service.ledger.audit import Line
from service.ledger.database import Database
from service.ledger.outgoing import deliveries, webhooks
from service.ledger.outgoing.deliveries import Delivery
from service.ledger.outgoing.webhooks import Webhook
from service.workflow.webhooks.events import LINKS, Happening, body, happenings

LINES = 200  # of the log looked at in one transaction
SLACK = timedelta(hours=1)  # by which lines of the log may be out of the order of their times
LOST = frozenset({DeliveryState.FAILED})
ENDED = frozenset({DeliveryState.FAILED, DeliveryState.DELIVERED})


class WebhookAsleep(Conflict):
    """Nothing is sent to this address now."""

    code = "webhook-not-active"
    title = "На этот адрес сейчас ничего не отправляется"


@dataclass(frozen=True, slots=True)
class Feed:
    """Looks at what the log has grown by; a line is looked at once for each address."""

    database: Database

    def __call__(self, at: datetime) -> int:
        """Make deliveries of all new lines; return how many."""
        with self.database.reading() as connection:
            grown = webhooks.with_news(connection)
        return sum(self._follow(name, at) for name in grown)

    def replay(
        self, webhook: Webhook, since: datetime, at: datetime, by: str, *, arrived: bool
    ) -> int:
        """Deliver events since a moment: those given up or never made, or all; return how many.

        Cut short, it is safe to be asked for again.
        """
        with self.database.reading() as connection:
            position = audit.position_before(connection, webhook.school, since, SLACK)
        begun = 0
        while True:
            with self.database.writing() as connection:
                found = _active(connection, webhook)
                lines = audit.of_school(connection, found.school, position, LINES)
                old = [one for one in lines if one.number <= found.position]
                wanted = _wanted(connection, found, (one for one in old if one.event.at >= since))
                begun += deliveries.add(connection, found.id, _made(found, wanted, at))
                begun += self._anew(connection, found, wanted, ENDED if arrived else LOST, at)
                deliveries.remind(connection, found.id)
                if not old:
                    said = {"since": since.isoformat(), "begun": begun}
                    _note(connection, found, "webhook-replay", by, at, said)
                    return begun
            position = old[-1].number

    def test(self, webhook: Webhook, at: datetime, by: str) -> Delivery:
        """Send an event that tells of nothing, and try only once."""
        link = LINKS["webhook"].format(school=webhook.school, subject=webhook.id)
        data = {"school": webhook.school, "webhook": webhook.id, "link": link}
        event = Happening(f"evt_{secrets.token_hex(16)}", TEST, body(TEST, at, data))
        (made,) = _made(webhook, [(0, event)], at)
        with self.database.writing() as connection:
            _active(connection, webhook)
            deliveries.add(connection, webhook.id, (made,))
            deliveries.remind(connection, webhook.id)
            _note(connection, webhook, "webhook-test", by, at, {"delivery": made.id})
        return made

    def again(self, webhook: Webhook, delivery: str, at: datetime, by: str) -> Delivery:
        """Have one delivery made again, with the id and body it had; on its way it is let be."""
        with self.database.writing() as connection:
            _active(connection, webhook)
            found = deliveries.get(connection, webhook.id, delivery)
            if found.claimed_by is None:
                deliveries.begin_anew(connection, [found.id], at)
                deliveries.remind(connection, webhook.id)
                _note(connection, webhook, "webhook-replay", by, at, {"delivery": delivery})
            return deliveries.get(connection, webhook.id, delivery)

    def _follow(self, name: str, at: datetime) -> int:
        made = 0
        while True:
            with self.database.writing() as connection:
                webhook = webhooks.find(connection, name)
                if webhook is None or webhook.state is not WebhookState.ACTIVE:
                    return made
                lines = audit.of_school(connection, webhook.school, webhook.position, LINES)
                if not lines:
                    return made
                wanted = _wanted(connection, webhook, lines)
                made += deliveries.add(connection, name, _made(webhook, wanted, at))
                webhooks.follow(connection, name, lines[-1].number)
                deliveries.remind(connection, name)

    @staticmethod
    def _anew(
        connection: Connection,
        webhook: Webhook,
        wanted: Iterable[tuple[int, Happening]],
        states: Collection[DeliveryState],
        at: datetime,
    ) -> int:
        events = [event.id for _, event in wanted]
        names = deliveries.ended(connection, webhook.id, events, states)
        deliveries.begin_anew(connection, names, at)
        return len(names)


def _note(
    connection: Connection,
    webhook: Webhook,
    action: str,
    by: str,
    at: datetime,
    details: dict[str, object],
) -> None:
    audit.append(connection, audit.Event(at, webhook.school, webhook.id, by, action, details))


def _active(connection: Connection, webhook: Webhook) -> Webhook:
    found = webhooks.get(connection, webhook.school, webhook.id)
    if found.state is not WebhookState.ACTIVE:
        raise WebhookAsleep("Сначала включите этот адрес: отправьте PUT с «state»: «active».")
    return found


def _wanted(
    connection: Connection, webhook: Webhook, lines: Iterable[Line]
) -> list[tuple[int, Happening]]:
    """Return the events an address wants of some lines, each with the number of its line."""
    looked = tuple(lines)
    subjects = {one.event.subject for one in looked}
    about = {one.id: one for one in documents.by_ids(connection, subjects)}
    return [
        (line.number, event)
        for line in looked
        for event in happenings(line, about.get(line.event.subject))
        if webhook.wants(event.type) and line.event.subject != webhook.id
    ]


def _made(
    webhook: Webhook, wanted: Iterable[tuple[int, Happening]], at: datetime
) -> tuple[Delivery, ...]:
    return tuple(
        Delivery(
            id=secrets.token_hex(16),
            webhook=webhook.id,
            event=event.id,
            number=number,
            type=event.type,
            body=event.body,
            state=DeliveryState.PENDING,
            tries=0,
            due=at,
            created_at=at,
        )
        for number, event in wanted
    )
