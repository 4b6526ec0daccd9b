"""When it is time to say again what is waited for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def stage(deadline: date, today: date, remind_days: Iterable[int]) -> int | None:
    """Return the reminder a day belongs to: so many days before the deadline, -1 once it is past.

    None while it is too early to remind.
    """
    left = (deadline - today).days
    if left < 0:
        return -1
    return min((days for days in remind_days if days >= left), default=None)
