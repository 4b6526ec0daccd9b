"""The calendars' round: entries that fell due begin their runs, new terms find their days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from service.domain.calendars.calendar import TERM_END, YEAR_END, Calendar, due, following
from service.domain.calendars.school_year import SchoolYear
from service.domain.errors import Conflict, Missing
from service.ledger.calendar import runs, schedule
from service.ledger.database import Database
from service.ledger.road import SERVICE
from service.workflow.runs.begin import BeginRun, Begun, log_begun, run_id

ONCE_A_DAY = timedelta(days=1)  # a schedule is looked over even if nothing told of a change
LOOK_BACK = timedelta(days=180)
MOVED = timedelta(days=1)  # by which a change of time zone may have moved a day that is due
MOST = 200  # schools a round


@dataclass(frozen=True, slots=True)
class KeepSchedule:
    """Begins what is due; every host may do it at once, each occasion is begun once."""

    database: Database
    begin: BeginRun
    go_on: Callable[[], bool] = lambda: True

    def __call__(self, at: datetime) -> int:
        """Begin what is due and plan what comes; return how many runs began."""
        with self.database.reading() as connection:
            overdue = schedule.overdue(connection, at, MOST)
            unplanned = schedule.unplanned(connection, MOST)
        begun = 0
        for school, entry, since in overdue:
            if self.go_on():
                taken = [one for one in self._take(school, entry, since, at) if one.new]
                begun += len(taken)
                for one in taken:
                    log_begun(one)
        with self.database.reading() as connection:
            stale = schedule.to_plan(connection, at, MOST)
        for school in (*unplanned, *stale):
            if self.go_on():
                self._plan(school, at)
        return begun

    def _take(self, school: str, entry: str, since: datetime, at: datetime) -> list[Begun]:
        """Begin the runs an entry has been due for, in the transaction that takes it."""
        with self.database.writing() as connection:
            known = self._calendar(connection, school)
            if known is None:
                schedule.take(connection, school, entry, since, None)
                return []
            calendar, years = known
            coming = following(calendar, years, entry, at)
            if not schedule.take(connection, school, entry, since, coming.at if coming else None):
                return []
            missed = due(calendar, years, entry, since - MOVED, at)
            return [
                self.begin.occasion(connection, school, calendar, one, SERVICE, at)
                for one in missed
            ]

    def _plan(self, school: str, at: datetime) -> None:
        with self.database.writing() as connection:
            known = self._calendar(connection, school)
            moments = {}
            if known is not None:
                calendar, years = known
                moments = {
                    entry: self._next(connection, school, calendar, years, entry, at)
                    for entry in calendar.entries
                }
            schedule.plan(connection, school, moments, at, at + ONCE_A_DAY)

    def _next(
        self,
        connection: Connection,
        school: str,
        calendar: Calendar,
        years: tuple[SchoolYear, ...],
        entry: str,
        at: datetime,
    ) -> datetime | None:
        if entry in {YEAR_END, TERM_END}:  # known late or moved: as long as there is time, now
            today = at.astimezone(calendar.zone).date()
            for one in due(calendar, years, entry, at - LOOK_BACK, at):
                in_time = one.deadlines.signed >= today
                if in_time and runs.find(connection, run_id(school, one)) is None:
                    return one.at
        coming = following(calendar, years, entry, at)
        return coming.at if coming else None

    def _calendar(
        self, connection: Connection, school: str
    ) -> tuple[Calendar, tuple[SchoolYear, ...]] | None:
        try:
            return self.begin.calendars.of(connection, school)
        except (Missing, Conflict):
            return None
