"""What every table of the ledger is made with: one metadata, aware times, ids and hashes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Dialect, MetaData, String, TypeDecorator

from service.domain.errors import Reason

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as ISO 8601 in UTC: sorts as text, the same in every database."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else datetime.fromisoformat(value)


class Because(TypeDecorator[Reason]):
    """A reason, kept as JSON: its code and message."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Reason | None, dialect: Dialect) -> dict[str, str] | None:  # noqa: ARG002
        return None if value is None else asdict(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Reason | None:  # noqa: ARG002
        return None if value is None else Reason(value["code"], value["message"])


ID = String(64)
HASH = String(64)
