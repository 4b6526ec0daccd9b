"""What a migration may do while the previous release works: the rule, judged by what it did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, event

from service.ledger.database import Database
from service.ledger.migrating import MIGRATIONS

LOCKING = re.compile(
    r"ALTER TABLE (?!\S+ ADD COLUMN )|CREATE (UNIQUE )?INDEX (?!CONC)|DROP TABLE|TRUNC"
)
LOCKED = (
    "SELECT relation::regclass::text FROM pg_locks WHERE pid = pg_backend_pid() "
    "AND locktype = 'relation' AND mode = 'AccessExclusiveLock'"
)
SMALL = {"accounts", "runs", "schools", "tokens", "webhooks"}  # an index is made in no time
TABLE = re.compile(r'(?:ALTER TABLE|DROP TABLE| ON|TRUNCATE) (?:IF EXISTS )?"?(\w+)')
REBUILT = "_alembic_tmp_"

MIGRATION = '''"""A migration of the tests."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{after}"
{more}

def upgrade() -> None:
    """Change the tables."""
    {upgrade}
'''


@dataclass
class Later:
    """The migrations of a later release: ours, and some after them."""

    folder: Path
    newest: str
    made: list[str] = field(default_factory=list)

    @classmethod
    def than(cls, newest: str, folder: Path) -> Later:
        (folder / "versions").mkdir(parents=True)
        (folder / "env.py").symlink_to(MIGRATIONS / "env.py")
        for one in (MIGRATIONS / "versions").glob("*.py"):
            (folder / "versions" / one.name).symlink_to(one)
        return cls(folder, newest)

    def add(self, upgrade: str = "pass", more: str = "") -> str:
        """Write one more migration; return its version."""
        after = self.made[-1] if self.made else self.newest
        revision = f"9{len(self.made):03}"
        script = MIGRATION.format(revision=revision, after=after, more=more, upgrade=upgrade)
        (self.folder / "versions" / f"{revision}_later.py").write_text(script)
        self.made.append(revision)
        return revision


def reflected(database: Database) -> MetaData:
    found = MetaData()
    with database.reading() as connection:
        found.reflect(connection)
    return found


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Collect what is asked of a database in transactions."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(" ".join(statement.split()))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


@contextmanager
def locked(database: Database) -> Iterator[set[str]]:
    """Collect the tables that transactions kept everybody from reading, where the server tells."""
    seen: set[str] = set()

    def note(connection: Connection) -> None:
        seen.update(connection.exec_driver_sql(LOCKED).scalars())

    if database.engine.dialect.name != "postgresql":
        yield seen
        return
    event.listen(database.engine, "commit", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "commit", note)


def offences(database: Database, to: str, scripts: Path = MIGRATIONS) -> list[str]:
    """Migrate one version further; return what the previous release could not live with."""
    before = reflected(database)
    with statements(database) as seen, locked(database) as taken:
        database.migrate(to, scripts=scripts)
    after = reflected(database)
    found = [f"table {name} is gone" for name in before.tables.keys() - after.tables.keys()]
    for name in before.tables.keys() & after.tables.keys():
        found += _changed(before.tables[name], after.tables[name])
    script = ScriptDirectory(str(scripts)).get_revision(to)
    if (held := vars(script.module).get("HOLDS")) is not None:
        meant = taken & before.tables.keys() - set(held)
        found += [f"waits for {one}, which it does not hold" for one in meant]
    for statement in seen:
        if REBUILT in statement:
            found.append(f"rebuilds a table: {statement[:80]}")
        locking = LOCKING.match(statement)
        if locking and database.engine.dialect.name == "postgresql" and _old(statement, before):
            found.append(f"locks a table: {statement[:80]}")
    return sorted(found)


def _old(statement: str, before: MetaData) -> bool:
    """Say whether a statement is about a table with rows: not a new one, nor an index of few."""
    named = TABLE.search(statement)
    return named is None or (
        named[1] in before.tables and not (" ON " in statement and named[1] in SMALL)
    )


def _changed(old: Table, new: Table) -> Iterator[str]:
    for column in old.columns:
        if column.name not in new.c:
            yield f"{old.name}.{column.name} is gone"
            continue
        now = new.c[column.name]
        if repr(now.type) != repr(column.type):
            yield f"{old.name}.{column.name} is of another type"
        if column.nullable and not now.nullable:
            yield f"{old.name}.{column.name} may be empty no more"
        if column.server_default is not None and now.server_default is None:
            yield f"{old.name}.{column.name} has no default any more"
    for column in new.columns:
        if column.name not in old.c and not column.nullable and column.server_default is None:
            yield f"{new.name}.{column.name} is asked of those who do not know it"
    if _narrower(old, new):
        yield f"{new.name} refuses rows it took"


def _narrower(old: Table, new: Table) -> bool:
    unique = {one.name for one in new.indexes if one.unique}
    return bool(
        unique - {one.name for one in old.indexes if one.unique}
        or {one.name for one in new.constraints} - {one.name for one in old.constraints}
    )
