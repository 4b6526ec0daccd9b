"""A release is put in place of another while that one works: nothing fails, nothing is lost."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Event, Semaphore
from typing import Any

import pytest
from click.testing import CliRunner
from expanding import Later, offences, reflected
from sqlalchemy import select, text
from town import CLASS, SCHOOL, TERM, TOKENS, Town, settings_file

from service.bootstrap.ground import prepare
from service.cli import main
from service.ledger import holding, migrating
from service.ledger.database import Database, connect
from service.ledger.migrating import MIGRATIONS, DatabaseNewer, DatabaseOlder
from service.ledger.tables import documents
from service.settings import load
from signing.authority.ports import kept_port

SINCE = "0012"  # what came before was never upgraded under load
WIDER = """
    for table in ("audit", "documents", "jobs", "steps", "snapshots", "signatures", "copies"):
        op.add_column(table, sa.Column("later", sa.String(64)))
        op.add_column(
            table, sa.Column("count", sa.Integer(), nullable=False, server_default="0")
        )
    op.create_table("later", sa.Column("id", sa.String(64), primary_key=True))
"""
BESIDE = 'INDICES = (("ix_documents_later", "documents", ("later",)),)'
CROSSWISE = (("documents", 1.0, "documents"), ("copies", 0.3, "audit"))
NARROWING = """
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("x", sa.String(9), nullable=False, server_default="1"))
    with op.batch_alter_table("jobs") as jobs:
        jobs.alter_column("x", server_default=None)
"""
BREAKING = {
    'op.drop_table("tokens")': "table tokens is gone",
    NARROWING: "jobs.x is asked of those who do not know it",
    'op.create_index("ix_jobs_x", "jobs", ["document"], unique=True)': "jobs refuses rows it took",
    'op.execute("ALTER TABLE jobs RENAME COLUMN document TO paper")': "jobs.document is gone",
}


@pytest.fixture
def later(tmp_path: Path) -> Later:
    return Later.than(migrating.expected_version(), tmp_path / "later")


@pytest.fixture
def full(database_url: str) -> Iterator[Database]:
    """A database with all the tables of this release."""
    made = connect(database_url)
    made.migrate()
    yield made
    made.close()


def since(version: str) -> list[str]:
    names = sorted(one.name[:4] for one in (MIGRATIONS / "versions").glob("*.py"))
    return [one for one in names if one > version]


def test_migrations_only_add(empty: Database) -> None:
    empty.migrate(SINCE)
    for one in since(SINCE):
        assert one <= "0013" or re.search(r"^HOLDS = ", script(one), re.M)
        taken = re.search(r'^OLDEST = "(\d{4})"', script(one), re.M)
        assert taken is not None or offences(empty, one) == []
        assert taken is None or taken[1] <= one
        empty.migrate(one)


def script(version: str) -> str:
    (found,) = (MIGRATIONS / "versions").glob(f"{version}_*.py")
    return found.read_text("utf-8")


def test_the_rule_sees_what_breaks(tmp_path: Path, later: Later) -> None:
    database = connect(f"sqlite:///{tmp_path / 'vedomost.db'}")
    database.migrate()
    for upgrade, told in BREAKING.items():
        assert told in offences(database, later.add(upgrade), later.folder)
    database.close()


def test_indices_of_large_tables_are_built_beside(full: Database, later: Later) -> None:
    assert offences(full, later.add(WIDER), later.folder) == []
    if full.engine.dialect.name == "postgresql":
        at_once = later.add('op.create_index("ix_documents_x", "documents", ["later"])')
        (told,) = offences(full, at_once, later.folder)
        assert told.startswith("locks a table: CREATE INDEX")
        unnamed = later.add('op.add_column("jobs", sa.Column("x", sa.Text()))', "HOLDS = ()")
        assert offences(full, unnamed, later.folder) == ["waits for jobs, which it does not hold"]
    beside = later.add(more=BESIDE)
    assert offences(full, beside, later.folder) == []
    assert "ix_documents_later" in {one.name for one in indices(full)}


def indices(database: Database) -> set[Any]:
    return reflected(database).tables["documents"].indexes


def test_requests_go_on_while_tables_change(quiet_town: Town, later: Later) -> None:
    """The web here is the previous release: the tables become those of the next under it."""
    town = quiet_town
    database = town.service.database
    snapshot = town.post_snapshot()
    for upgrade, more in ((WIDER, ""), ("pass", BESIDE)):
        later.add(upgrade, more)
    enough, rounds = Event(), Semaphore(0)

    def work() -> list[int]:
        client, seen = town.http.application.test_client(), []
        sent = {"snapshot": snapshot, "kind": "class-results", "class": CLASS, "term": TERM}
        headers = {"Authorization": f"Bearer {TOKENS['journal']}"}
        while not enough.is_set():
            ordered = client.post(f"/v1/schools/{SCHOOL}/jobs", json=sent, headers=headers)
            job = f"/v1/jobs/{ordered.json['id']}"
            told = [client.delete(job, headers=headers), client.get(job, headers=headers)]
            told.append(client.get("/v1/documents", headers=headers))
            seen += [one.status_code for one in (ordered, *told)]
            rounds.release()
        return seen

    def hold() -> None:
        with database.reading() as connection:
            connection.execute(select(documents)).all()
            time.sleep(holding.HELD + 0.3)

    with ThreadPoolExecutor() as threads:
        clients = [threads.submit(work) for _ in range(2)]
        assert all(rounds.acquire(timeout=60) for _ in range(4))
        held = threads.submit(hold)
        time.sleep(0.1)
        migrators = [threads.submit(migrate, database, later.folder) for _ in range(2)]
        for one in (held, *migrators):
            one.result(60)
        while rounds.acquire(blocking=False):
            pass
        assert all(rounds.acquire(timeout=60) for _ in range(4))
        enough.set()
        answers = [status for one in clients for status in one.result()]
    assert set(answers) <= {200, 202}
    with database.reading() as connection:
        assert migrating.version(connection) == later.made[-1]
    assert "ix_documents_later" in {one.name for one in indices(database)}
    assert town.log_is_whole()
    assert town.document(town.printed())["state"] == "awaiting-deputy"


def test_who_reads_in_another_order_is_not_ended(full: Database, later: Later) -> None:
    """A request reads a table that changes last, then one that changes first."""
    later.add(WIDER)

    def read(first: str, seconds: float, second: str) -> None:
        with full.reading() as connection:
            connection.execute(select(text("1")).select_from(text(first)))
            time.sleep(seconds)
            connection.execute(select(text("1")).select_from(text(second)))

    with ThreadPoolExecutor() as threads:
        readers = [threads.submit(read, *one) for one in CROSSWISE]
        time.sleep(0.1)
        migrate(full, later.folder)
        for one in readers:
            one.result(60)


def test_a_crowd_that_never_pauses_is_passed_table_by_table(full: Database, later: Later) -> None:
    """Readers take every table in any order: never are all free, the one that changes is."""
    names, enough = sorted(reflected(full).tables), Event()
    upgrade, more = 'op.add_column("jobs", sa.Column("x", sa.String(9)))', 'HOLDS = ("jobs",)'

    def read(order: Random) -> int:
        count = 0
        while not enough.is_set():
            with full.reading() as connection:
                for name in order.sample(names, 6):
                    connection.execute(select(text("1")).select_from(text(name)).limit(1))
                    time.sleep(0.003)
            count += 1
        return count

    with ThreadPoolExecutor() as threads:
        readers = [threads.submit(read, Random(one)) for one in range(5)]
        try:
            full.migrate(later.add(upgrade, more), patience=60, scripts=later.folder)
        finally:
            enough.set()
        assert all(one.result(60) > 0 for one in readers)


def migrate(database: Database, scripts: Path) -> None:
    other = connect(database.url)
    other.migrate(scripts=scripts)
    other.close()


def test_an_index_left_half_built_is_built_anew(full: Database, later: Later) -> None:
    full.migrate(later.add(WIDER), scripts=later.folder)
    if full.engine.dialect.name == "postgresql":
        with full.writing() as connection:
            connection.exec_driver_sql("CREATE INDEX ix_documents_later ON documents (later)")
            connection.exec_driver_sql(
                "UPDATE pg_index SET indisvalid = false"
                " WHERE indexrelid = 'ix_documents_later'::regclass"
            )
    full.migrate(later.add(more=BESIDE), scripts=later.folder)
    if full.engine.dialect.name == "postgresql":
        with full.reading() as connection:
            name = {"name": "ix_documents_later"}
            assert connection.execute(text(migrating.BROKEN), name).scalar() is False


def test_programs_of_before_start_unless_something_was_taken(
    quiet_town: Town, later: Later
) -> None:
    database = quiet_town.service.database
    database.migrate(later.add(WIDER), scripts=later.folder)
    prepare(quiet_town.settings)
    database.migrate(later.add(more=f'OLDEST = "{later.newest}"'), scripts=later.folder)
    prepare(quiet_town.settings)
    database.migrate(later.add(more=f'OLDEST = "{later.made[0]}"'), scripts=later.folder)
    with pytest.raises(DatabaseNewer):
        prepare(quiet_town.settings)


def test_tables_wait_for_a_command_where_settings_say_so(tmp_path: Path) -> None:
    file = settings_file(tmp_path, None, f"127.0.0.1:{kept_port()}")
    file.write_text(f"migrate_at_start = false\n{file.read_text()}")
    with pytest.raises(DatabaseOlder):
        prepare(load(file, {}))
    run = CliRunner().invoke
    assert run(main, ["migrate", "--check", "--settings", str(file)]).exit_code == 5
    told = run(main, ["migrate", "--settings", str(file)])
    assert f"версии {migrating.expected_version()}" in told.output
    prepare(load(file, {}))
