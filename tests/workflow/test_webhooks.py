"""Webhooks: what the log tells arrives at least once, signed, and no sick receiver harms others."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from receiver import OK, Answer, Got, Receiver, receiver
from sqlalchemy import select, update
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError
from town import Clock

from service.domain.webhook_rules import (
    AT_ONCE,
    LONGEST_REST,
    DeliveryState,
    Patience,
    WebhookState,
    WhyDisabled,
    rest,
)
from service.jobs.couriers import Couriers
from service.jobs.leases import Leases
from service.ledger import audit
from service.ledger.database import Database, DatabaseUnavailable, connect
from service.ledger.outgoing import deliveries, webhooks
from service.ledger.outgoing.deliveries import Attempt
from service.ledger.outgoing.tables import webhook_deliveries as rows
from service.ledger.outgoing.webhooks import Webhook
from service.ledger.pages import Page
from service.ledger.printing import workers
from service.ledger.printing.workers import Pulse
from service.ledger.tables import audit as log
from service.ledger.tables import workers as pulses
from service.outgoing.addresses import Allowance
from service.outgoing.calls import Outgoing, trusting
from service.workflow.webhooks.configure import ConfigureWebhooks, Entrusted, WebhookWanted
from service.workflow.webhooks.feed import Feed
from service.workflow.webhooks.rounds import Errand, Returned, Rounds, Send
from service.workflow.webhooks.sealing import Keys
from service.workflow.webhooks.sweep import SweepDeliveries
from signing.authority.ports import kept_port

SCHOOL = "sosh18"
LEASE = timedelta(minutes=1)
NEW, OLD = (Keys((bytes([number]) * 32,)) for number in (1, 2))
PATIENCE = Patience(tries=4, failing=timedelta(days=5))


@dataclass
class Post:
    """The parts that send, over one database; time goes only when told."""

    database: Database
    clock: Clock
    worker: str = "one"
    whole: float = 5
    keys: Keys = NEW
    feed: Feed = field(init=False)
    send: Send = field(init=False)
    rounds: Rounds = field(init=False)
    configure: ConfigureWebhooks = field(init=False)

    def __post_init__(self) -> None:
        near = Outgoing(Allowance(http=True, private=True), trusting(), whole=self.whole)
        self.feed = Feed(self.database)
        self.send = Send(near, self.clock)
        self.configure = ConfigureWebhooks(self.database, near, self.keys)
        self.rounds = Rounds(
            self.database,
            self.feed,
            self.worker,
            LEASE,
            PATIENCE,
            self.clock,
            self.keys,
            lambda: 0.0,
        )

    def add(self, url: str, *events: str) -> Webhook:
        return self.entrust(url, *events).webhook

    def entrust(self, url: str, *events: str) -> Entrusted:
        wanted = WebhookWanted(url, "", events, WebhookState.ACTIVE)
        return self.configure.add(SCHOOL, wanted, "admin", self.clock())

    def rotate(self, webhook: Webhook, hours: int) -> Entrusted:
        overlap = timedelta(hours=hours)
        return self.configure.rotate(SCHOOL, webhook.id, overlap, "admin", self.clock())

    def now(self, webhook: Webhook) -> Webhook:
        with self.database.reading() as connection:
            return webhooks.get(connection, SCHOOL, webhook.id)

    def accept(self, *names: str, school: str = SCHOOL) -> None:
        """Write lines of accepted snapshots into the log."""
        with self.database.writing() as connection:
            for name in names:
                details = {"sha256": name * 8}
                event = audit.Event(self.clock(), school, name, "journal", "accept", details)
                audit.append(connection, event)

    def work(self, free: int = 16) -> int:
        """Send whatever is due, until nothing is; return how many requests were made."""
        made = 0
        returned: list[Returned] = []
        while True:
            errands = self.rounds(returned, free)
            if not errands and not returned:
                return made
            returned = [self.send(one) for one in errands]
            made += len(errands)

    def deliveries(self, webhook: Webhook) -> tuple[deliveries.Delivery, ...]:
        with self.database.reading() as connection:
            return deliveries.page(connection, webhook.id, None, Page(100))

    def attempts(self, delivery: str) -> list[Attempt]:
        with self.database.reading() as connection:
            return deliveries.attempts_of(connection, [delivery])[delivery]

    def logged(self) -> list[str]:
        with self.database.reading() as connection:
            return list(connection.execute(select(log.c.action).order_by(log.c.number)).scalars())


@pytest.fixture
def post(database_url: str) -> Iterator[Post]:
    database = connect(database_url)
    database.migrate()
    yield Post(database, Clock(datetime.now(UTC)))
    database.close()


@pytest.fixture
def journal() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def telling(status: int, **headers: str) -> Callable[[Got], Answer]:
    return lambda _: (status, {key.replace("_", "-"): one for key, one in headers.items()}, b"no")


def test_arrives_once_signed_as_the_specification_says(post: Post, journal: Receiver) -> None:
    post.accept("before")
    made = post.entrust(journal.url)
    webhook = made.webhook
    post.accept("a")
    post.accept("other", school="sosh19")
    assert (post.work(), post.work()) == (1, 0)
    (got,) = journal.got
    verifier = Verifier(made.secret)
    told = verifier.verify(got.body, got.headers)
    assert told["type"] == "snapshot.accepted"
    assert datetime.fromisoformat(told["timestamp"]) == post.clock()
    assert told["data"] == {
        "school": SCHOOL,
        "snapshot": "a",
        "sha256": "a" * 8,
        "link": f"/v1/schools/{SCHOOL}/snapshots/a",
    }
    assert got.headers["content-type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        verifier.verify(got.body + b" ", got.headers)
    (delivery,) = post.deliveries(webhook)
    (attempt,) = post.attempts(delivery.id)
    assert (delivery.state, attempt.status, attempt.number) == (DeliveryState.DELIVERED, 204, 1)
    assert attempt.ms is not None


def test_only_what_is_wanted_and_nothing_of_its_own_changes(post: Post, journal: Receiver) -> None:
    webhook = post.add(journal.url, "package.created")
    post.accept("a", "b")
    post.configure.rotate(SCHOOL, webhook.id, timedelta(), "admin", post.clock())
    assert post.work() == 0
    everything = post.add(journal.url)
    changed = WebhookWanted(journal.url, "другой", (), WebhookState.ACTIVE)
    post.configure.change(SCHOOL, webhook.id, changed, "admin", post.clock())
    assert post.work() == 0
    assert (post.deliveries(webhook), post.deliveries(everything)) == ((), ())
    assert post.logged() == [
        "webhook-add",
        "accept",
        "accept",
        "webhook-rotate",
        "webhook-add",
        "webhook-change",
    ]


def test_down_then_up_same_id_same_bytes(post: Post, journal: Receiver) -> None:
    webhook = post.add(journal.url)
    post.accept("a")
    journal.respond = telling(500)
    assert post.work() == 1
    assert post.work() == 0
    post.clock.pass_by(seconds=10)
    assert post.work() == 1
    post.clock.pass_by(seconds=29)
    assert post.work() == 0
    journal.respond = lambda _: OK
    post.clock.pass_by(seconds=1)
    assert post.work() == 1
    assert len(set(journal.events)) == len({one.body for one in journal.got}) == 1
    stamps = [int(one.headers["webhook-timestamp"]) for one in journal.got]
    assert [one - stamps[0] for one in stamps] == [0, 10, 40]
    (delivery,) = post.deliveries(webhook)
    told = [(one.number, one.status, one.answer) for one in post.attempts(delivery.id)]
    assert told == [(1, 500, "no"), (2, 500, "no"), (3, 204, "")]
    assert post.now(webhook).failures == 0


def test_given_up_after_so_many_tries_and_replayed(post: Post, journal: Receiver) -> None:
    webhook = post.add(journal.url)
    began = post.clock()
    post.accept("a")
    journal.respond = telling(404)
    for _ in range(10):
        post.work()
        post.clock.pass_by(hours=24)
    assert len(journal.got) == PATIENCE.tries
    (delivery,) = post.deliveries(webhook)
    assert delivery.state is DeliveryState.FAILED
    journal.respond = lambda _: OK
    assert (
        post.feed.again(webhook, delivery.id, post.clock(), "admin").state is DeliveryState.PENDING
    )
    assert post.work() == 1
    assert len(set(journal.events)) == 1
    replay = post.feed.replay
    assert replay(webhook, began, post.clock(), "admin", arrived=False) == 0
    assert replay(webhook, began, post.clock(), "admin", arrived=True) == 1
    assert replay(webhook, post.clock(), post.clock(), "admin", arrived=True) == 0
    assert post.work() == 1
    assert [one.number for one in post.attempts(delivery.id)] == [1, 2, 3, 4, 5, 6]


def test_worker_killed_between_sending_and_noting(post: Post, journal: Receiver) -> None:
    """The receiver has it, nobody knows: it is sent again under the same id."""
    webhook = post.add(journal.url)
    post.accept("a")
    (errand,) = post.rounds((), 16)
    lost = post.send(errand)
    other = Post(post.database, post.clock, "two")
    assert other.work() == 0
    post.clock.pass_by(seconds=LEASE.total_seconds())
    assert other.work() == 1
    assert len(journal.got) == 2
    assert len(set(journal.events)) == 1
    (delivery,) = post.deliveries(webhook)
    first, second = post.attempts(delivery.id)
    assert (first.status, first.ms) == (None, None)
    assert second.status == 204
    post.rounds([lost], 0)  # it was only asleep
    assert post.deliveries(webhook) == (delivery,)


def test_late_failure_does_not_undo_success(post: Post, journal: Receiver) -> None:
    webhook = post.add(journal.url)
    post.accept("a")
    (errand,) = post.rounds((), 16)
    journal.respond = telling(500)
    late = post.send(errand)
    journal.respond = lambda _: OK
    post.clock.pass_by(seconds=LEASE.total_seconds())
    assert Post(post.database, post.clock, "two").work() == 1
    post.rounds([late], 0)
    (delivery,) = post.deliveries(webhook)
    assert delivery.state is DeliveryState.DELIVERED
    assert post.now(webhook).failures == 0


def test_secret_is_changed_with_an_overlap(post: Post, journal: Receiver) -> None:
    made = post.entrust(journal.url)
    old, new = made.secret, post.rotate(made.webhook, 24).secret
    assert old != new
    post.accept("a")
    post.work()
    (got,) = journal.got
    assert len(got.headers["webhook-signature"].split(" ")) == 2
    for secret in (old, new):
        Verifier(secret).verify(got.body, got.headers)
    post.clock.pass_by(hours=24)
    post.accept("b")
    post.work()
    later = journal.got[-1]
    at = datetime.fromtimestamp(int(later.headers["webhook-timestamp"]), UTC)
    signature = Verifier(new).sign(later.event, at, later.body.decode())
    assert later.headers["webhook-signature"] == signature


def test_gone_disables_and_made_active_again_it_goes_on(post: Post, journal: Receiver) -> None:
    webhook = post.add(journal.url)
    witness = post.add(f"{journal.url}/witness", "webhook.disabled")
    began = post.clock()
    post.accept("a", "b")
    journal.respond = lambda got: OK if got.path.endswith("witness") else (410, {}, b"")
    post.work()
    gone = post.now(webhook)
    assert (gone.state, gone.reason) == (WebhookState.DISABLED, WhyDisabled.GONE)
    assert post.logged().count("webhook-disable") == 1
    (told,) = [json.loads(one.body) for one in journal.got if one.path.endswith("witness")]
    assert (told["data"]["webhook"], told["data"]["reason"]) == (webhook.id, "gone")
    assert post.now(witness).state is WebhookState.ACTIVE
    sent = len(journal.got)
    post.accept("meanwhile")
    post.clock.pass_by(days=1)
    assert post.work() == 0
    journal.respond = lambda _: OK
    wanted = WebhookWanted(journal.url, "", (), WebhookState.ACTIVE)
    active = post.configure.change(SCHOOL, webhook.id, wanted, "admin", post.clock())
    assert (active.state, active.reason) == (WebhookState.ACTIVE, None)
    assert post.work() == 2  # what waited
    post.accept("afterwards")
    assert post.work() == 1
    assert post.feed.replay(active, began, post.clock(), "admin", arrived=False) >= 1
    post.work()
    said = [json.loads(one.body)["data"].get("snapshot") for one in journal.got[sent:]]
    assert {"a", "b", "meanwhile", "afterwards"} <= set(said)


def test_days_of_failure_disable(post: Post) -> None:
    webhook = post.add(f"http://127.0.0.1:{kept_port()}/hooks")
    for day in range(7):
        post.accept(f"s{day}")
        for _ in range(6):
            post.work()
            post.clock.pass_by(hours=4)
        assert (post.now(webhook).state is WebhookState.ACTIVE) is (day < 5), day
    assert post.now(webhook).reason is WhyDisabled.FAILING
    assert post.logged().count("webhook-disable") == 1
    assert {one.trouble for one in post.attempts(post.deliveries(webhook)[-1].id)} == {"connect"}


def test_dead_receiver_is_called_seldom_however_much_waits(post: Post, journal: Receiver) -> None:
    webhook = post.add(journal.url)
    post.accept(*(f"s{number}" for number in range(50)))
    journal.respond = telling(503)
    for _ in range(60):
        post.work()
        post.clock.pass_by(minutes=1)
    assert len(journal.got) <= AT_ONCE + 10
    assert post.now(webhook).rest_until <= post.clock() + LONGEST_REST
    journal.respond = lambda _: OK
    post.clock.pass_by(minutes=15)
    post.work()
    assert len(set(journal.events)) == 50
    assert {one.state for one in post.deliveries(webhook)} == {DeliveryState.DELIVERED}


def test_what_fails_together_is_one_failure(post: Post, journal: Receiver) -> None:
    webhook = post.add(journal.url)
    journal.respond = telling(503)
    post.accept(*(f"s{number}" for number in range(AT_ONCE)))
    on_their_way = post.rounds((), 16)
    assert len(on_their_way) == AT_ONCE
    post.clock.pass_by(seconds=1)
    assert post.rounds([post.send(one) for one in on_their_way], 16) == ()
    failing = post.now(webhook)
    assert failing.rest_until == post.clock() + rest(1)
    post.clock.pass_by(seconds=11)
    assert post.work() == 1
    assert (failing.failures, post.now(webhook).failures) == (1, 2)


def test_retry_after_is_respected(post: Post, journal: Receiver) -> None:
    post.add(journal.url)
    post.accept("a")
    journal.respond = telling(429, Retry_After="3600")
    post.work()
    journal.respond = lambda _: OK
    post.clock.pass_by(minutes=59)
    post.accept("b")
    assert post.work() == 0
    post.clock.pass_by(minutes=1)
    assert post.work() == 2


@pytest.mark.parametrize(
    "said",
    [
        "Mon, 01 Jan 2024 00:00:00 +99999999999999999",
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2024 99999999999999999999:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 -2300",
        "9" * 400,
        "soon",
    ],
)
def test_no_retry_after_breaks_an_errand(post: Post, journal: Receiver, said: str) -> None:
    webhook = post.add(journal.url)
    post.accept("a")
    journal.respond = telling(429, Retry_After=said)
    assert post.work() == 1
    assert post.now(webhook).failures == 1
    post.clock.pass_by(hours=24)
    journal.respond = lambda _: OK
    assert post.work() == 1


def test_what_an_address_said_is_not_laid_to_the_one_that_took_its_place(
    post: Post, journal: Receiver
) -> None:
    webhook = post.add(f"{journal.url}/old")
    journal.respond = lambda got: (410, {}, b"") if got.path.endswith("old") else OK
    post.accept("a", "b")
    on_their_way = post.rounds((), 16)
    back = [post.send(one) for one in on_their_way]
    wanted = WebhookWanted(journal.url, "", (), WebhookState.ACTIVE)
    post.configure.change(SCHOOL, webhook.id, wanted, "admin", post.clock())
    errands = post.rounds(back, 16)
    assert len(errands) == len(on_their_way) == 2
    assert post.rounds([post.send(one) for one in errands], 16) == ()
    assert post.now(webhook).state is WebhookState.ACTIVE
    assert {one.state for one in post.deliveries(webhook)} == {DeliveryState.DELIVERED}


def test_an_address_put_right_gets_what_waits_at_once(post: Post, journal: Receiver) -> None:
    webhook = post.add(f"{journal.url}/wrong")
    journal.respond = telling(404)
    post.accept("a")
    for _ in range(2):
        post.work()
        post.clock.pass_by(minutes=2)
    post.accept("b")
    post.work()
    journal.respond = lambda _: OK
    wanted = WebhookWanted(journal.url, "", (), WebhookState.ACTIVE)
    post.configure.change(SCHOOL, webhook.id, wanted, "admin", post.clock())
    assert post.work() == 2


def test_test_event_is_tried_once(post: Post, journal: Receiver) -> None:
    webhook = post.add(journal.url)
    journal.respond = telling(500)
    made = post.feed.test(webhook, post.clock(), "admin")
    assert post.work() == 1
    assert json.loads(journal.got[0].body)["type"] == "webhook.test"
    (delivery,) = post.deliveries(webhook)
    assert (delivery.id, delivery.state) == (made.id, DeliveryState.FAILED)


def test_slow_receiver_does_not_hold_up_a_quick_one(post: Post, journal: Receiver) -> None:
    with receiver() as slow:
        hold = Event()
        slow.respond = lambda _: (hold.wait(90), OK)[1]
        post.add(slow.url)
        post.add(journal.url)
        post.accept(*(f"s{number}" for number in range(12)))
        stop = Event()
        couriers: Couriers[Errand, Returned] = Couriers(post.rounds, post.send, 6, 0.02)
        thread = couriers.begin(stop)
        until = time.monotonic() + 60
        while len(journal.got) < 12 and time.monotonic() < until:
            time.sleep(0.01)
        assert len(journal.got) == 12
        assert len(slow.got) <= AT_ONCE
        hold.set()
        stop.set()
        thread.join(60)
        assert not thread.is_alive()
        with post.database.reading() as connection:
            under_way = connection.execute(select(rows).where(rows.c.claimed_by.is_not(None)))
            assert under_way.all() == []


def test_what_was_on_its_way_when_the_worker_died_goes_out_as_soon_as_it_is_back(
    post: Post, journal: Receiver
) -> None:
    webhook = post.add(journal.url)
    post.accept(*(f"s{number}" for number in range(AT_ONCE + 1)))
    assert len(post.rounds((), 16)) == AT_ONCE, "claimed, and its worker is killed"
    other = Post(post.database, post.clock, "two")
    assert (other.rounds.resume(), other.work()) == (0, 0), (
        "they are on their way, for all it knows"
    )
    again = Post(post.database, post.clock)
    assert again.rounds.resume() == AT_ONCE
    assert again.work() == AT_ONCE + 1
    assert {one.state for one in post.deliveries(webhook)} == {DeliveryState.DELIVERED}


def test_what_a_dead_worker_had_on_its_way_goes_out_from_another(
    post: Post, journal: Receiver
) -> None:
    webhook, free = post.add(journal.url), Leases(post.database, 30)
    with post.database.writing() as connection:
        for name in ("one", "two"):
            workers.claim(connection, Pulse(name, f"host {name}", f"process {name}"), 30)
    post.accept(*(f"s{number}" for number in range(AT_ONCE + 1)))
    asleep = post.rounds((), 16)
    assert free(post.clock()) == 0, "its worker lives"
    other = Post(post.database, post.clock, "two")
    assert other.work() == 0, "the address is busy with it"
    with post.database.writing() as connection:
        connection.execute(update(pulses).where(pulses.c.name == "one").values(seen=1))
    assert free(post.clock()) == len(asleep) == AT_ONCE
    assert other.work() == AT_ONCE + 1
    told = post.deliveries(webhook)
    assert {one.state for one in told} == {DeliveryState.DELIVERED}
    journal.respond = telling(503)
    assert post.rounds([post.send(one) for one in asleep], 16) == ()
    assert post.deliveries(webhook) == told, "who woke up changed nothing"


def test_couriers_wait_for_the_database_before_they_resume() -> None:
    tries: list[int] = []

    def resume() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise DatabaseUnavailable("занята")

    stop = Event()
    couriers: Couriers[int, int] = Couriers(
        lambda *_: stop.set() or (), lambda one: one, 1, 0.01, resume
    )
    couriers.run(stop)
    assert len(tries) == 3


def test_what_cannot_be_resumed_keeps_no_couriers_from_their_work() -> None:
    stop = Event()
    couriers: Couriers[int, int] = Couriers(
        lambda *_: stop.set() or (), lambda one: one, 1, 0.01, lambda: 1 // 0
    )
    couriers.run(stop)
    assert stop.is_set()


def test_two_workers_share_the_work(post: Post, journal: Receiver) -> None:
    post.add(journal.url)
    post.accept(*(f"s{number}" for number in range(40)))
    posts = [post, Post(post.database, post.clock, "two")]
    threads = [Thread(target=one.work, args=(4,)) for one in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    post.work()
    assert len(journal.got) == len(set(journal.events)) == 40


def test_old_deliveries_are_forgotten_and_removal_takes_all(post: Post, journal: Receiver) -> None:
    webhook = post.add(journal.url)
    post.accept("a")
    post.work()
    sweep = SweepDeliveries(post.database, timedelta(days=30))
    sweep(post.clock() + timedelta(days=29))
    assert len(post.deliveries(webhook)) == 1
    sweep(post.clock() + timedelta(days=31))
    assert post.deliveries(webhook) == ()
    post.accept("b")
    (errand,) = post.rounds((), 16)
    post.configure.remove(SCHOOL, webhook.id, "admin", post.clock())
    assert post.rounds([post.send(errand)], 16) == ()
    assert post.logged()[-1] == "webhook-remove"


def test_what_a_dead_worker_had_goes_before_what_came_later(post: Post, journal: Receiver) -> None:
    post.add(journal.url)
    post.accept("first")
    (errand,) = post.rounds((), 16)
    post.clock.pass_by(minutes=1)
    later = [f"later-{number}" for number in range(AT_ONCE + 2)]
    post.accept(*later)
    assert post.rounds((), 0) == ()  # they are written down to be sent
    post.clock.pass_by(minutes=1)
    with post.database.writing() as connection:
        assert deliveries.free(connection, ["somebody else"], post.clock()) == 1
    (again, *_) = post.rounds((), 16)
    assert again.claimed.delivery.event == errand.claimed.delivery.event
