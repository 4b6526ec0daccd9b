"""A school says where its events go: addresses added, changed, given new secrets, removed."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from service.domain.errors import Conflict, Fault, Rejected
from service.domain.events import TEST, TYPES
from service.domain.webhook_rules import WebhookState
from service.ledger import audit
from service.ledger.database import Database
from service.ledger.outgoing import deliveries, webhooks
from service.ledger.outgoing.webhooks import Secret, Webhook
from service.outgoing.calls import Outgoing
from service.workflow.webhooks.sealing import Keys, seal, unseal

MOST = 20  # addresses of one school
SECRET_BYTES = 32  # the specification asks for 24 to 64
SECRETS = 3  # in force at a time


class TooManyWebhooks(Conflict):
    """A school has as many addresses as it may."""

    code = "too-many-webhooks"
    title = "Слишком много адресов для событий"


class TooManySecrets(Conflict):
    """Secrets were changed so often that as many are in force as may be."""

    code = "too-many-secrets"
    title = "Слишком много действующих секретов"


class EventUnknown(Rejected):
    """No events of this type exist."""

    code = "event-unknown"
    title = "Такого события нет"


@dataclass(frozen=True, slots=True)
class WebhookWanted:
    """What a school asks for; no `events`: all of them."""

    url: str
    description: str
    events: tuple[str, ...]
    state: WebhookState


@dataclass(frozen=True, slots=True)
class Entrusted:
    """An address and its new secret, which is told this once."""

    webhook: Webhook
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConfigureWebhooks:
    """Changes a school's addresses; each change is a line of the audit log."""

    database: Database
    outgoing: Outgoing
    keys: Keys

    def add(self, school: str, wanted: WebhookWanted, by: str, at: datetime) -> Entrusted:
        """Add an address that gets what happens from now on; its secret is told here only."""
        self._require(wanted)
        with self.database.writing() as connection:
            if len(webhooks.of_school(connection, school)) >= MOST:
                raise TooManyWebhooks(
                    f"У школы может быть не больше {MOST} адресов: уберите лишний."
                )
            name, secret = secrets.token_hex(8), _secret()
            made = Webhook(
                id=name,
                school=school,
                url=wanted.url,
                description=wanted.description,
                events=wanted.events,
                secrets=(Secret(seal(self.keys, name, secret)),),
                position=audit.head(connection),
                created_at=at,
                updated_at=at,
                state=wanted.state,
            )
            webhooks.add(connection, made)
            _note(connection, made, "webhook-add", by, at, {"events": list(made.events)})
        return Entrusted(made, secret)

    def change(
        self, school: str, name: str, wanted: WebhookWanted, by: str, at: datetime
    ) -> Webhook:
        """Change an address; the same again changes nothing.

        Somewhere else, it gets what waits at once. Made active again, it gets what waited for it
        and what happens from now on; what happened in between is for `Feed.replay`.
        """
        with self.database.reading() as connection:
            found = webhooks.get(connection, school, name)
        self._require(wanted, found)
        with self.database.writing() as connection:
            found = webhooks.get(connection, school, name)
            changed = replace(
                found,
                url=wanted.url,
                description=wanted.description,
                events=wanted.events,
                state=wanted.state,
            )
            if changed == found:
                return found
            woken = WebhookState.ACTIVE is wanted.state is not found.state
            anew = woken or changed.url != found.url
            if anew:
                changed = replace(
                    changed,
                    reason=None,
                    failures=0,
                    failing_since=None,
                    rest_until=None,
                    last_ms=None,
                )
            if woken:
                changed = replace(changed, position=audit.head(connection))
            changed = replace(changed, updated_at=at)
            webhooks.put(connection, changed)
            if anew:
                deliveries.hasten(connection, name, at)
                deliveries.remind(connection, name)
            said = {"state": changed.state, "events": list(changed.events)}
            _note(connection, changed, "webhook-change", by, at, said)
            return webhooks.get(connection, school, name)

    def rotate(
        self, school: str, name: str, overlap: timedelta, by: str, at: datetime
    ) -> Entrusted:
        """Give an address a new secret; for a while the old one signs too.

        Raises SecretSealed if an old one that is to sign cannot be opened.
        """
        with self.database.writing() as connection:
            found = webhooks.get(connection, school, name)
            until = at + overlap
            old = (
                replace(one, until=min(until, one.until or until)) for one in found.secrets_at(at)
            )
            kept = tuple(one for one in old if one.lasts(at))
            if len(kept) >= SECRETS:
                raise TooManySecrets(
                    "Прежние секреты ещё действуют: подождите или смените секрет без срока "
                    "(«overlap_minutes»: 0)."
                )
            opened = [(unseal(self.keys, name, one.stored), one.until) for one in kept]
            secret = _secret()
            signing = ((secret, None), *opened)
            sealed = tuple(Secret(seal(self.keys, name, one), end) for one, end in signing)
            changed = replace(found, secrets=sealed, updated_at=at)
            webhooks.put(connection, changed)
            _note(connection, changed, "webhook-rotate", by, at, {"until": until.isoformat()})
        return Entrusted(changed, secret)

    def remove(self, school: str, name: str, by: str, at: datetime) -> None:
        """Remove an address and what waits for it."""
        with self.database.writing() as connection:
            found = webhooks.get(connection, school, name)
            webhooks.remove(connection, found)
            _note(connection, found, "webhook-remove", by, at, {})

    def _require(self, wanted: WebhookWanted, found: Webhook | None = None) -> None:
        for number, event in enumerate(wanted.events):
            if event not in TYPES or event == TEST:
                told = f"События «{event[:60]}» нет. Есть: {', '.join(one for one in TYPES)}."
                raise EventUnknown(told, (Fault(f"/events/{number}", "event-unknown", told),))
        if found is None or wanted.url != found.url or wanted.state is not found.state:
            self.outgoing.check(wanted.url)


def _secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def _note(
    connection: Connection,
    webhook: Webhook,
    action: str,
    by: str,
    at: datetime,
    details: Mapping[str, Any],
) -> None:
    audit.append(connection, audit.Event(at, webhook.school, webhook.id, by, action, dict(details)))
