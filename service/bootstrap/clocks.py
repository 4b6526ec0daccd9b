"""Whether the clocks of this host and of what it works with agree."""

from __future__ import annotations

from datetime import timedelta

from service.bootstrap.health import Level, Told
from service.jobs.advance import Clock
from service.ledger.database import Database
from service.ledger.printing import workers
from service.settings import Settings


def against_database(settings: Settings, clock: Clock, database: Database) -> Told:
    """Look whether the database's clock tells the same time, as far as its answer took."""
    before = clock().timestamp()
    with database.reading() as connection:
        there = workers.now(connection)
    skew = apart(timedelta(seconds=there - before), timedelta(seconds=clock().timestamp() - before))
    return told(settings, skew, "Часы сверены с базой данных")


def apart(ahead: timedelta, took: timedelta) -> float:
    """Return by how many seconds other clocks surely differ, asked while some time passed."""
    if ahead < timedelta(0):
        return -ahead.total_seconds()
    return max(0.0, (ahead - took).total_seconds())


def told(settings: Settings, skew: float, asked: str) -> Told:
    """Say by how much clocks differ, where that matters."""
    if skew > settings.health.clock_seconds:
        remedy = "Включите на машинах службу точного времени (NTP)."
        return Level.WARN, f"{asked}, но часы расходятся на {skew:.0f} с.", remedy
    return Level.OK, f"{asked}, расхождения нет.", ""
