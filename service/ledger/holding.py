"""All tables of the ledger on PostgreSQL held at once, or none: no reader is ended for it.

Taken one by one as they change, they would meet those who read them in another order; and
PostgreSQL, which looks for a deadlock after `deadlock_timeout`, might end the reader.
"""

from __future__ import annotations

from contextlib import suppress
from math import inf

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

HELD = 0.6  # seconds everybody may have to wait behind the tables that a migration waits for
SHORTEST = 5  # ms, however soon the server looks for deadlocks; 0 would be for ever
LONG = 5  # seconds: whoever reads for longer is not pushed, a dump has hours
STOOD_BACK = (psycopg.errors.QueryCanceled, psycopg.errors.DeadlockDetected)

OURS = """
    FROM pg_class WHERE relkind IN ('r', 'p')
    AND relnamespace = current_schema()::regnamespace AND pg_has_role(relowner, 'USAGE')
"""
TABLES = f"SELECT oid::regclass::text {OURS}"
READERS = f"""
    SELECT pid, application_name, extract(epoch FROM clock_timestamp() - xact_start) AS seconds
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'relation' AND granted AND pid <> pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND mode <> 'ShareUpdateExclusiveLock' AND relation IN (SELECT oid {OURS})
    AND xact_start < clock_timestamp() - interval '{LONG} s' ORDER BY xact_start LIMIT 1
"""  # noqa: S608 - of our own words alone
DEADLOCK_TIMEOUT = "SELECT setting::int FROM pg_settings WHERE name = 'deadlock_timeout'"  # in ms


def hold_all(connection: Connection) -> None:
    """Hold every table for the rest of a transaction; OperationalError with STOOD_BACK: none."""
    _lock(connection, "ACCESS EXCLUSIVE", 0.5, HELD)


def reader(engine: Engine) -> str | None:
    """Return who has been reading our tables for LONG, as far as the server tells."""
    if engine.dialect.name != "postgresql":
        return None
    with engine.connect() as connection:
        connection.execution_options(reading=True)
        found = connection.exec_driver_sql(READERS).one_or_none()
    if found is None:
        return None
    name = f" («{found.application_name}»)" if found.application_name else ""
    return f"их уже {found.seconds:.0f} с читает сеанс {found.pid}{name}"


def shoo(engine: Engine) -> None:
    """Have the server end its own vacuuming of our tables, in nobody else's way.

    It does so for whoever waits longer than `deadlock_timeout`, and nobody waits so long in
    hold_all; readers and writers pass by this lock, all but a vacuum or an index built beside.
    """
    with suppress(OperationalError), engine.connect() as connection:
        connection.execution_options(reading=True)
        _lock(connection, "SHARE UPDATE EXCLUSIVE", 1.5)


def _lock(connection: Connection, mode: str, of_timeout: float, most: float = inf) -> None:
    """Hold every table; wait so much of `deadlock_timeout`, and `most` seconds."""
    tables = connection.exec_driver_sql(TABLES).scalars().all()
    if not tables:
        return
    looked_for = connection.exec_driver_sql(DEADLOCK_TIMEOUT).scalar_one()
    held = max(SHORTEST, int(min(most * 1000, looked_for * of_timeout)))
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {held}")
    connection.exec_driver_sql(f"LOCK TABLE {', '.join(tables)} IN {mode} MODE")
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
