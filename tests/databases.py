"""The two databases the suite runs on: SQLite files, and a PostgreSQL server of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

from service.jobs import engine
from service.ledger.database import connect

Fresh = Callable[[], str]
SETTINGS = "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"


@contextmanager
def postgresql() -> Iterator[Fresh]:
    """Run a server on a socket of its own; each call makes a database with all tables in it."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    home = Path(mkdtemp(prefix="vedomost-pg-"))
    user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    if os.getuid() == 0:
        shutil.chown(home, user)  # the server refuses to run as root

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(home / "data"), *arguments]
        subprocess.run(
            command,
            check=True,
            user=user,
            cwd=home,
            env={"PATH": "/usr/bin:/bin"},
            stdout=subprocess.DEVNULL,
        )

    run("initdb", "--auth=trust", f"--username={user}", "--locale=C.UTF-8", "--no-sync")
    options = " ".join(f"-c {one}" for one in (*SETTINGS, f"unix_socket_directories={home}"))
    run("pg_ctl", "--silent", "--wait", "-l", str(home / "log"), "-o", f"{options} -h ''", "start")
    try:
        yield _databases(f"postgresql://{user}@/{{name}}?host={home}")
    finally:
        run("pg_ctl", "--silent", "-m", "immediate", "stop")
        shutil.rmtree(home)


def _databases(address: str) -> Fresh:
    """Return what copies a database that was migrated once."""
    numbers = count(1)

    def make(name: str, template: str) -> str:
        with psycopg.connect(address.format(name="postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return address.format(name=name)

    pattern = make("pattern", "template0")
    database = connect(pattern)
    database.migrate()
    engine.prepare(database.url)
    database.close()
    return lambda: make(f"town{next(numbers)}", "pattern")


@pytest.fixture(scope="session")
def fresh_postgresql() -> Iterator[Fresh]:
    """`fresh_postgresql()`: the address of a new database on a server of this test run."""
    with postgresql() as fresh:
        yield fresh


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new database, of each sort in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'vedomost.db'}"
    fresh: Fresh = request.getfixturevalue("fresh_postgresql")
    return fresh()
