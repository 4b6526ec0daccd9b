"""Several hosts on one database: a name has one owner, and a dead worker's jobs are others'."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic, sleep

import pytest
from sqlalchemy import update
from town import Town

from service.jobs import engine
from service.jobs.advance import Sweeper
from service.jobs.worker import beating
from service.ledger.database import Database, connect
from service.ledger.printing import workers
from service.ledger.printing.workers import Pulse, WorkerRuns
from service.ledger.tables import workers as rows

HERE = Pulse("one", "this data folder", "first process")
AGAIN = Pulse("one", "this data folder", "second process")
THERE = Pulse("one", "another data folder", "third process")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = connect(database_url)
    made.migrate()
    yield made
    made.close()


def silent(database: Database, name: str, seconds: float) -> None:
    with database.writing() as connection:
        changed = update(rows).where(rows.c.name == name).values(seen=rows.c.seen - seconds)
        connection.execute(changed)


def test_name_belongs_to_whoever_lives(database: Database) -> None:
    with database.writing() as connection:
        workers.claim(connection, HERE, 30)
        workers.claim(connection, AGAIN, 30)
        assert not workers.beat(connection, HERE), "its process was replaced"
        assert workers.beat(connection, AGAIN)
        with pytest.raises(WorkerRuns, match="другое имя"):
            workers.claim(connection, THERE, 30)
    silent(database, "one", 31)
    with database.writing() as connection:
        assert workers.living(connection, 30) == set()
        workers.claim(connection, THERE, 30)
        assert workers.living(connection, 30) == {"one"}
        assert not workers.beat(connection, AGAIN), "a host that wakes up learns that it was dead"
        workers.leave(connection, AGAIN)
        workers.leave(connection, THERE)
        assert workers.living(connection, 30) == set()


def test_who_is_stopping_is_not_taken_for_dead(database: Database) -> None:
    def beat() -> bool:
        with database.writing() as connection:
            return workers.beat(connection, HERE)

    def lives() -> bool:
        with database.reading() as connection:
            return workers.living(connection, 30) == {"one"}

    with database.writing() as connection:
        workers.claim(connection, HERE, 30)
    with beating(beat, 0.01):  # as `Worker.run` does while it drains
        silent(database, "one", 31)
        until = monotonic() + 30
        while not lives() and monotonic() < until:
            sleep(0.01)
        assert lives()
    silent(database, "one", 31)
    assert not lives()


@pytest.mark.parametrize("ahead", [0, 2])  # days a clock had run when the order came
def test_job_of_a_dead_worker_is_done_by_another(quiet_town: Town, ahead: int) -> None:
    service = quiet_town.service
    quiet_town.clock.pass_by(days=ahead)
    document = str(quiet_town.order(quiet_town.post_snapshot())["document"])
    sweeper = Sweeper(
        service.database, service.order.road, service.dispatcher.missing, engine.workflow_id, 30
    )
    taken = (
        f"UPDATE {dbos(service.database)}workflow_status SET status='PENDING', executor_id='one'"
    )
    with service.database.writing() as connection:
        connection.exec_driver_sql(taken)
        workers.claim(connection, HERE, 30)
    quiet_town.clock.pass_by(days=-ahead, minutes=1)
    assert sweeper(quiet_town.clock(), quiet_town.clock()) == 0, "its worker is alive"
    assert not sweeper.bereft(15)
    silent(service.database, "one", 31)
    assert sweeper.bereft(15)
    assert sweeper(quiet_town.clock(), quiet_town.clock()) == 1
    assert sweeper(quiet_town.clock(), quiet_town.clock()) == 0
    quiet_town.work()
    told = quiet_town.document(document)
    assert told["state"] == "awaiting-deputy"
    quiet_town.advance(document, "rendering", 1)
    assert quiet_town.document(document) == told, "the dead one woke up and wrote nothing"
    silent(service.database, "one", 15)
    assert not sweeper.bereft(15), "it is dead long since"


def dbos(database: Database) -> str:
    """Return the prefix of the engine's own tables."""
    return "dbos." if database.engine.dialect.name == "postgresql" else ""
