"""Secrets of webhooks: readable nowhere in the ledger, opened by the keys of the settings alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from receiver import Receiver, receiver
from sqlalchemy import select
from standardwebhooks import Webhook as Verifier
from town import Clock

from service.domain.webhook_rules import DeliveryState, Patience, WebhookState
from service.ledger import audit
from service.ledger.database import Database, connect
from service.ledger.outgoing import deliveries, webhooks
from service.ledger.outgoing.tables import webhooks as rows
from service.ledger.outgoing.webhooks import Webhook
from service.ledger.pages import Page
from service.outgoing.addresses import Allowance
from service.outgoing.calls import Outgoing, trusting
from service.workflow.webhooks.configure import ConfigureWebhooks, Entrusted, WebhookWanted
from service.workflow.webhooks.feed import Feed
from service.workflow.webhooks.rounds import LOCKED, Rounds, Send
from service.workflow.webhooks.seal_secrets import SealSecrets
from service.workflow.webhooks.sealing import Keys, SecretSealed, seal, unseal

SCHOOL = "sosh18"
NEAR = Outgoing(Allowance(http=True, private=True), trusting())
NONE = Keys()
FIRST, SECOND = (Keys((bytes([number]) * 32,)) for number in (1, 2))
TURNED = Keys(SECOND.each + FIRST.each)


@pytest.fixture
def ledger(database_url: str) -> Iterator[Database]:
    database = connect(database_url)
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def journal() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


def add(ledger: Database, url: str, keys: Keys, at: datetime) -> Entrusted:
    wanted = WebhookWanted(url, "", (), WebhookState.ACTIVE)
    return ConfigureWebhooks(ledger, NEAR, keys).add(SCHOOL, wanted, "admin", at)


def happen(ledger: Database, name: str, at: datetime) -> None:
    with ledger.writing() as connection:
        event = audit.Event(at, SCHOOL, name, "journal", "accept", {"sha256": name * 8})
        audit.append(connection, event)


def send(ledger: Database, keys: Keys, clock: Clock) -> int:
    """Do one round with a worker that has some keys; return how many requests it made."""
    lease = timedelta(minutes=1)
    rounds = Rounds(ledger, Feed(ledger), "one", lease, Patience(), clock, keys, lambda: 0.0)
    returned = [Send(NEAR, clock)(one) for one in rounds((), 16)]
    rounds(returned, 0)
    return len(returned)


def stored(ledger: Database, webhook: Webhook) -> list[str]:
    with ledger.reading() as connection:
        (held,) = connection.execute(
            select(rows.c.secrets).where(rows.c.id == webhook.id)
        ).scalars()
    return [one["secret"] for one in held]


def test_no_file_of_the_ledger_holds_a_secret(tmp_path: Path, journal: Receiver) -> None:
    clock, database = Clock(datetime.now(UTC)), connect(f"sqlite:///{tmp_path / 'ledger.db'}")
    database.migrate()
    made = add(database, journal.url, FIRST, clock())
    turned = ConfigureWebhooks(database, NEAR, FIRST).rotate(
        SCHOOL, made.webhook.id, timedelta(hours=1), "admin", clock()
    )
    happen(database, "a", clock())
    assert send(database, FIRST, clock) == 1
    database.close()
    held = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    for known in (made, turned):
        Verifier(known.secret).verify(journal.got[0].body, journal.got[0].headers)
        assert known.secret.removeprefix("whsec_").rstrip("=").encode() not in held
        assert known.secret not in repr(known)
    assert b"v1:" in held
    assert FIRST.each[0] not in held


def test_with_another_key_it_waits_and_says_why(
    ledger: Database, journal: Receiver, clock: Clock
) -> None:
    clock.pass_by(days=-10)
    made = add(ledger, journal.url, FIRST, clock())
    happen(ledger, "a", clock())
    for _ in range(40):  # longer than any patience
        assert send(ledger, SECOND, clock) == 0
        clock.pass_by(hours=6)
    with ledger.reading() as connection:
        (waiting,) = deliveries.page(connection, made.webhook.id, None, Page(9))
        (webhook,) = webhooks.of_school(connection, SCHOOL)
    assert (waiting.state, waiting.tries) == (DeliveryState.PENDING, 0)
    assert (webhook.state, webhook.failures) == (WebhookState.ACTIVE, 0)
    (problem,) = SealSecrets(ledger, SECOND)(clock())
    assert problem.code == "webhook-secret-sealed"
    assert "верните этот ключ в настройки" in str(problem)
    assert SealSecrets(ledger, NONE)(clock())[0].code == problem.code
    configure = ConfigureWebhooks(ledger, NEAR, SECOND)
    with pytest.raises(SecretSealed, match="overlap_minutes"):
        configure.rotate(SCHOOL, made.webhook.id, timedelta(hours=1), "admin", clock())
    clock.pass_by(seconds=LOCKED.total_seconds())
    assert send(ledger, FIRST, clock) == 1
    Verifier(made.secret).verify(journal.got[0].body, journal.got[0].headers)
    configure.rotate(SCHOOL, made.webhook.id, timedelta(), "admin", clock())
    assert SealSecrets(ledger, SECOND)(clock()) == ()


def test_the_first_key_seals_and_each_opens(
    ledger: Database, journal: Receiver, clock: Clock
) -> None:
    webhook = add(ledger, journal.url, FIRST, clock()).webhook
    (before,) = stored(ledger, webhook)
    assert SealSecrets(ledger, TURNED)(clock()) == ()
    (after,) = stored(ledger, webhook)
    assert before.split(":")[1] != after.split(":")[1]
    assert unseal(SECOND, webhook.id, after) == unseal(FIRST, webhook.id, before)
    assert SealSecrets(ledger, TURNED)(clock()) == ()
    assert stored(ledger, webhook) == [after]
    happen(ledger, "a", clock())
    assert send(ledger, SECOND, clock) == 1


def test_what_an_older_ledger_holds_is_read_and_sealed(
    ledger: Database, journal: Receiver, clock: Clock
) -> None:
    made = add(ledger, journal.url, NONE, clock())
    assert stored(ledger, made.webhook) == [made.secret]
    happen(ledger, "a", clock())
    assert send(ledger, FIRST, clock) == 1
    Verifier(made.secret).verify(journal.got[0].body, journal.got[0].headers)
    assert SealSecrets(ledger, FIRST)(clock()) == ()
    (sealed,) = stored(ledger, made.webhook)
    assert sealed.startswith("v1:")
    assert unseal(FIRST, made.webhook.id, sealed) == made.secret
    configure = ConfigureWebhooks(ledger, NEAR, FIRST)
    turned = configure.rotate(SCHOOL, made.webhook.id, timedelta(hours=1), "admin", clock())
    assert len(stored(ledger, made.webhook)) == 2
    clock.pass_by(hours=1)
    assert SealSecrets(ledger, FIRST)(clock()) == ()  # what has ended is forgotten
    (left,) = stored(ledger, made.webhook)
    assert unseal(FIRST, made.webhook.id, left) == turned.secret


def test_a_sealed_secret_is_of_its_address_alone() -> None:
    sealed = seal(FIRST, "one", "whsec_a")
    assert seal(FIRST, "one", "whsec_a") != sealed
    with pytest.raises(SecretSealed, match="повреждён"):
        unseal(FIRST, "other", sealed)
