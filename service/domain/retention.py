"""How long a document is kept: whole calendar years after the year its file was closed."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import IntEnum
from zoneinfo import ZoneInfo


class Retention(IntEnum):
    """Years of retention."""

    FIVE_YEARS = 5
    TWENTY_FIVE_YEARS = 25


def closed_year(year_end: date, last_signature: date | None) -> int:
    """Return the calendar year a file is closed in: of the school year's end or the last signature.

    The later counts; both are dates of the school's own calendar. None: nobody has signed yet.
    """
    return max(year_end.year, year_end.year if last_signature is None else last_signature.year)


def keep_until(closed_year: int, retention: Retention) -> date:
    """Return the last day the file is kept: a 31 December.

    The term begins on the 1 January after the file was closed.
    """
    return date(closed_year + retention, 12, 31)


def destroy_from(closed_year: int, retention: Retention) -> date:
    """Return the first day an act of destruction may bear."""
    return date(closed_year + retention + 1, 1, 1)


def locked_until(keep_until: date, zone: str) -> datetime:
    """Return the last second of the day in a time zone (IANA name): the date of an object lock."""
    return datetime.combine(keep_until, time(23, 59, 59), ZoneInfo(zone))
