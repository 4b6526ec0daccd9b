"""A plan: what would be printed of a snapshot, to the page, and what would be refused and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from service.documents.kind import DocumentKind, Scope
from service.documents.options import for_document
from service.domain.errors import Fault, Rejected
from service.ledger import snapshots
from service.ledger.database import Database
from service.ledger.printing import layouts
from service.ledger.printing.layouts import Counted, Layout
from service.ledger.snapshots import ClassEntry, SnapshotRow
from service.workflow.schools import Schools

Place = tuple[str, ClassEntry, str, str]
"""What one document is of: snapshot, class, kind and term; no term: the whole year."""

PER_DOCUMENT, PER_PAGE = 0.45, 0.003  # CPU seconds to write both files, measured


class PlanWrong(Rejected):
    """The plan names a kind, class or term that the snapshot does not have."""

    code = "plan-wrong"
    title = "План не составлен"


@dataclass(frozen=True, slots=True)
class PlanWanted:
    """Which documents; empty: all there are."""

    kinds: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    term: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A document that would be printed; `counted` is None until it is laid out."""

    class_id: str
    class_title: str
    kind: str
    term: str
    counted: Counted | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a plan comes to so far; it is whole once everything is counted."""

    lines: tuple[Planned, ...]
    warnings: tuple[Fault, ...]
    processes: int

    @property
    def counted(self) -> tuple[Counted, ...]:
        """What is counted already."""
        return tuple(one.counted for one in self.lines if one.counted is not None)

    @property
    def complete(self) -> bool:
        """Whether everything is counted."""
        return len(self.counted) == len(self.lines)

    @property
    def documents(self) -> int:
        """Documents that would be printed, each volume one of its own."""
        return sum(len(one.pages) for one in self.counted)

    @property
    def pages(self) -> int:
        """Numbered pages of all of them."""
        return sum(sum(one.pages) for one in self.counted)

    @property
    def sheets(self) -> int:
        """Sheets of paper, printed on both sides."""
        return sum(sum(one.sheets) for one in self.counted)

    @property
    def refused(self) -> int:
        """Documents that cannot be printed."""
        return sum(one.problem is not None for one in self.counted)

    @property
    def minutes(self) -> float:
        """How long printing would take with as many processes as there are."""
        seconds = sum(one.seconds for one in self.counted)
        seconds += self.documents * PER_DOCUMENT + self.pages * PER_PAGE
        return round(seconds / self.processes / 60, 1)


@dataclass(frozen=True, slots=True)
class Plan:
    """Plans; the same plan is counted once, for as long as snapshot, choices and forms are."""

    database: Database
    kinds: Mapping[str, DocumentKind]
    schools: Schools
    forms: str
    processes: int
    public_url: str | None = None

    def __call__(self, school: str, snapshot: str, wanted: PlanWanted, at: datetime) -> Forecast:
        """Return what is known of a plan; what is not counted yet is asked to be.

        Raises SnapshotMissing, PlanWrong.
        """
        with self.database.reading() as connection:
            row = snapshots.get(connection, school, snapshot)
            places = tuple(self._places(row, wanted))
            lines = self.of(connection, school, places)
        if not all(one.counted for one in lines):
            self.ask(school, places, at)
        return Forecast(lines, row.warnings, self.processes)

    def of(
        self,
        connection: Connection,
        school: str,
        places: Iterable[Place],
    ) -> tuple[Planned, ...]:
        """Return what is known of documents, each by snapshot, class, kind and term."""
        options = self._options(connection, school)
        each = [(place, self._layout(school, options, place)) for place in places]
        done = layouts.counted(connection, [layout.id for _, layout in each])
        return tuple(
            Planned(entry.id, entry.title, kind, term, done.get(layout.id))
            for (_, entry, kind, term), layout in each
        )

    def ask(self, school: str, places: Iterable[Place], at: datetime) -> None:
        """Have documents counted, those that are not yet."""
        with self.database.writing() as connection:
            options = self._options(connection, school)
            wanted = [self._layout(school, options, place) for place in places]
            layouts.ask(connection, wanted, at)

    def _options(self, connection: Connection, school: str) -> str:
        rules = self.schools.within(connection, school)
        return for_document(rules.options, self.public_url).told_json()

    def _layout(self, school: str, options: str, place: Place) -> Layout:
        snapshot, entry, kind, term = place
        return Layout(school, snapshot, kind, entry.id, term, options, self.forms)

    def _places(self, row: SnapshotRow, wanted: PlanWanted) -> Iterable[Place]:
        _require("kinds", wanted.kinds, [*self.kinds])
        _require("classes", wanted.classes, [one.id for one in row.classes])
        _require("term", (wanted.term,) if wanted.term else (), [one.id for one in row.terms])
        for entry in row.classes:
            if not wanted.classes or entry.id in wanted.classes:
                for kind in wanted.kinds or self.kinds:
                    for term in self._terms(row, entry, kind, wanted):
                        yield row.id, entry, kind, term

    def _terms(
        self, row: SnapshotRow, entry: ClassEntry, kind: str, wanted: PlanWanted
    ) -> tuple[str, ...]:
        """Return the terms a class has documents of a kind for."""
        if self.kinds[kind].scope is Scope.CLASS:
            return ("",) if not wanted.term or wanted.kinds else ()
        named = (one.id for one in row.terms if entry.grade in one.grades)
        return tuple(one for one in named if wanted.term in {"", one})


def _require(field: str, asked: tuple[str, ...], known: list[str]) -> None:
    for number, one in enumerate(asked):
        if one not in known:
            message = f"Есть только: {', '.join(known)}."
            place = f"/{field}" if field == "term" else f"/{field}/{number}"
            raise PlanWrong(message, (Fault(place, f"unknown-{field}", message),))
