"""What a cron expression of a calendar may be: five fields, and at most one run an hour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from types import MappingProxyType

from cronsim import CronSim, CronSimError

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "minute": "минута",
        "hour": "час",
        "day-of-month": "день месяца",
        "month": "месяц",
        "day-of-week": "день недели",
    }
)
OFTEN = timedelta(hours=1)


def cron_fault(expression: str) -> str | None:
    """Return what is wrong with a cron expression, in Russian, or None."""
    if len(expression.split()) != len(FIELDS):
        return f"нужно пять полей: {', '.join(FIELDS.values())}"
    try:
        ticks = tuple(islice(CronSim(expression, datetime(2026, 1, 1, tzinfo=UTC)), 3))
    except CronSimError as error:
        field = FIELDS[str(error).removeprefix("Bad ")]
        return f"выражение cron не разобрано: {field} — не то"
    if not ticks:
        return "такой день не наступит никогда"
    if any(later - tick < OFTEN for tick, later in pairwise(ticks)):
        return "прогоны начинаются не чаще раза в час: назовите одну минуту"
    return None
