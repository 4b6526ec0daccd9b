"""A log from before schools had chains of their own is chained when the ledger is migrated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from service.ledger import audit
from service.ledger.database import connect
from service.ledger.migrating import MIGRATIONS

AT = datetime(2027, 6, 1, 12, tzinfo=UTC)
BEFORE = "0007"
LINE = text(
    "INSERT INTO audit (number, at, school, subject, actor, action, details, previous, hash)"
    " VALUES (:number, :at, :school, 'd', 't', 'order', '{}', :previous, :hash)"
)


def test_lines_of_before_are_chained(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'vedomost.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        previous = audit.FIRST
        for number in range(1, 6):
            at, school = AT + timedelta(hours=number), f"s{number % 2}"
            sealed = audit.seal(number, previous, audit.Event(at, school, "d", "t", "order", {}))
            row = {"number": number, "at": audit.told(at), "school": school}
            connection.execute(LINE, row | {"previous": previous, "hash": sealed})
            previous = sealed
    database.migrate()
    with database.writing() as connection:
        audit.append(connection, audit.Event(AT, "s1", "d", "t", "sign", {}))
        assert audit.first_broken(connection) is None
        lines = audit.found(connection, "s1", audit.Sought(), 10)
        assert [(one.number, one.school_number) for one in lines] == [
            (1, 1),
            (3, 2),
            (5, 3),
            (6, 4),
        ]
        assert audit.chain(connection, "s1").broken is None
    database.close()
