"""Tables go forward with all that is in them, at once or not at all, and never back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    select,
    text,
    update,
)

from service.ledger import migrating
from service.ledger.database import Database
from service.ledger.fitting_tables import fitting
from service.ledger.migrating import MIGRATIONS, DatabaseNewer, DatabaseOlder, TablesBusy

FIRST, MANY_HOSTS, BEFORE_ALTERING = "0001", "0003", "0007"  # 0008 adds columns to `audit`
PREVIOUS = f"{int(migrating.expected_version()) - 1:04}"
GONE = {"signings"}  # sessions of signing left open over an upgrade from 0001: they are begun anew
MADE: dict[type[Any], Callable[[int], Any]] = {
    JSON: lambda number: {"number": number},
    Boolean: lambda number: number % 2 == 0,
    Integer: lambda number: number,
    Float: lambda number: number / 2,
    LargeBinary: lambda number: bytes([number]),
    Date: lambda number: date(2027, 6, number),
}
Rows = dict[str, list[dict[str, Any]]]


def tables(database: Database) -> MetaData:
    found = MetaData()
    with database.reading() as connection:
        found.reflect(connection)
    found.remove(found.tables["alembic_version"])
    return found


def value(table: Table, column: Any, number: int) -> Any:
    for key in column.foreign_keys:
        return value(key.column.table, key.column, number)
    for kind, made in MADE.items():
        if isinstance(column.type, kind):
            return made(number)
    if column.name.endswith("_at") or column.name in {"at", "due", "checked", "locked_until"}:
        return f"2027-06-0{number}T12:00:00.000000+00:00"
    return f"{table.name[:8]}-{column.name[:6]}-{number}"[: column.type.length or 64]


def filled(database: Database) -> Rows:
    """Put three rows into every table and return all there are."""
    found = tables(database)
    rows: Rows = {}
    with database.writing() as connection:
        for table in found.sorted_tables:
            made = [{c.name: value(table, c, n) for c in table.columns} for n in (1, 2, 3)]
            before = connection.execute(select(table)).mappings()
            rows[table.name] = [*map(dict, before), *made]
            connection.execute(table.insert(), made)
    return rows


def held(database: Database, known: Rows) -> Rows:
    """Return what is there now of the columns and tables that were there before."""
    found = tables(database)
    rows: Rows = {}
    with database.reading() as connection:
        for name in known:
            if name not in GONE:
                columns = [found.tables[name].c[column] for column in known[name][0]]
                told = connection.execute(select(*columns)).mappings()
                rows[name] = sorted((dict(row) for row in told), key=str)
    return rows


@pytest.mark.parametrize("start", sorted({FIRST, MANY_HOSTS, PREVIOUS}))
def test_rows_survive(empty: Database, start: str) -> None:
    empty.migrate(start)
    before = filled(empty)
    empty.migrate()
    with empty.reading() as connection:
        assert migrating.version(connection) == migrating.expected_version()
    assert held(empty, before) == {
        name: sorted(rows, key=str) for name, rows in before.items() if name not in GONE
    }


def test_each_migration_whole_or_not_at_all(empty: Database) -> None:
    empty.migrate(FIRST)
    before = filled(empty)
    with empty.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE workers (something INTEGER)")  # 0003 makes it too
    with pytest.raises(Exception, match="workers"):
        empty.migrate()
    with empty.writing() as connection:
        assert migrating.version(connection) == "0002"
        assert connection.execute(text("SELECT count(*) FROM workers")).scalar() == 0
        connection.exec_driver_sql("DROP TABLE workers")
    assert "turn" not in tables(empty).tables["steps"].c
    empty.migrate()
    assert held(empty, before).keys() == before.keys() - GONE


def test_readers_are_not_disturbed(empty: Database) -> None:
    empty.migrate(BEFORE_ALTERING)
    before = filled(empty)
    with empty.reading() as reader:
        audit = tables(empty).tables["audit"]
        seen = reader.execute(select(audit)).all()
        if empty.engine.dialect.name == "sqlite":
            empty.migrate()
        else:  # there the table cannot change under them: the upgrade gives up, whole
            with pytest.raises(TablesBusy):
                empty.migrate(patience=0.2)
            assert migrating.version(reader) == BEFORE_ALTERING
        assert reader.execute(select(audit)).all() == seen
    empty.migrate()
    assert held(empty, before).keys() == before.keys()


def test_never_back(empty: Database) -> None:
    empty.migrate()
    with empty.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    empty.migrate()  # newer tables that only added: this program goes on with them
    empty.require_fit()
    with empty.writing() as connection:
        connection.execute(update(fitting).values(oldest="9999"))
    with pytest.raises(DatabaseNewer, match="более новый выпуск"):
        empty.migrate()
    scripts = sorted((MIGRATIONS / "versions").glob("*.py"))
    assert [one.name for one in scripts if "def downgrade" in one.read_text()] == []


def test_old_tables_are_not_worked_with(empty: Database) -> None:
    with pytest.raises(DatabaseOlder, match="vedomost migrate"):
        empty.require_fit()
    empty.migrate(PREVIOUS)
    with pytest.raises(DatabaseOlder, match=f"версии {PREVIOUS}"):
        empty.require_fit()
