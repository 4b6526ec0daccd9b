"""Deliveries are claimed, sent and noted: at least once each, whichever worker dies when."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import random
from time import monotonic

from sqlalchemy import Connection
from standardwebhooks import Webhook as Signer

from service.domain import webhook_rules
from service.domain.webhook_rules import (
    DeliveryState,
    Patience,
    Verdict,
    WebhookState,
    WhyDisabled,
    verdict,
)
from service.ledger import audit
from service.ledger.database import Database
from service.ledger.outgoing import deliveries, webhooks
from service.ledger.outgoing.deliveries import Attempt, Claimed, Delivery
from service.ledger.outgoing.webhooks import Webhook
from service.ledger.road import SERVICE
from service.observing.context import bound
from service.outgoing.addresses import AddressRefused, AddressUnknown, NamesUnavailable
from service.outgoing.calls import NoAnswer, Outgoing, trouble_of
from service.workflow.webhooks.feed import Feed
from service.workflow.webhooks.sealing import Keys, SecretSealed, unseal

LOG = logging.getLogger(__name__)

LOOKED_AT = 256  # addresses considered in one round
SHOWN = 1024  # bytes of an answer that are kept
STEADY = 4  # failures in a row of single events before an address is left alone for a while
LOCKED = timedelta(minutes=1)  # an address is left alone for, if its secret cannot be opened

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Errand:
    """A delivery about to be sent: where to, signed by which secrets."""

    claimed: Claimed
    school: str
    url: str
    secrets: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Returned:
    """How an attempt ended; `url` is where it went, `wait` what the receiver asked for."""

    attempt: Attempt
    url: str
    wait: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Send:
    """Sends one delivery by the Standard Webhooks specification."""

    outgoing: Outgoing
    clock: Clock

    def __call__(self, errand: Errand) -> Returned:
        """Send it and tell how it ended; whatever the other side does is no error here."""
        delivery = errand.claimed.delivery
        with bound(webhook=delivery.webhook, school=errand.school, delivery=delivery.id):
            returned = self._sent(errand)
            LOG.info("%s: %s", delivery.type, returned.attempt.status or returned.attempt.trouble)
            return returned

    def _sent(self, errand: Errand) -> Returned:
        at = self.clock()
        delivery = errand.claimed.delivery
        began = monotonic()
        attempt = Attempt(delivery.id, errand.claimed.attempt, at)
        try:
            reply = self.outgoing.send(
                "POST", errand.url, headers(errand, at), delivery.body.encode(), SHOWN
            )
        except (AddressRefused, AddressUnknown, NamesUnavailable, NoAnswer) as error:
            failed = replace(attempt, ms=_since(began), trouble=trouble_of(error))
            return Returned(failed, errand.url)
        said = reply.body.decode(errors="replace").replace("\0", "\ufffd")
        ended = replace(attempt, ms=_since(began), status=reply.status, answer=said)
        return Returned(ended, errand.url, _asked(reply.headers.get("retry-after", ""), at))


@dataclass(frozen=True, slots=True)
class Rounds:
    """One round: note what came back, see what is new, claim what is due."""

    database: Database
    feed: Feed
    worker: str
    lease: timedelta
    patience: Patience
    clock: Clock
    keys: Keys
    chance: Callable[[], float] = random

    def __call__(self, returned: Iterable[Returned], free: int) -> tuple[Errand, ...]:
        """Note attempts, then return at most `free` deliveries to be sent now.

        Of one address only so many are on their way at a time, of a slow or failing one a single
        one; a claim that nothing is heard of ends with its lease.
        """
        came = tuple(returned)
        at = self.clock()
        self.feed(at)
        with self.database.reading() as connection:
            idle = not came and (not free or not webhooks.awake(connection, at, 1))
        if idle:
            return ()
        with self.database.writing() as connection:
            for one in came:
                self._note(connection, one, at)
            return self._claim(connection, at, free) if free else ()

    def resume(self) -> int:
        """Send now what a process of this worker's name had claimed when it died.

        The address would be thought busy with it, and hear nothing, until the lease ends.
        """
        with self.database.writing() as connection:
            return deliveries.orphaned(connection, self.worker, self.clock())

    def _claim(self, connection: Connection, at: datetime, free: int) -> tuple[Errand, ...]:
        busy = deliveries.under_way(connection, at)
        errands: list[Errand] = []
        for webhook in webhooks.awake(connection, at, LOOKED_AT):
            room = webhook_rules.width(webhook.failures, webhook.last_ms) - busy[webhook.id]
            if room <= 0:
                continue
            try:
                secrets = self._secrets(webhook, at)
            except SecretSealed as error:  # no fault of the receiver's: what is due waits for us
                with bound(webhook=webhook.id, school=webhook.school):
                    LOG.error("webhook %s: %s", webhook.id, error.code)
                webhooks.put(connection, replace(webhook, rest_until=at + LOCKED))
                continue
            for delivery in deliveries.due(connection, webhook.id, at, min(room, free)):
                if delivery.tries >= self._limit(delivery):
                    deliveries.settle(connection, delivery.id, DeliveryState.FAILED, at, at)
                    continue
                claimed = deliveries.claim(connection, delivery, self.worker, at, at + self.lease)
                errands.append(Errand(claimed, webhook.school, webhook.url, secrets))
                free -= 1
            deliveries.remind(connection, webhook.id)
            if free == 0:
                break
        return tuple(errands)

    def _secrets(self, webhook: Webhook, at: datetime) -> tuple[str, ...]:
        held = webhook.secrets_at(at)
        return tuple(unseal(self.keys, webhook.id, one.stored) for one in held)

    def _note(self, connection: Connection, returned: Returned, at: datetime) -> None:
        attempt = returned.attempt
        delivery = deliveries.note(connection, attempt)
        webhook = webhooks.find(connection, delivery.webhook) if delivery else None
        if delivery is None or webhook is None:
            return  # the address was removed meanwhile
        with bound(webhook=webhook.id, school=webhook.school, delivery=delivery.id):
            self._judge(connection, webhook, delivery, returned, at)

    def _judge(
        self,
        connection: Connection,
        webhook: Webhook,
        delivery: Delivery,
        returned: Returned,
        at: datetime,
    ) -> None:
        attempt = returned.attempt
        means = verdict(attempt.status)
        moved = returned.url != webhook.url  # meanwhile: nothing is learnt of where it is now
        if means is Verdict.TAKEN:
            if delivery.state is not DeliveryState.DELIVERED:
                deliveries.settle(connection, delivery.id, DeliveryState.DELIVERED, at, at)
            if not moved:
                self._well(connection, webhook, attempt, at)
        elif delivery.claimed_by is not None and moved:
            deliveries.settle(connection, delivery.id, DeliveryState.PENDING, at, None)
        elif delivery.claimed_by is not None:
            LOG.warning(
                "webhook %s: delivery %s, try %d: %s",
                webhook.id,
                delivery.id,
                delivery.tries,
                attempt.status or attempt.trouble,
            )
            self._put_off(connection, delivery, returned.wait, at)
            self._unwell(connection, webhook, means, returned, at)
        deliveries.remind(connection, webhook.id)

    def _put_off(
        self, connection: Connection, delivery: Delivery, asked: timedelta, at: datetime
    ) -> None:
        if delivery.tries >= self._limit(delivery):
            deliveries.settle(connection, delivery.id, DeliveryState.FAILED, at, at)
            return
        due = at + webhook_rules.wait(delivery.tries, self.chance(), asked)
        deliveries.settle(connection, delivery.id, DeliveryState.PENDING, due, None)

    def _well(
        self, connection: Connection, webhook: Webhook, attempt: Attempt, at: datetime
    ) -> None:
        well = replace(webhook, failures=0, failing_since=None, rest_until=None, last_ms=attempt.ms)
        webhooks.put(connection, well)
        since = webhook.failing_since
        if since is not None and at - since >= webhook_rules.LONGEST_REST:
            deliveries.hasten(connection, webhook.id, at)

    def _unwell(
        self,
        connection: Connection,
        webhook: Webhook,
        means: Verdict,
        returned: Returned,
        at: datetime,
    ) -> None:
        since = webhook.failing_since
        together = since is not None and returned.attempt.at <= since  # sent before that was known
        since, failures = since or at, webhook.failures + (not together)
        of_all = failures if means is Verdict.UNWELL else failures - STEADY
        rest = webhook_rules.rest(of_all, returned.wait) if of_all > 0 else timedelta()
        failing = replace(
            webhook,
            failures=failures,
            failing_since=since,
            rest_until=max(at + rest, webhook.rest_until or at) if together else at + rest,
            last_ms=returned.attempt.ms,
        )
        if means is Verdict.GONE:
            failing = replace(failing, state=WebhookState.DISABLED, reason=WhyDisabled.GONE)
        elif webhook_rules.hopeless(since, at, self.patience):
            failing = replace(failing, state=WebhookState.DISABLED, reason=WhyDisabled.FAILING)
        webhooks.put(connection, failing)
        if failing.reason is not None and webhook.state is not WebhookState.DISABLED:
            LOG.error("webhook %s is disabled: %s", webhook.id, failing.reason)
            said = {"reason": failing.reason}
            audit.append(
                connection,
                audit.Event(at, webhook.school, webhook.id, SERVICE, "webhook-disable", said),
            )

    def _limit(self, delivery: Delivery) -> int:
        return self.patience.tries if delivery.number else 1


def headers(errand: Errand, at: datetime) -> dict[str, str]:
    """Return the headers of an attempt; during a rotation it is signed by every secret in force."""
    delivery = errand.claimed.delivery
    signed = (Signer(one).sign(delivery.event, at, delivery.body) for one in errand.secrets)
    return {
        "Content-Type": "application/json",
        "User-Agent": "vedomost",
        "webhook-id": delivery.event,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def _since(began: float) -> int:
    return round((monotonic() - began) * 1000)


def _asked(retry_after: str, at: datetime) -> timedelta:
    """Return what a Retry-After header asks for: seconds or a date (RFC 9110, 10.2.3)."""
    if retry_after.isascii() and retry_after.isdigit():
        return timedelta(seconds=min(int(retry_after[:9]), 1 << 30))
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return timedelta()
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(timedelta(), moment - at)
