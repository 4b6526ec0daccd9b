"""Moments that are waited for, and clocks that ran ahead for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_

FURTHEST = timedelta(hours=25)  # ahead: nothing that comes back by itself is put off so long


def reached(column: Any, at: datetime, furthest: timedelta = FURTHEST) -> ColumnElement[bool]:
    """Whether a moment has come, as a condition.

    One further ahead than any is ever set was set while the clock ran ahead (a battery, a virtual
    machine): it has come too, or what waits for it would rest until then.
    """
    return or_(column <= at, column > at + furthest)
