"""Snapshots as the ledger knows them: whose, which bytes, which classes and terms."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select

from service.domain.errors import Fault, Missing
from service.ledger.pages import Page, newest
from service.ledger.tables import snapshots

_ONE = select(snapshots).where(snapshots.c.id == bindparam("snapshot"))


class SnapshotMissing(Missing):
    """No snapshot of this id, or it is another school's."""

    code = "snapshot-missing"
    title = "Снимок журнала не найден"


@dataclass(frozen=True, slots=True)
class ClassEntry:
    """A class a snapshot holds."""

    id: str
    title: str
    grade: int


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term a snapshot knows, and the grades that have it."""

    id: str
    title: str
    grades: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """An accepted snapshot; its body is the working file named by `sha256`."""

    id: str
    school: str
    sha256: str
    size: int
    year: str
    year_end: date
    timezone: str
    classes: tuple[ClassEntry, ...]
    terms: tuple[TermEntry, ...]
    warnings: tuple[Fault, ...]
    accepted_at: datetime


def add(connection: Connection, row: SnapshotRow) -> None:
    """Write a snapshot down."""
    values = {
        "id": row.id,
        "school": row.school,
        "sha256": row.sha256,
        "size": row.size,
        "year": row.year,
        "year_end": row.year_end,
        "timezone": row.timezone,
        "classes": [asdict(one) for one in row.classes],
        "terms": [asdict(one) for one in row.terms],
        "warnings": [asdict(one) for one in row.warnings],
        "accepted_at": row.accepted_at,
    }
    connection.execute(insert(snapshots).values(values))


def find(connection: Connection, snapshot: str) -> SnapshotRow | None:
    """Return a snapshot by id, or None."""
    row = connection.execute(_ONE, {"snapshot": snapshot}).one_or_none()
    return None if row is None else _snapshot(row)


def get(connection: Connection, school: str, snapshot: str) -> SnapshotRow:
    """Return a school's snapshot by id."""
    found = find(connection, snapshot)
    if found is None or found.school != school:
        raise SnapshotMissing(f"Снимка {snapshot} у школы нет: сначала отправьте его.")
    return found


def of_school(connection: Connection, school: str, page: Page) -> tuple[SnapshotRow, ...]:
    """Return a page of a school's snapshots, the newest first, and one more if there is one."""
    chosen = select(snapshots).where(snapshots.c.school == school)
    cut = newest(chosen, snapshots.c.accepted_at, snapshots.c.id, page)
    return tuple(_snapshot(row) for row in connection.execute(cut))


def of_classes(row: SnapshotRow, classes: Collection[str] | None) -> SnapshotRow:
    """Return what a snapshot says of some classes only; None: of all."""
    if classes is None:
        return row
    places = tuple(f"/classes/{n}/" for n, one in enumerate(row.classes) if one.id in classes)
    return replace(
        row,
        classes=tuple(one for one in row.classes if one.id in classes),
        warnings=tuple(one for one in row.warnings if f"{one.pointer}/".startswith(places)),
    )


def _snapshot(row: Row[Any]) -> SnapshotRow:
    values = dict(row._mapping)
    values["classes"] = tuple(ClassEntry(**one) for one in values["classes"])
    values["terms"] = tuple(
        TermEntry(one["id"], one["title"], tuple(one["grades"])) for one in values["terms"]
    )
    values["warnings"] = tuple(Fault(**one) for one in values["warnings"])
    return SnapshotRow(**values)
