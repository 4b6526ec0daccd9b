"""Tables on PostgreSQL held at once before the first of them changes: no reader is ended for it.

Taken one by one as they change, they would meet those who read them in another order; and
PostgreSQL, which looks for a deadlock after `deadlock_timeout`, might end the reader. A crowd
never lets go of all tables together, but of one or two it does: a migration names its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from math import inf

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

HELD = 0.6  # seconds everybody may have to wait behind the tables that a migration waits for
SHORTEST = 5  # ms, however soon the server looks for deadlocks; 0 would be for ever
LONG = 5  # seconds: whoever reads for longer is not pushed, a dump has hours
STOOD_BACK = (psycopg.errors.QueryCanceled, psycopg.errors.DeadlockDetected)

TABLES = """
    SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p')
    AND relnamespace = current_schema()::regnamespace AND pg_has_role(relowner, 'USAGE')
"""
READERS = f"""
    SELECT pid, application_name, extract(epoch FROM clock_timestamp() - xact_start) AS seconds
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'relation' AND granted AND pid <> pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND mode <> 'ShareUpdateExclusiveLock' AND relation::regclass::text = ANY(:tables)
    AND xact_start < clock_timestamp() - interval '{LONG} s' ORDER BY xact_start LIMIT 1
"""  # noqa: S608 - of our own words alone
DEADLOCK_TIMEOUT = "SELECT setting::int FROM pg_settings WHERE name = 'deadlock_timeout'"  # in ms


Tables = Sequence[str] | None
"""Those a migration names, or None: all of ours."""


def hold(connection: Connection, tables: Tables) -> None:
    """Hold tables for the rest of a transaction; OperationalError with STOOD_BACK: none is held."""
    _lock(connection, tables, "ACCESS EXCLUSIVE", 0.5, HELD)


def reader(engine: Engine, tables: Tables) -> str | None:
    """Return who has been reading some tables for LONG, as far as the server tells."""
    if engine.dialect.name != "postgresql":
        return None
    with engine.connect() as connection:
        connection.execution_options(reading=True)
        named = {"tables": list(_ours(connection, tables))}
        found = connection.execute(text(READERS), named).one_or_none()
    if found is None:
        return None
    name = f" («{found.application_name}»)" if found.application_name else ""
    return f"их уже {found.seconds:.0f} с читает сеанс {found.pid}{name}"


def shoo(engine: Engine, tables: Tables) -> None:
    """Have the server end its own vacuuming of some tables, in nobody else's way.

    It does so for whoever waits longer than `deadlock_timeout`, and nobody waits so long in
    `hold`; readers and writers pass by this lock, all but a vacuum or an index built beside.
    """
    with suppress(OperationalError), engine.connect() as connection:
        connection.execution_options(reading=True)
        _lock(connection, tables, "SHARE UPDATE EXCLUSIVE", 1.5)


def _ours(connection: Connection, tables: Tables) -> Sequence[str]:
    return connection.exec_driver_sql(TABLES).scalars().all() if tables is None else tables


def _lock(
    connection: Connection, tables: Tables, mode: str, of_timeout: float, most: float = inf
) -> None:
    """Hold tables; wait so much of `deadlock_timeout`, and `most` seconds."""
    named = _ours(connection, tables)
    if not named:
        return
    looked_for = connection.exec_driver_sql(DEADLOCK_TIMEOUT).scalar_one()
    held = max(SHORTEST, int(min(most * 1000, looked_for * of_timeout)))
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {held}")
    connection.exec_driver_sql(f"LOCK TABLE {', '.join(named)} IN {mode} MODE")
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
