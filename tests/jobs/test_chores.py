"""Chores: once a day whoever does them, a missed day is made up, a failure is tried again soon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import select
from town import Clock

from service.archive.store import StoreUnavailable
from service.domain.errors import Reason
from service.jobs.chores import DAILY, LEASE, SOON, Chores
from service.ledger import chores
from service.ledger.database import Database, connect
from service.ledger.proof.tables import chores as rows

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
NAME = "evidence"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = connect(database_url)
    made.migrate()
    yield made
    made.close()


class Diary:
    """A chore that writes down when it was done, and fails when told."""

    def __init__(self) -> None:
        self.done: list[datetime] = []
        self.failing: Exception | None = None

    def __call__(self, at: datetime) -> tuple[StoreUnavailable, ...]:
        self.done.append(at)
        if self.failing is not None:
            raise self.failing
        return ()


def workers(database: Database, clock: Clock, diary: Diary, *names: str) -> list[Chores]:
    return [Chores(database, name, {NAME: diary}, clock, look_every=0.01) for name in names]


def test_once_a_day_by_one_of_two_and_a_missed_day_once(database: Database) -> None:
    clock, diary = Clock(NOW), Diary()
    one, two = workers(database, clock, diary, "one", "two")
    assert (one(), two(), one()) == (1, 0, 0)
    clock.pass_by(hours=23)
    assert (one(), two()) == (0, 0)
    clock.pass_by(hours=1)
    assert (two(), one()) == (1, 0)
    clock.pass_by(days=9)
    assert (one(), one(), two()) == (1, 0, 0)
    assert diary.done == [NOW, NOW + DAILY, NOW + 10 * DAILY]


def test_a_clock_that_ran_ahead_for_a_while_holds_nothing_up(database: Database) -> None:
    clock, diary = Clock(NOW), Diary()
    one, two = workers(database, clock, diary, "one", "two")
    clock.pass_by(days=400)
    assert one() == 1
    with database.writing() as connection:
        assert chores.claim(connection, NAME, "dead", NOW + 402 * DAILY, LEASE, DAILY, {"dead"})
    clock.pass_by(days=-399)
    assert (two(), one()) == (1, 0)
    clock.pass_by(hours=25)
    assert (one(), two()) == (1, 0)


def test_a_failure_is_tried_again_soon_and_told(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    clock, diary = Clock(NOW), Diary()
    (one,) = workers(database, clock, diary, "one")
    diary.failing = StoreUnavailable("диск не подключён")
    assert one() == 1
    with database.reading() as connection:
        row = connection.execute(select(rows)).one()
    assert row.problem == Reason("store-unavailable", "диск не подключён")
    assert (row.due, row.done_at, row.claimed_by) == (NOW + SOON, None, None)
    mended = replace(one, at_once={NAME: timedelta(minutes=1)})
    clock.at += SOON
    assert mended() == 1
    with database.reading() as connection:
        assert connection.execute(select(rows.c.due)).scalar() == clock.at + timedelta(minutes=1)
    diary.failing = KeyError("Ёлкин")
    clock.at += SOON
    assert one() == 1
    assert "KeyError" in caplog.text
    assert "Ёлкин" not in caplog.text
    diary.failing = None
    clock.at += SOON
    assert one() == 1
    with database.reading() as connection:
        row = connection.execute(select(rows)).one()
    assert (row.problem, row.done_at, row.due) == (None, clock.at, clock.at + DAILY)


def test_a_chore_is_left_to_its_holder_while_it_lives(database: Database) -> None:
    def claim(holder: str, at: datetime, *living: str) -> bool:
        with database.writing() as connection:
            return chores.claim(connection, NAME, holder, at, LEASE, DAILY, living)

    def finish(holder: str) -> datetime | None:
        with database.writing() as connection:
            chores.finish(connection, NAME, holder, NOW, NOW + DAILY, None)
            return connection.execute(select(rows.c.done_at)).scalar()

    assert claim("one", NOW, "one", "two")
    assert not claim("two", NOW + LEASE / 2, "one", "two")
    assert claim("one", NOW + timedelta(minutes=1), "one", "two")
    assert claim("two", NOW + LEASE + timedelta(minutes=2), "one", "two")
    assert not claim("one", NOW + LEASE + timedelta(minutes=3), "one", "two")
    assert claim("one", NOW + LEASE + timedelta(minutes=3), "one"), "two is dead"
    assert finish("two") is None, "it was only asleep, and has lost the chore"
    assert finish("one") == NOW


def test_they_end_with_the_worker(database: Database) -> None:
    diary, stop = Diary(), Event()
    (one,) = workers(database, Clock(NOW), diary, "one")
    thread = one.begin(stop)
    while not diary.done:
        stop.wait(0.01)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert diary.done == [NOW]
