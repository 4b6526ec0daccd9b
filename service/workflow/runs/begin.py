"""A run begins: when its day comes, or when somebody asks; the same one begins once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from service.documents.kind import DocumentKind, Scope
from service.domain.calendars.calendar import Calendar, Occasion, begun_by_hand
from service.domain.calendars.school_year import is_label
from service.domain.errors import Fault, Rejected
from service.ledger import audit
from service.ledger.calendar import runs
from service.ledger.calendar.runs import Run, RunState
from service.ledger.database import Database
from service.ledger.ids import id_of
from service.observing.context import bound
from service.workflow.runs.calendars import Calendars

LOG = logging.getLogger(__name__)


class RunWrong(Rejected):
    """There is no such entry, term or kind."""

    code = "run-wrong"
    title = "Прогон не начат"


@dataclass(frozen=True, slots=True)
class RunWanted:
    """What somebody begins by hand; empty: the year of today, the kinds of the entry."""

    entry: str
    year: str = ""
    term: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Begun:
    """A run; `new` unless it had begun before."""

    run: Run
    new: bool


@dataclass(frozen=True, slots=True)
class BeginRun:
    """Begins runs."""

    database: Database
    kinds: Mapping[str, DocumentKind]
    calendars: Calendars

    def __call__(self, school: str, wanted: RunWanted, by: str, at: datetime) -> Begun:
        """Begin a run now; one that began before is looked at anew, and opened if it had ended."""
        with self.database.writing() as connection:
            run = self.preview(connection, school, wanted, by, at)
            begun = self._begun(connection, run)
            if not begun.new:
                again(connection, begun.run, None, by, at)
                return Begun(runs.get(connection, begun.run.id), new=False)
        log_begun(begun)
        return begun

    def preview(
        self, connection: Connection, school: str, wanted: RunWanted, by: str, at: datetime
    ) -> Run:
        """Return the run somebody would begin now, or raise RunWrong."""
        if wanted.year and not is_label(wanted.year):
            raise _wrong("/year", "unknown-year", "Учебный год — два года подряд: 2026/2027.")
        calendar, years = self.calendars.of(connection, school)
        occasion = begun_by_hand(calendar, years, wanted.entry, wanted.year, wanted.term, at)
        if occasion is None:
            known = ", ".join(term.id for year in years for term in year.terms)
            raise _wrong(
                "/entry",
                "unknown-entry",
                f"В календаре школы есть: {', '.join(calendar.entries)}. Для term-end нужен "
                f"период в term, известны: {known or 'ни одного, снимков ещё нет'}.",
            )
        self._require_kinds(wanted.kinds)
        return self._run(school, calendar, occasion, wanted.kinds, by, at)

    def occasion(
        self,
        connection: Connection,
        school: str,
        calendar: Calendar,
        occasion: Occasion,
        by: str,
        at: datetime,
    ) -> Begun:
        """Begin the run of an occasion in a transaction, unless it began before."""
        return self._begun(connection, self._run(school, calendar, occasion, (), by, at))

    def _begun(self, connection: Connection, run: Run) -> Begun:
        if not runs.add(connection, run):
            return Begun(runs.get(connection, run.id), new=False)
        details = {"entry": run.entry, "year": run.year, "term": run.term, "kinds": [*run.kinds]}
        event = audit.Event(run.begun_at, run.school, run.id, run.begun_by, "run-started", details)
        audit.append(connection, event)
        return Begun(run, new=True)

    def _run(
        self,
        school: str,
        calendar: Calendar,
        occasion: Occasion,
        kinds: tuple[str, ...],
        by: str,
        at: datetime,
    ) -> Run:
        return Run(
            id=run_id(school, occasion),
            school=school,
            entry=occasion.entry,
            subject=occasion.subject,
            year=occasion.year,
            term=occasion.term,
            kinds=kinds or occasion.kinds or self._due(occasion),
            timezone=calendar.timezone,
            deadlines=occasion.deadlines,
            begun_by=by,
            begun_at=at,
            next_look=at,
        )

    def _due(self, occasion: Occasion) -> tuple[str, ...]:
        """Return the kinds of a term at its end, those of the whole year at the year's."""
        scope = Scope.CLASS_TERM if occasion.term else Scope.CLASS
        return tuple(name for name, kind in self.kinds.items() if kind.scope is scope)

    def _require_kinds(self, kinds: tuple[str, ...]) -> None:
        for number, kind in enumerate(kinds):
            if kind not in self.kinds:
                message = f"Вид документа: {', '.join(self.kinds)}."
                raise _wrong(f"/kinds/{number}", "unknown-kind", message)


def log_begun(begun: Begun) -> None:
    """Log a new run, once it is written down."""
    if begun.new:
        with bound(run=begun.run.id, school=begun.run.school):
            LOG.info("run begun: %s", begun.run.entry)


def again(connection: Connection, run: Run, class_id: str | None, by: str, at: datetime) -> Run:
    """Have a run, or one class of it, looked at anew; what nothing changed for stays as it is."""
    opened = runs.move(connection, run, RunState.OPEN, at)
    runs.again(connection, run.id, class_id)
    details = {} if class_id is None else {"class": class_id}
    audit.append(connection, audit.Event(at, run.school, run.id, by, "run-restarted", details))
    return opened


def run_id(school: str, occasion: Occasion) -> str:
    """Return the id of the one run of an occasion."""
    return id_of("run", school, occasion.entry, occasion.subject)


def _wrong(pointer: str, code: str, message: str) -> RunWrong:
    return RunWrong(message, (Fault(pointer, code, message),))
