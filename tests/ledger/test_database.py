"""Writers take turns, a crash leaves whole files, the log betrays who touched it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, insert, select, update

from service.ledger import audit
from service.ledger.database import Database, connect
from service.ledger.files import FileDamaged, FileLost, Files, sha256
from service.ledger.tables import METADATA
from service.ledger.tables import audit as lines

AT = datetime(2027, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = connect(database_url)
    made.migrate()
    yield made
    made.close()


def test_migrations_make_what_the_tables_say(database: Database) -> None:
    database.migrate()
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_writers_take_turns(database: Database) -> None:
    def append(number: int) -> None:
        with database.writing() as connection:
            event = audit.Event(AT, "s", f"d{number}", "t", "order", {})
            audit.append(connection, event)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(append, range(100)))
    with database.reading() as connection:
        numbers = connection.execute(select(lines.c.number).order_by(lines.c.number)).scalars()
        assert list(numbers) == list(range(1, 101))
        assert audit.first_broken(connection) is None


def test_failure_undoes_the_transaction(database: Database) -> None:
    def fail() -> None:
        with database.writing() as connection:
            audit.append(connection, audit.Event(AT, "s", "d", "t", "order", {}))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.reading() as connection:
        assert connection.execute(select(lines)).all() == []


@pytest.mark.parametrize(
    "change",
    [
        update(lines).where(lines.c.number == 2).values(actor="somebody"),
        update(lines).where(lines.c.number == 2).values(at=AT.replace(year=2028)),
        delete(lines).where(lines.c.number == 2),
    ],
)
def test_log_betrays_a_change(database: Database, change: object) -> None:
    with database.writing() as connection:
        for number in range(3):
            audit.append(connection, audit.Event(AT, "s", f"d{number}", "t", "order", {"n": 1}))
    with database.writing() as connection:
        connection.execute(change)
        assert audit.first_broken(connection) == 2


def test_log_betrays_an_insertion(database: Database) -> None:
    with database.writing() as connection:
        audit.append(connection, audit.Event(AT, "s", "d", "t", "order", {}))
        row = dict(connection.execute(select(lines)).one()._mapping)
        connection.execute(
            insert(lines).values(row | {"number": 2, "school_number": 2, "hash": "f" * 64})
        )
        assert audit.first_broken(connection) == 2


def test_files_are_known_by_their_content(tmp_path: Path) -> None:
    files = Files(tmp_path)
    name = files.keep(b"body")
    assert name == sha256(b"body") == files.keep(b"body")
    assert files.read(name) == b"body"
    assert list((tmp_path / "incoming").iterdir()) == []
    files.path(name).write_bytes(b"bodi")
    with pytest.raises(FileDamaged):
        files.read(name)
    with pytest.raises(FileLost):
        files.read(sha256(b"other"))


def test_what_is_derived_may_be_lost(tmp_path: Path) -> None:
    files = Files(tmp_path)
    assert files.derived("a" * 64, "../../escape") is None
    files.derive("a" * 64, "../../escape", b"part")
    assert files.derived("a" * 64, "../../escape") == b"part"
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(path.parent.parent.name == "derived" for path in written)
