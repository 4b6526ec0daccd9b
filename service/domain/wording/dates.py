"""Dates as school papers write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_NOMINATIVE = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
_GENITIVE = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip


def day(d: date) -> str:
    """Return «02.09.2026»."""
    return f"{d.day:02}.{d.month:02}.{d.year:04}"


def day_month(d: date) -> str:
    """Return «02.09»."""
    return f"{d.day:02}.{d.month:02}"


def long(d: date) -> str:
    """Return ««30» июня 2026 г.», the date of a signature."""
    return f"«{d.day:02}» {_GENITIVE[d.month - 1]} {d.year} г."


def month_name(d: date) -> str:
    """Return «сентябрь», the band over a month's days."""
    return _NOMINATIVE[d.month - 1]


def span(first: date, last: date) -> str:
    """Return «01.09.2026 — 25.10.2026»."""
    return f"{day(first)} — {day(last)}"


def moment(at: datetime) -> str:
    """Return «15.06.2027 10:32 (UTC+5)» in the time's own zone; `at` must be aware."""
    return f"{day(at)} {at.hour:02}:{at.minute:02} ({_offset(at)})"


def local(at: datetime, zone: str) -> datetime:
    """Return the same moment by the clocks of a time zone (IANA name)."""
    return at.astimezone(ZoneInfo(zone))


def _offset(at: datetime) -> str:
    shift = at.utcoffset()
    if shift is None:
        raise ValueError("a moment without a time zone cannot be printed")
    hours, minutes = divmod(abs(shift) // timedelta(minutes=1), 60)
    if not hours and not minutes:
        return "UTC"
    sign = "−" if shift < timedelta() else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")
