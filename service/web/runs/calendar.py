"""Routes of a school's calendar: what is chosen, and what comes next by it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import Connection

from service.bootstrap.serving import Service
from service.documents.school_calendar import CalendarSettings
from service.documents.school_settings import SchoolSettings, named
from service.domain.access.rights import Right
from service.domain.calendars.calendar import MONTHLY, Calendar, following
from service.domain.calendars.school_year import SchoolYear
from service.domain.errors import Fault, Rejected
from service.ledger.calendar import schedule
from service.web.http.access import Caller
from service.web.http.operations import Answer, Operation
from service.web.runs.models import CalendarTold, ComingTold
from service.web.runs.routes import deadlines_told

NO_TIMEZONE = (
    "Часовой пояс школы неизвестен: сроки пока считаются по московскому времени. Укажите timezone "
    "в настройках школы или пришлите снимок журнала: сроки начатых прогонов перейдут на него."
)
NO_MONTHLY = (
    "monthly выключен: отчётов за месяц среди видов документов пока нет. Чтобы каждый месяц "
    "печатать другие виды, назовите их в monthly.kinds."
)

NO_TERM = (
    "term_end.moved: периодов {unknown} нет ни в одном снимке, и перенос ничего не меняет. "
    "В снимках есть {known}."
)


class KindUnknown(Rejected):
    """The calendar names a kind that is not printed here."""

    code = "unknown-kind"
    title = "Такого вида документа нет"


def require_known(calendar: CalendarSettings, kinds: Collection[str], place: str) -> None:
    """Pass if every kind a calendar names is printed here; `place` is the calendar's pointer."""
    if unknown := sorted(calendar.kinds - set(kinds)):
        message = f"Нет видов: {', '.join(unknown)}. Есть: {', '.join(kinds)}."
        raise KindUnknown(message, (Fault(place, "unknown-kind", message),))


class RunCalendar:
    """The views; the calendar is a part of the school's settings and kept with their versions."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        path = "/v1/schools/<school>/calendar"
        return (
            Operation(
                "GET",
                path,
                Right.READ,
                self.calendar,
                "Календарь школы и что по нему будет дальше",
                {200: CalendarTold},
            ),
            Operation(
                "PUT",
                path,
                Right.CONFIGURE,
                self.change,
                "Изменить календарь школы",
                {200: CalendarTold},
                asked=CalendarSettings,
            ),
        )

    def calendar(self, school: str, caller: Caller) -> Answer:
        """Tell a school's calendar."""
        caller.at(school)
        with self.service.database.reading() as connection:
            return Answer(self._told(connection, school))

    def change(self, school: str, caller: Caller, asked: CalendarSettings) -> Answer:
        """Put another calendar in place of the school's; what is due next is worked out anew."""
        caller.at(school)
        require_known(asked, self.service.kinds, "")
        with self.service.database.reading() as connection:
            before = self.service.schools.configured(connection, school)
            written = self.service.schools.written(connection, school)
        wanted = SchoolSettings.model_validate({**written.settings, "calendar": named(asked)})
        self.service.configure(
            school,
            wanted,
            lambda now: now.edition == before.edition,
            caller.id,
            self.service.clock(),
        )
        return self.calendar(school, caller)

    def _told(self, connection: Connection, school: str) -> CalendarTold:
        settings = self.service.schools.within(connection, school).calendar
        calendar, years = self.service.runs.calendars.of(connection, school)
        return CalendarTold(
            calendar=settings,
            timezone=calendar.timezone,
            coming=[*self._coming(connection, school)],
            notes=[*_notes(calendar, years)],
        )

    def _coming(self, connection: Connection, school: str) -> Iterator[ComingTold]:
        calendar, years = self.service.runs.calendars.of(connection, school)
        overdue = schedule.of_school(connection, school)
        now = self.service.clock()
        for entry in calendar.entries:
            since = overdue.get(entry)
            found = following(calendar, years, entry, now)
            late = since is not None and since <= now
            yield ComingTold(
                entry=entry,
                at=since if late else (found.at if found else None),
                term=(found.term or None) if found and not late else None,
                deadlines=deadlines_told(found.deadlines) if found and not late else None,
            )


def _notes(calendar: Calendar, years: Collection[SchoolYear]) -> Iterator[str]:
    if calendar.assumed:
        yield NO_TIMEZONE
    known = {term.id: None for year in years for term in year.terms}
    moved = calendar.term_end.moved if calendar.term_end else {}
    if years and (unknown := [one for one in moved if one not in known]):
        yield NO_TERM.format(unknown=", ".join(unknown), known=", ".join(known))
    if MONTHLY not in calendar.entries:
        yield NO_MONTHLY
