"""Scheduled runs: what the doors call, and the rounds a worker goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from service.bootstrap import calling
from service.domain.errors import ServiceError
from service.jobs.advance import Clock
from service.jobs.chores import Chore, Chores
from service.jobs.pool import Pool
from service.ledger.database import Database
from service.reports import catalogue
from service.settings import Settings
from service.workflow.order import Order
from service.workflow.run_advance import AdvanceRuns
from service.workflow.run_begin import BeginRun
from service.workflow.run_calendars import Calendars
from service.workflow.run_change import ChangeRun
from service.workflow.run_schedule import KeepSchedule
from service.workflow.run_sheet import TellRun
from service.workflow.schools import Schools

EVERY = timedelta(seconds=10)
LEASE = timedelta(minutes=2)  # of a round; longer ones are shared, as each run is claimed by itself


@dataclass(frozen=True, slots=True)
class Runs:
    """What can be done with runs from outside."""

    begin: BeginRun
    change: ChangeRun
    tell: TellRun
    calendars: Calendars


def runs(settings: Settings, database: Database) -> Runs:
    """Return the use cases of runs."""
    known = Calendars(Schools(database, settings.schools))
    tell = TellRun(catalogue(), known)
    return Runs(BeginRun(database, catalogue(), known), ChangeRun(database, tell), tell, known)


def rounds(
    settings: Settings,
    database: Database,
    order: Callable[[str, str], Order],
    pool: Pool[Any, Any],
    clock: Clock,
) -> Chores:
    """Return what a worker does every few seconds: begins runs, takes them further.

    `order` takes orders with the editions its printing processes print with.
    """
    desk = runs(settings, database)
    keep = KeepSchedule(database, desk.begin)

    @cache
    def advance() -> AdvanceRuns:
        editions: tuple[str, str] = pool.run(calling.editions_there, "", 0, _wanted)
        return AdvanceRuns(
            database,
            order(*editions),
            desk.tell,
            partial(_same_class, pool),
            lambda school: school in settings.journals,
        )

    def go(at: datetime) -> tuple[ServiceError, ...]:
        keep(at)
        return advance()(at)

    each: dict[str, Chore] = {"runs": go}
    return Chores(
        database,
        settings.worker.name,
        each,
        clock,
        look_every=EVERY.total_seconds(),
        every=EVERY,
        soon=EVERY,
        lease=LEASE,
    )


def _same_class(pool: Pool[Any, Any], school: str, one: str, other: str, class_id: str) -> bool:
    compare = partial(calling.compare_there, school=school, one=one, other=other)
    same: bool = pool.run(compare, class_id, 0, _wanted)
    return same


def _wanted() -> bool:
    return True
