"""The run sheet: for each class and kind what is done, who is waited for, what is missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import Connection, select

from service.documents.kind import DocumentKind, Scope
from service.domain.approving.approval import Role
from service.domain.calendars.calendar import YEAR_END, Calendar
from service.domain.calendars.school_year import SchoolTerm, SchoolYear, last_over
from service.domain.errors import Reason
from service.ledger import documents
from service.ledger.calendar import journals, runs
from service.ledger.calendar.journals import ANY, WHOLE_YEAR, Journal, term_key
from service.ledger.calendar.runs import Line, Run
from service.ledger.documents import AUTOMATIC, Document, State
from service.ledger.tables import steps
from service.workflow.runs.calendars import Calendars

Key = tuple[str, str, str]  # class, kind, term


class LineStatus(StrEnum):
    """How far a line of the sheet is."""

    MISSING = "missing-snapshot"
    PLANNED = "planned"  # the snapshot is there, the order will be in a moment
    PRINTING = "printing"
    WAITING = "waiting"  # for whoever signs next
    STORING = "storing"
    DONE = "done"
    FAILED = "failed"
    REJECTED = "rejected"  # sent back: waits for a newer snapshot
    CANCELLED = "cancelled"


STATUS: Mapping[State, LineStatus] = MappingProxyType(
    {
        State.RENDERING: LineStatus.PRINTING,
        State.AWAITING_DEPUTY: LineStatus.WAITING,
        State.AWAITING_SEAL: LineStatus.WAITING,
        State.AWAITING_DIRECTOR: LineStatus.WAITING,
        State.DEPOSITING: LineStatus.STORING,
        State.IN_ONE_STORE: LineStatus.STORING,
        State.ARCHIVED: LineStatus.DONE,
        State.FAILED: LineStatus.FAILED,
        State.REJECTED: LineStatus.REJECTED,
        State.CANCELLED: LineStatus.CANCELLED,
    }
)
WORST_FIRST = (
    LineStatus.FAILED,
    LineStatus.REJECTED,
    LineStatus.CANCELLED,
    LineStatus.PRINTING,
    LineStatus.WAITING,
    LineStatus.STORING,
    LineStatus.DONE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a run is to make for a class; `ready` is the journal to make it of, if there is one."""

    journal: Journal
    kind: str
    term: str
    ready: Journal | None

    @property
    def key(self) -> Key:
        """What it is, within its run."""
        return self.journal.class_id, self.kind, self.term


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the sheet; of a thick document the volume that lags behind speaks."""

    class_id: str
    class_title: str
    grade: int
    kind: str
    term: str
    status: LineStatus
    turn: Role | None = None
    document: str | None = None
    version: int | None = None
    volumes: int | None = None
    pages: int | None = None
    sheets: int | None = None
    since: datetime | None = None
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A run as it stands at this moment."""

    run: Run
    rows: tuple[Row, ...]
    assumed: bool = False  # the run's time zone: nobody has told the school's

    @property
    def counts(self) -> Counter[LineStatus]:
        """How many lines there are of each status."""
        return Counter(row.status for row in self.rows)

    @property
    def missing(self) -> tuple[str, ...]:
        """The classes whose journal is waited for."""
        late = (row.class_id for row in self.rows if row.status is LineStatus.MISSING)
        return tuple(dict.fromkeys(late))

    @property
    def waiting(self) -> Counter[Role]:
        """How many lines wait for whom."""
        return Counter(row.turn for row in self.rows if row.turn is not None)

    @property
    def complete(self) -> bool:
        """Whether all there is to do is done."""
        return bool(self.rows) and all(row.status is LineStatus.DONE for row in self.rows)


@dataclass(frozen=True, slots=True)
class TellRun:
    """Tells how a run stands: documents are the truth, nothing of it is kept."""

    kinds: Mapping[str, DocumentKind]
    calendars: Calendars

    def __call__(self, connection: Connection, run: Run) -> Sheet:
        """Return the sheet of a run, the classes in order."""
        calendar, years = self.calendars.of(connection, run.school)
        places = self._places(connection, run, calendar, years)
        lines = runs.lines(connection, run.id)
        known = versions(connection, run)
        stuck = _stuck(connection, known.values())
        rows = [_row(place, lines.get(place.key), known, stuck) for place in places]
        untold = calendar.assumed and run.timezone == calendar.timezone
        return Sheet(run, tuple(rows), untold)

    def places(self, connection: Connection, run: Run) -> tuple[Place, ...]:
        """Return what a run is to make, class by class: of all classes its year has heard of."""
        return self._places(connection, run, *self.calendars.of(connection, run.school))

    def _places(
        self, connection: Connection, run: Run, calendar: Calendar, years: Iterable[SchoolYear]
    ) -> tuple[Place, ...]:
        year = next((one for one in years if one.label == run.year), None)
        if year is None:
            return ()
        known = journals.of_year(connection, run.school, run.year, ANY)
        ready = journals.of_year(connection, run.school, run.year, _final_for(run))
        by_class = sorted(known.values(), key=lambda one: (one.grade, one.class_title))
        return tuple(
            Place(journal, kind, term, ready.get(journal.class_id))
            for journal in by_class
            if journal.class_id not in calendar.without
            for kind, term in self._due(run, year, journal)
        )

    def _due(self, run: Run, year: SchoolYear, journal: Journal) -> Iterator[tuple[str, str]]:
        term = _term(run, year, journal)
        for kind in run.kinds:
            known = self.kinds.get(kind)
            if known is None:
                continue
            if known.scope is Scope.CLASS:
                if not run.term or term is not None:
                    yield kind, ""
            elif term is not None:
                yield kind, term.id


def versions(connection: Connection, run: Run) -> dict[Key, tuple[Document, ...]]:
    """Return by class, kind and term all volumes of the version that counts.

    That is the last one nobody sent back or called off, or the last one if none stands.
    """
    found: dict[Key, dict[int, list[Document]]] = defaultdict(lambda: defaultdict(list))
    for one in documents.of_year(connection, run.school, run.year, None, None):
        found[one.class_id, one.kind, one.term][one.version].append(one)
    return {key: _counting(each) for key, each in found.items()}


def _counting(each: Mapping[int, list[Document]]) -> tuple[Document, ...]:
    newest_first = [each[number] for number in sorted(each, reverse=True)]
    chosen = next((one for one in newest_first if all(v.stands for v in one)), newest_first[0])
    return tuple(sorted(chosen, key=lambda volume: volume.volume))


def _term(run: Run, year: SchoolYear, journal: Journal) -> SchoolTerm | None:
    """Return the term of a run a class is marked for; else the last that was over by then."""
    if not journal.marked:
        return None
    if not run.term:
        day = date.max if run.entry == YEAR_END else run.day(run.begun_at)
        return last_over(year.terms, journal.grade, journal.scheme, day)
    term = year.term(run.term)
    return term if term and term.concerns(journal.grade, journal.scheme) else None


def _final_for(run: Run) -> str:
    if run.term:
        return term_key(run.term)
    return WHOLE_YEAR if run.entry == YEAR_END else ANY


def _stuck(connection: Connection, known: Iterable[tuple[Document, ...]]) -> dict[str, Reason]:
    """Return by document what stands in the way of a step that is tried again and again."""
    moving = [one.id for volumes in known for one in volumes if one.state in AUTOMATIC]
    rows = connection.execute(
        select(steps.c.document, steps.c.problem).where(
            steps.c.document.in_(moving), steps.c.finished_at.is_(None)
        )
    )
    return {row.document: row.problem for row in rows if row.problem}


def _row(
    place: Place,
    line: Line | None,
    known: Mapping[Key, tuple[Document, ...]],
    stuck: Mapping[str, Reason],
) -> Row:
    row = Row(
        class_id=place.journal.class_id,
        class_title=place.journal.class_title,
        grade=place.journal.grade,
        kind=place.kind,
        term=place.term,
        status=LineStatus.PLANNED if place.ready else LineStatus.MISSING,
    )
    if line is None:
        return row
    if line.document is None:
        return replace(row, status=LineStatus.FAILED, problem=line.problem)
    volumes = known[place.key]
    lagging = min(volumes, key=lambda one: WORST_FIRST.index(STATUS[one.state]))
    return replace(
        row,
        status=STATUS[lagging.state],
        turn=lagging.turn,
        document=lagging.id,
        version=lagging.version,
        volumes=lagging.volumes,
        pages=_sum(one.pages for one in volumes),
        sheets=_sum(one.sheets for one in volumes),
        since=lagging.updated_at,
        problem=lagging.problem or stuck.get(lagging.id),
    )


def _sum(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
