"""Rows that are known by their primary key and written as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, delete, insert


def put(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Write a row, new or instead of the one of the same key."""
    same = (column == row[column.name] for column in table.primary_key)
    connection.execute(delete(table).where(*same))
    connection.execute(insert(table).values(**row))
