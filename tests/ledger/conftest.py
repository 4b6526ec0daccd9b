"""The town, and databases nobody has put a table into."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from town import quiet_town

from service.ledger.database import Database, connect

__all__ = ["empty", "quiet_town"]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table."""
    if request.param == "sqlite":
        made = connect(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        address = request.getfixturevalue("fresh_postgresql")()
        name = re.search(r"/(town\d+)\?", address)[1] + "_empty"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        made = connect(address.replace(f"/{name.removesuffix('_empty')}?", f"/{name}?"))
    yield made
    made.close()
