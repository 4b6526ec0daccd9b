"""The tables taken forward while the previous release goes on working with them.

A migration is a transaction of its own and only adds; an index on a table that is there already
stands in its `INDICES` and on PostgreSQL is built beside, while everybody writes. The tables it
changes that were there stand in its `HOLDS`: the fewer, the surer. One that takes something away
says in `OLDEST` from which version on programs have managed without it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    MetaData,
    NullPool,
    Table,
    create_engine,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateIndex

from service.domain.errors import Conflict, Unavailable
from service.ledger import holding
from service.ledger.fitting_tables import fitting

LOG = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATING = 0x6D696772  # the advisory lock of whoever builds an index: «migr»
PAUSE = 0.5  # seconds others then go on before the next try
CROWD = "запросы к ним не дают паузы"
BROKEN = "SELECT NOT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"
WRITABLE = (
    "SELECT NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off' "
    "AND has_table_privilege('documents', 'INSERT') AND has_table_privilege('documents', 'UPDATE')"
)


class DatabaseNewer(Conflict):
    """The tables belong to a later release: this one would not understand them."""

    code = "database-newer"
    title = "База данных новее программы"


class DatabaseOlder(Conflict):
    """The tables belong to an earlier release, and nobody has taken them forward."""

    code = "database-older"
    title = "База данных старее программы"


class TablesBusy(Unavailable):
    """Somebody reads the tables and does not end; nothing is changed."""

    code = "tables-busy"
    title = "Таблицы базы данных заняты"


def expected_version(scripts: Path = MIGRATIONS) -> str:
    """Return the version of the tables this program works with."""
    head = ScriptDirectory(str(scripts)).get_current_head()
    assert head is not None
    return head


def version(connection: Connection) -> str | None:
    """Return the version of the tables; None: there are none yet."""
    return MigrationContext.configure(connection).get_current_revision()


def is_writable(connection: Connection) -> bool:
    """Return whether whoever is connected may change the ledger, or only read it."""
    if connection.dialect.name != "postgresql":
        return True  # the folder of the file is looked at instead
    return bool(connection.execute(text(WRITABLE)).scalar())


def require_fit(connection: Connection, scripts: Path = MIGRATIONS) -> None:
    """Pass if this program can work with the tables: its own, or newer ones that only added.

    Raises DatabaseOlder or DatabaseNewer.
    """
    found, expected = version(connection), expected_version(scripts)
    if found == expected:
        return
    if found is None or found in _known(scripts):
        raise DatabaseOlder(
            f"Таблицы версии {found or 'никакой'}, программе нужна {expected}: "
            "выполните «vedomost migrate». Прежний выпуск при этом может работать."
        )
    if _oldest(connection) > expected:
        raise DatabaseNewer(
            f"Таблицы версии {found} завёл более новый выпуск программы, и этот с ними уже не "
            "работает: поставьте тот же выпуск. Назад таблицы не переводятся."
        )


def bring(engine: Engine, to: str, patience: float, scripts: Path = MIGRATIONS) -> None:
    """Take the tables forward, a migration after another, each whole or not at all.

    Programs of the previous release may read and write meanwhile. Where one reads for long, the
    migration stands back after a moment and tries again, for `patience` seconds. Many may call this
    at once. Raises DatabaseNewer or TablesBusy.
    """
    directory = ScriptDirectory(str(scripts))
    while (script := _next(engine, directory, to)) is not None:
        if engine.dialect.name == "postgresql":
            _build(engine, script, patience)
        _step(engine, directory, script, time.monotonic() + patience)
        LOG.info("tables are of version %s", script.revision)


def _next(engine: Engine, directory: ScriptDirectory, to: str) -> Script | None:
    with engine.connect() as connection:
        connection.execution_options(reading=True)
        found = version(connection)
        if found is not None and found not in _known(Path(directory.dir)):
            require_fit(connection, Path(directory.dir))
            return None
    ahead = list(directory.iterate_revisions(to, found or "base"))
    return ahead[-1] if ahead else None


def _step(engine: Engine, directory: ScriptDirectory, script: Script, by: float) -> None:
    while not _tried(engine, directory, script):
        if time.monotonic() > by:
            raise _busy(engine, script)
        LOG.info("version %s waits for those who read", script.revision)
        time.sleep(PAUSE)


def _busy(engine: Engine, script: Script) -> TablesBusy:
    who = holding.reader(engine, _held(script)) or CROWD
    return TablesBusy(
        f"Таблицы не перевести на версию {script.revision}: {who}. "
        "Прежний выпуск работает дальше. Дождитесь конца и повторите."
    )


def _tried(engine: Engine, directory: ScriptDirectory, script: Script) -> bool:
    """Take the tables a version forward unless they are held; return whether they are there."""
    if holding.reader(engine, _held(script)) is not None:
        return False
    try:
        with engine.begin() as connection:
            if version(connection) == script.down_revision:  # nobody was quicker
                _upgrade(connection, directory, script)
    except OperationalError as error:
        if not isinstance(error.orig, holding.STOOD_BACK):
            raise
        holding.shoo(engine, _held(script))
        return False
    return True


def _upgrade(connection: Connection, directory: ScriptDirectory, script: Script) -> None:
    beside = connection.dialect.name == "postgresql"
    if beside:
        holding.hold(connection, _held(script))
    config = Config()
    config.set_main_option("script_location", directory.dir)
    config.attributes["connection"] = connection
    command.upgrade(config, script.revision)
    for index in () if beside else _indices(script):
        connection.execute(CreateIndex(index))
    if (oldest := vars(script.module).get("OLDEST")) is not None:
        connection.execute(update(fitting).values(oldest=oldest))


def _build(engine: Engine, script: Script, patience: float) -> None:
    indices = _indices(script)
    if not indices:
        return
    with _beside(engine) as connection:
        # Not pg_advisory_lock: whoever waits in it would be waited for by the one who builds.
        while not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({MIGRATING})").scalar():
            time.sleep(PAUSE)
        connection.exec_driver_sql(f"SET lock_timeout = '{patience * 1000:.0f}ms'")
        for index in indices:
            try:
                _build_one(connection, index)
            except OperationalError as error:
                if isinstance(error.orig, psycopg.errors.LockNotAvailable):
                    raise _busy(engine, script) from None
                raise


def _build_one(connection: Connection, index: Index) -> None:
    if connection.execute(text(BROKEN), {"name": index.name}).scalar():
        connection.exec_driver_sql(f'DROP INDEX CONCURRENTLY "{index.name}"')
    index.dialect_kwargs["postgresql_concurrently"] = True
    connection.execute(CreateIndex(index, if_not_exists=True))


@contextmanager
def _beside(engine: Engine) -> Iterator[Connection]:
    """A connection outside of transactions, and outside of the turns of those who write."""
    alone = create_engine(
        engine.url,
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
    )
    try:
        with alone.connect() as connection:
            yield connection
    finally:
        alone.dispose()


def _indices(script: Script) -> tuple[Index, ...]:
    """Return the indices a migration wants on tables that are there: name, table, columns."""
    wanted: Sequence[tuple[str, str, Sequence[str]]] = vars(script.module).get("INDICES", ())
    return tuple(_index(*one) for one in wanted)


def _held(script: Script) -> Sequence[str] | None:
    """Return the tables a migration changes; None: any."""
    named: Sequence[str] | None = vars(script.module).get("HOLDS")
    return named


def _index(name: str, table: str, columns: Sequence[str]) -> Index:
    made: Table = Table(table, MetaData(), *(Column[Any](one) for one in columns))
    return Index(name, *made.c)


def _known(scripts: Path) -> frozenset[str]:
    return frozenset(one.revision for one in ScriptDirectory(str(scripts)).walk_revisions())


def _oldest(connection: Connection) -> str:
    """Return the oldest version whose programs work with the tables."""
    if not inspect(connection).has_table(fitting.name):
        return version(connection) or ""
    return str(connection.execute(select(fitting.c.oldest)).scalar_one())
