"""Addresses events are sent to: whose, which events, secrets, and how they are doing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, or_, select, update

from service.domain.errors import Missing
from service.domain.webhook_rules import WebhookState, WhyDisabled
from service.ledger.moments import reached
from service.ledger.outgoing.tables import webhook_attempts, webhook_deliveries, webhooks
from service.ledger.tables import audit


class WebhookMissing(Missing):
    """No webhook of this id, or it is another school's."""

    code = "webhook-missing"
    title = "Адрес для событий не найден"


@dataclass(frozen=True, slots=True)
class Secret:
    """What deliveries are signed with, until a moment if another took its place.

    Here it is `stored` as the use cases gave it: sealed, or `whsec_…` itself if they have no key.
    """

    stored: str = field(repr=False)
    until: datetime | None = None

    def lasts(self, at: datetime) -> bool:
        """Whether it is in force."""
        return self.until is None or self.until > at


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address of a school; `position` is the last line of the audit log looked at for it."""

    id: str
    school: str
    url: str
    description: str
    events: tuple[str, ...]
    secrets: tuple[Secret, ...]
    position: int
    created_at: datetime
    updated_at: datetime
    state: WebhookState = WebhookState.ACTIVE
    reason: WhyDisabled | None = None
    failures: int = 0
    failing_since: datetime | None = None
    rest_until: datetime | None = None
    last_ms: int | None = None
    next_due: datetime | None = None

    def wants(self, event: str) -> bool:
        """Whether events of a type are sent there."""
        return not self.events or event in self.events

    def secrets_at(self, at: datetime) -> tuple[Secret, ...]:
        """Return the secrets in force, the newest first."""
        return tuple(one for one in self.secrets if one.lasts(at))


def add(connection: Connection, webhook: Webhook) -> None:
    """Write a new one down."""
    connection.execute(insert(webhooks).values(_row(webhook)))


def put(connection: Connection, webhook: Webhook) -> None:
    """Write one down as it is now; nobody else may have written since it was read."""
    connection.execute(update(webhooks).where(webhooks.c.id == webhook.id).values(_row(webhook)))


def remove(connection: Connection, webhook: Webhook) -> None:
    """Forget one, what waits for it and what was tried."""
    mine = select(webhook_deliveries.c.id).where(webhook_deliveries.c.webhook == webhook.id)
    connection.execute(delete(webhook_attempts).where(webhook_attempts.c.delivery.in_(mine)))
    connection.execute(delete(webhook_deliveries).where(webhook_deliveries.c.webhook == webhook.id))
    connection.execute(delete(webhooks).where(webhooks.c.id == webhook.id))


def find(connection: Connection, webhook: str) -> Webhook | None:
    """Return one by id, or None."""
    row = connection.execute(select(webhooks).where(webhooks.c.id == webhook)).one_or_none()
    return None if row is None else _webhook(row)


def get(connection: Connection, school: str, webhook: str) -> Webhook:
    """Return a school's by id."""
    found = find(connection, webhook)
    if found is None or found.school != school:
        raise WebhookMissing(f"Адреса {webhook} у школы нет: проверьте номер.")
    return found


def of_school(connection: Connection, school: str) -> tuple[Webhook, ...]:
    """Return all of a school, the oldest first."""
    rows = connection.execute(
        select(webhooks)
        .where(webhooks.c.school == school)
        .order_by(webhooks.c.created_at, webhooks.c.id)
    )
    return tuple(_webhook(row) for row in rows)


def secrets_of_all(connection: Connection) -> dict[str, tuple[Secret, ...]]:
    """Return what deliveries of every school are signed with, by address."""
    rows = connection.execute(select(webhooks.c.id, webhooks.c.secrets).order_by(webhooks.c.id))
    return {row.id: _secrets(row.secrets) for row in rows}


def follow(connection: Connection, webhook: str, position: int) -> None:
    """Write down up to which line of the log an address has been looked at."""
    connection.execute(update(webhooks).where(webhooks.c.id == webhook).values(position=position))


def with_news(connection: Connection) -> tuple[str, ...]:
    """Return the ids of those whose school's audit log has grown since it was looked at."""
    grown = exists().where(
        audit.c.school == webhooks.c.school, audit.c.number > webhooks.c.position
    )
    chosen = select(webhooks.c.id).where(webhooks.c.state == WebhookState.ACTIVE, grown)
    return tuple(connection.execute(chosen).scalars())


def awake(connection: Connection, at: datetime, most: int) -> tuple[Webhook, ...]:
    """Return those that something is due for and that are not left alone, longest due first."""
    rows = connection.execute(
        select(webhooks)
        .where(
            webhooks.c.state == WebhookState.ACTIVE,
            reached(webhooks.c.next_due, at),
            or_(webhooks.c.rest_until.is_(None), reached(webhooks.c.rest_until, at)),
        )
        .order_by(webhooks.c.next_due)
        .limit(most)
    )
    return tuple(_webhook(row) for row in rows)


def _row(webhook: Webhook) -> dict[str, Any]:
    row = {one.name: getattr(webhook, one.name) for one in fields(webhook)}
    secrets = [
        {"secret": one.stored, "until": one.until.isoformat() if one.until else None}
        for one in webhook.secrets
    ]
    return row | {
        "events": list(webhook.events),
        "secrets": secrets,
        "reason": webhook.reason or "",
    }


def _webhook(row: Row[Any]) -> Webhook:
    values = dict(row._mapping)
    values["events"] = tuple(values["events"])
    values["secrets"] = _secrets(values["secrets"])
    values["state"] = WebhookState(values["state"])
    values["reason"] = WhyDisabled(values["reason"]) if values["reason"] else None
    return Webhook(**values)


def _secrets(rows: Iterable[Mapping[str, str | None]]) -> tuple[Secret, ...]:
    return tuple(
        Secret(one["secret"] or "", datetime.fromisoformat(one["until"]) if one["until"] else None)
        for one in rows
    )
