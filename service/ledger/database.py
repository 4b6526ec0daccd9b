"""The ledger's database: one SQLite file whose writers take turns and never claim a row twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from service.domain.errors import Unavailable

MIGRATIONS = Path(__file__).parent / "migrations"


class DatabaseUnavailable(Unavailable):
    """The database is busy for too long, full, or its disk is gone."""

    code = "database-unavailable"
    title = "База данных недоступна"


@dataclass(frozen=True, slots=True)
class Database:
    """Transactions on the ledger; their connection goes to the functions beside this file."""

    engine: Engine

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from the start; an exception undoes it."""
        with _in_words(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view that waits for nobody."""
        with _in_words(), self.engine.connect() as connection:
            yield connection.execution_options(reading=True)

    def migrate(self) -> None:
        """Bring the tables to what this version of the service expects."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.writing() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @property
    def url(self) -> str:
        """Where the database is, for the engine that dispatches jobs out of the same file."""
        return self.engine.url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Let every connection go."""
        self.engine.dispose()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise DatabaseUnavailable(f"База данных не отвечает ({error.orig}).") from error


def connect(file: Path) -> Database:
    """Open a database file, made if missing (its folder must exist)."""
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 30})
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    return Database(engine)


def _settle(connection: sqlite3.Connection, _record: Any) -> None:
    # Left to itself the driver opens transactions late and lets two readers claim one row.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
