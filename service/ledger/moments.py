"""Moments that are waited for, and clocks that ran ahead for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, or_

FURTHEST = timedelta(hours=25)  # ahead: nothing that comes back by itself is put off so long


def reached(column: Any, at: datetime, furthest: timedelta = FURTHEST) -> ColumnElement[bool]:
    """Whether a moment has come, as a condition; an `astray` one has."""
    return or_(column <= at, astray(column, at, furthest))


def astray(column: Any, at: datetime, furthest: timedelta = FURTHEST) -> ColumnElement[bool]:
    """Whether a moment is further ahead than any is ever set, as a condition.

    It was set while the clock ran ahead (a battery, a virtual machine): what waits for it would
    rest until then.
    """
    return cast(ColumnElement[bool], column > at + furthest)
