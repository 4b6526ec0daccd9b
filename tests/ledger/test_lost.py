"""A server that ends sessions, sleeps or is full: told as such, and worked with again at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from databases import Fresh
from expanding import Later
from sqlalchemy import Connection, text

from service.jobs.engine import Dispatcher, EngineUnavailable
from service.ledger import database as databases
from service.ledger import migrating
from service.ledger.database import Database, DatabaseUnavailable, connect
from service.ledger.migrating import TablesBusy

PLACES = 15  # connections a process may hold
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


@pytest.fixture
def server(fresh_postgresql: Fresh) -> Iterator[Database]:
    """A database on PostgreSQL."""
    made = connect(fresh_postgresql())
    yield made
    made.close()


def end_sessions(database: Database) -> None:
    """End every session of a database but the one that asks."""
    other = connect(database.url)
    with other.reading() as connection:
        connection.exec_driver_sql(f"{OTHERS} AND datname = current_database()")
    other.close()


def work(
    doing: Callable[[], AbstractContextManager[Connection]], meanwhile: Callable[[], None]
) -> None:
    """Have something happen between two statements of a transaction."""
    with doing() as connection:
        connection.execute(text("SELECT 1"))
        meanwhile()
        connection.execute(text("SELECT 1"))


def test_who_finds_no_connection_free_is_told_so(database_url: str) -> None:
    crowded = connect(database_url, patience=0.1)
    with ExitStack() as held:
        for _ in range(PLACES):
            held.enter_context(crowded.reading())
        with pytest.raises(DatabaseUnavailable, match="заняты"), crowded.writing():
            pass
    with crowded.writing():
        pass
    crowded.close()


def test_a_session_that_is_ended_is_told_and_replaced(server: Database) -> None:
    for doing in (server.reading, server.writing):
        with pytest.raises(DatabaseUnavailable):
            work(doing, lambda: end_sessions(server))
        work(doing, lambda: None)


def test_who_falls_asleep_with_the_turn_to_write_loses_it(
    fresh_postgresql: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "ASLEEP", 0.5)
    url = fresh_postgresql()
    asleep, awake = connect(url), connect(url)
    began = time.monotonic()
    with pytest.raises(DatabaseUnavailable):
        work(asleep.writing, lambda: work(awake.writing, lambda: None))
    assert time.monotonic() - began < databases.PATIENCE / 2
    work(asleep.writing, lambda: None)
    asleep.close()
    awake.close()


def test_the_queue_that_lost_its_connection_says_so_at_once(server: Database) -> None:
    dispatcher = Dispatcher.at(server.url)
    dispatcher.require_answer()
    with server.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE dbos.workflow_status RENAME TO elsewhere")
    with pytest.raises(EngineUnavailable):
        dispatcher.require_answer()
    with pytest.raises(EngineUnavailable):
        dispatcher.missing(["a"], [])
    with server.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE dbos.elsewhere RENAME TO workflow_status")
    end_sessions(server)
    assert dispatcher.missing(["a"], []) == {"a"}
    dispatcher.close()


@pytest.mark.parametrize("looks_after", [1, 1000])
def test_tables_that_are_read_without_end_are_left_as_they_were(
    server: Database, looks_after: int, tmp_path: Path
) -> None:
    """However soon the server looks for deadlocks; ms."""
    now = migrating.expected_version()
    later = Later.than(now, tmp_path / "later")
    later.add('op.add_column("documents", sa.Column("later", sa.String(9)))')
    hasty = connect(f"{server.url}&options=-cdeadlock_timeout%3D{looks_after}")
    with server.reading() as connection:
        connection.exec_driver_sql("SELECT 1 FROM documents")
        with pytest.raises(TablesBusy, match="не перевести"):
            hasty.migrate(patience=0, scripts=later.folder)
        connection.exec_driver_sql("SELECT 1 FROM audit")
        assert migrating.version(connection) == now
    hasty.close()
