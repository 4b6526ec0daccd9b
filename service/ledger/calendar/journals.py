"""The newest journal of every class, and the newest that is final for the year or a term."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.calendars.school_year import SchoolTerm, SchoolYear
from service.domain.codes import TermKind
from service.domain.reckoning import periods
from service.domain.snapshot import Snapshot
from service.domain.wording.names import class_title
from service.ledger.calendar.tables import newest_journals, school_years

ANY, WHOLE_YEAR = "any", "year"
INSERTS: Mapping[str, Callable[[Table], sqlite.Insert | postgresql.Insert]] = MappingProxyType(
    {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
)


@dataclass(frozen=True, slots=True)
class Journal:
    """A class as a snapshot holds it; `marked` unless it is taught without marks."""

    school: str
    year: str
    class_id: str
    final_for: str
    snapshot: str
    class_title: str
    grade: int
    scheme: TermKind
    marked: bool
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """What is kept of a snapshot so that runs need not read it."""

    snapshot: str
    school: str
    taken_at: datetime
    year: SchoolYear
    journals: tuple[Journal, ...]


def term_key(term: str) -> str:
    """Return what a journal is final for once a term is over."""
    return f"term:{term}"


def noted(snapshot_id: str, snapshot: Snapshot) -> Noted:
    """Return what runs need to know of a snapshot.

    It is final for the year once the year is closed, for a term once it was taken after the
    term's last day, by the school's clocks.
    """
    taken_at = snapshot.source.exported_at
    taken_on = taken_at.astimezone(ZoneInfo(snapshot.school.timezone)).date()
    return Noted(
        snapshot=snapshot_id,
        school=snapshot.school.id,
        taken_at=taken_at,
        year=SchoolYear(
            snapshot.year.label,
            snapshot.school.timezone,
            tuple(
                SchoolTerm(one.id, one.kind, one.number, one.title, one.start, one.end, one.grades)
                for one in snapshot.terms
            ),
        ),
        journals=tuple(_journals(snapshot_id, snapshot, taken_on)),
    )


def note(connection: Connection, news: Noted) -> None:
    """Remember a snapshot's journals where they are newer than those known; again is no harm."""
    year = {
        "school": news.school,
        "label": news.year.label,
        "snapshot": news.snapshot,
        "timezone": news.year.timezone,
        "terms": [_term_row(one) for one in news.year.terms],
        "taken_at": news.taken_at,
    }
    _keep_newest(connection, school_years, [year])
    _keep_newest(connection, newest_journals, [asdict(one) for one in _in_order(news.journals)])


def of_year(connection: Connection, school: str, year: str, final_for: str) -> dict[str, Journal]:
    """Return by class the newest journals of a school's year that are final for something."""
    rows = connection.execute(
        select(newest_journals).where(
            newest_journals.c.school == school,
            newest_journals.c.year == year,
            newest_journals.c.final_for == final_for,
        )
    )
    return {row.class_id: _journal(row) for row in rows}


def years(connection: Connection, school: str) -> tuple[SchoolYear, ...]:
    """Return the years of a school that snapshots told of, the newest last."""
    rows = connection.execute(
        select(school_years).where(school_years.c.school == school).order_by(school_years.c.label)
    )
    return tuple(SchoolYear(row.label, row.timezone, tuple(map(_term, row.terms))) for row in rows)


def _journals(snapshot_id: str, snapshot: Snapshot, taken_on: date) -> Iterator[Journal]:
    over = [term_key(term.id) for term in snapshot.terms if term.end < taken_on]
    closed = [WHOLE_YEAR] if snapshot.year.closed else []
    for journal in snapshot.classes:
        for final_for in (ANY, *closed, *over):
            yield Journal(
                school=snapshot.school.id,
                year=snapshot.year.label,
                class_id=journal.id,
                final_for=final_for,
                snapshot=snapshot_id,
                class_title=class_title(journal),
                grade=journal.grade,
                scheme=journal.term_scheme,
                marked=not periods.is_unmarked(journal),
                taken_at=snapshot.source.exported_at,
            )


def _in_order(journals: Iterable[Journal]) -> list[Journal]:
    """Return them in the order everybody takes them: nobody waits for who waits for him."""
    return sorted(journals, key=lambda one: (one.class_id, one.final_for))


def _keep_newest(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Keep each row, or leave the one with its key if that was taken later."""
    if not rows:
        return
    add = INSERTS[connection.dialect.name](table)
    values = {column.name: add.excluded[column.name] for column in table.columns}
    newer = table.c.taken_at <= add.excluded.taken_at
    connection.execute(
        add.on_conflict_do_update(index_elements=table.primary_key, set_=values, where=newer), rows
    )


def _journal(row: Row[Any]) -> Journal:
    values = dict(row._mapping)
    values["scheme"] = TermKind(values["scheme"])
    return Journal(**values)


def _term_row(term: SchoolTerm) -> dict[str, Any]:
    return asdict(term) | {"start": term.start.isoformat(), "end": term.end.isoformat()}


def _term(row: dict[str, Any]) -> SchoolTerm:
    return SchoolTerm(
        id=row["id"],
        kind=TermKind(row["kind"]),
        number=row["number"],
        title=row["title"],
        start=date.fromisoformat(row["start"]),
        end=date.fromisoformat(row["end"]),
        grades=tuple(row["grades"]),
    )
