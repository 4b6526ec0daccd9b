"""The table of the one key that cursors of lists are sealed with."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, String, Table

from service.ledger.columns import METADATA

cursor_key = Table(
    "cursor_key",
    METADATA,
    Column("name", String(16), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
