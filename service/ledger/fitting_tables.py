"""The table of one row that says how old a program may be to work with the tables."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from service.ledger.columns import METADATA

fitting = Table(
    "fitting",
    METADATA,
    Column("oldest", String(32), primary_key=True),  # a version of the tables
)
