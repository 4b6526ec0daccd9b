"""The ledger's database, SQLite or PostgreSQL: writers take turns and never claim a row twice."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from service.domain.errors import Unavailable
from service.ledger import looking, migrating
from service.ledger.migrating import MIGRATIONS

LOG = logging.getLogger(__name__)

PATIENCE = 30  # seconds to wait for the turn to write
TURN = 0x7665646F  # the advisory lock of whoever writes: «vedo»
ASLEEP = 20  # seconds between two statements after which a transaction is not waited for
WIRE = {  # a server that vanished is given up after 25 s, not after the system's hours
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}

LOST = (
    psycopg.InterfaceError,
    psycopg.errors.IdleInTransactionSessionTimeout,
    psycopg.errors.TransactionTimeout,
    psycopg.errors.InternalError_,
    psycopg.errors.DataCorrupted,
    psycopg.errors.IndexCorrupted,
)
FORBIDDEN = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class DatabaseUnavailable(Unavailable):
    """The database is busy for too long, full, or its disk is gone."""

    code = "database-unavailable"
    title = "База данных недоступна"
    outside = (
        "Служба не может работать со своей базой данных. Повторите запрос позже; "
        "администратору причину назовёт «vedomost doctor»."
    )


@dataclass(frozen=True, slots=True)
class Database:
    """Transactions on the ledger; their connection goes to the functions beside this file."""

    engine: Engine

    @contextmanager
    def writing(self, *, forgettable: bool = False) -> Iterator[Connection]:
        """A transaction that holds the write lock from the start; an exception undoes it.

        Once it returns, what was written outlives the death of any process, and a power cut too;
        only what is `forgettable` may be gone after a power cut, with all forgettable that came
        later: others need not wait for the disk then. Any transaction that is not takes what was
        forgettable before it to the disk along with its own.
        """
        if (held := looking.held()) is not None:
            yield held
            return
        with _in_words(), self.engine.connect() as connection:
            settled = connection.execution_options(forgettable=forgettable)
            with settled.begin(), looking.looked_at(settled):
                yield settled

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view that waits for nobody; of a writer's own, for who looks at it."""
        if (held := looking.held()) is not None:
            yield held
            return
        with _in_words(), self.engine.connect() as connection:
            yield connection.execution_options(reading=True)

    def migrate(
        self, to: str = "head", patience: float = PATIENCE, scripts: Path = MIGRATIONS
    ) -> None:
        """Bring the tables to what this version of the service expects, while others use them.

        See `service.ledger.migrating`: only forward, and whoever reads a table that changes is
        waited for so many seconds. Raises DatabaseUnavailable or DatabaseNewer.
        """
        with _in_words():
            migrating.bring(self.engine, to, patience, scripts)

    def require_fit(self) -> None:
        """Pass if this program works with the tables. Raises DatabaseOlder or DatabaseNewer."""
        with self.reading() as connection:
            migrating.require_fit(connection)

    @property
    def url(self) -> str:
        """Where the database is, for the engine that dispatches jobs out of the same one."""
        return self.engine.url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Let every connection go."""
        self.engine.dispose()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, NoConnectionFree) as error:
        if (words := _words(error)) is None:
            raise
        cause = error.orig if isinstance(error, DBAPIError) else error
        LOG.warning("the database fails: %s", _first(cause))
        raise DatabaseUnavailable(words) from error


def _words(error: SQLAlchemyError) -> str | None:
    """Return what to say of a database that cannot be worked with; None if it is our doing."""
    if not isinstance(error, DBAPIError):
        return "Все соединения с базой данных заняты: она не успевает отвечать."
    cause = error.orig
    if isinstance(error, OperationalError) or isinstance(cause, LOST):
        return f"База данных не отвечает ({cause})."
    if isinstance(cause, FORBIDDEN):
        return (
            f"База данных не даёт службе прав ({_first(cause)}): войдите той ролью, "
            "которой принадлежат таблицы, или отдайте их этой."
        )
    if isinstance(cause, psycopg.errors.UndefinedTable):
        return (
            f"В базе данных нет таблиц службы ({_first(cause)}): выполните "
            "«vedomost migrate» или восстановите базу из резервной копии."
        )
    if isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode in DAMAGED:
        return f"Файл базы данных повреждён ({cause}): восстановите его из резервной копии."
    return None


def _first(error: object) -> str:
    """Return the first line of what the server says: the others quote the statement."""
    return str(error).partition("\n")[0]


def connect(url: str, patience: float = PATIENCE) -> Database:
    """Open a database: `sqlite:///file`, made if missing, or `postgresql://user@host/name`.

    A connection to PostgreSQL, or one that others let go, may take `patience` seconds.

    With PostgreSQL many hosts may share it; the database itself must exist.
    """
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        engine = create_engine(
            _watched(address.set(drivername="postgresql+psycopg")),
            pool_pre_ping=True,
            pool_timeout=patience,
            connect_args={"connect_timeout": max(2, round(patience))},
        )
        event.listen(engine, "connect", _wake)
        event.listen(engine, "begin", _take_turn)
        return Database(engine)
    engine = create_engine(address, pool_timeout=patience, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    return Database(engine)


def _watched(address: URL) -> URL:
    """Return an address with what notices that nobody is there any more; its own word counts."""
    return address.update_query_dict(WIRE | {name: str(one) for name, one in address.query.items()})


def _wake(connection: psycopg.Connection[Any], _record: Any) -> None:
    # Whoever sleeps or vanished with the turn to write would have all others wait for hours.
    connection.execute(f"SET idle_in_transaction_session_timeout = '{ASLEEP * 1000:.0f}ms'")
    connection.commit()


def _take_turn(connection: Connection) -> None:
    # The audit log's chain has one end: on PostgreSQL too, only one transaction writes at a time.
    if connection.get_execution_options().get("reading", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    else:
        if connection.get_execution_options().get("forgettable", False):
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({TURN})")


def _settle(connection: sqlite3.Connection, _record: Any) -> None:
    # Left to itself the driver opens transactions late and lets two readers claim one row.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={PATIENCE * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("reading", False):
        connection.exec_driver_sql("BEGIN")
        return
    # In WAL mode NORMAL leaves out the wait for the disk at the commit, nothing else.
    wanted = "NORMAL" if options.get("forgettable", False) else "FULL"
    if connection.info.get("synchronous", "FULL") != wanted:
        connection.exec_driver_sql(f"PRAGMA synchronous={wanted}")
        connection.info["synchronous"] = wanted
    connection.exec_driver_sql("BEGIN IMMEDIATE")
