"""The calendars of schools as they are now, with what their snapshots told of the year."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from service.domain.calendars.calendar import Calendar
from service.domain.calendars.school_year import SchoolYear
from service.ledger.calendar import journals
from service.workflow.schools import Schools

UNTOLD = "Europe/Moscow"  # the time zone of a school that neither chose one nor sent a snapshot


@dataclass(frozen=True, slots=True)
class Calendars:
    """Knows every school's calendar; raises what `schools` raises."""

    schools: Schools

    def of(self, connection: Connection, school: str) -> tuple[Calendar, tuple[SchoolYear, ...]]:
        """Return a school's calendar and the years its snapshots told of."""
        years = journals.years(connection, school)
        settings = self.schools.within(connection, school)
        timezone = settings.timezone or (years[-1].timezone if years else None)
        calendar = settings.calendar.calendar(timezone or UNTOLD)
        return replace(calendar, assumed=timezone is None), years
