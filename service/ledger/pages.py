"""Lists page by page: rows are found by where they stand, so a page costs the same everywhere."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Select, String, insert, literal, select, tuple_

from service.ledger.columns import Moment
from service.ledger.page_tables import cursor_key

KEY = 64  # bytes: AES-256 in synthetic-IV mode takes two keys

Place = tuple[datetime, str]
"""Where a row stands in a list, the newest first: its time and, among those of one time, its id."""


@dataclass(frozen=True, slots=True)
class Page:
    """So many rows, those after a place if one is named."""

    limit: int
    after: Place | None = None


def newest(chosen: Select[Any], at: Column[Any], name: Column[Any], page: Page) -> Select[Any]:
    """Return a choice cut to a page, the newest first, and one row more if there is one.

    Rows that are added meanwhile come before: whoever walks on sees each row once.
    """
    if page.after is not None:
        moment, after = page.after
        place = tuple_(literal(moment, Moment()), literal(after, String()))
        chosen = chosen.where(tuple_(at, name) < place)
    return chosen.order_by(at.desc(), name.desc()).limit(page.limit + 1)


def sealing_key(connection: Connection) -> bytes | None:
    """Return the key cursors are sealed with, the same for all hosts; None before it is made."""
    found = connection.execute(select(cursor_key.c.value)).scalar()
    return None if found is None else bytes(found)


def make_sealing_key(connection: Connection) -> bytes:
    """Return the key, made if there is none; the transaction must be a writing one."""
    known = sealing_key(connection)
    if known is None:
        known = secrets.token_bytes(KEY)
        connection.execute(insert(cursor_key).values(name="cursor", value=known))
    return known
