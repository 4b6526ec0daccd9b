"""Documents laid out to be counted and not kept: asked for once, done by whoever is free."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from service.ledger.files import sha256
from service.ledger.runs_tables import layouts

ID = 32  # hexadecimal digits of an id


@dataclass(frozen=True, slots=True)
class Layout:
    """A document as it would be; the same snapshot, choices and forms make the same pages."""

    school: str
    snapshot: str
    kind: str
    class_id: str
    term: str
    options: str
    forms: str

    @property
    def id(self) -> str:
        """The id: a hash of all that decides its pages."""
        parts = [self.school, self.snapshot, self.kind, self.class_id, self.term]
        whole = json.dumps([*parts, self.options, self.forms], ensure_ascii=False)
        return sha256(whole.encode())[:ID]


@dataclass(frozen=True, slots=True)
class Counted:
    """Pages and sheets of each volume, and the seconds it took; or why it cannot be printed."""

    pages: tuple[int, ...]
    sheets: tuple[int, ...]
    seconds: float
    problem: dict[str, Any] | None = None


def ask(connection: Connection, wanted: Iterable[Layout], at: datetime) -> None:
    """Have documents laid out, those that were not asked for before."""
    by_id = {one.id: one for one in wanted}
    known = select(layouts.c.id).where(layouts.c.id.in_(by_id))
    missing = set(by_id) - set(connection.execute(known).scalars())
    rows = [
        {
            "id": name,
            "school": by_id[name].school,
            "snapshot": by_id[name].snapshot,
            "kind": by_id[name].kind,
            "class_id": by_id[name].class_id,
            "term": by_id[name].term,
            "options": by_id[name].options,
            "forms": by_id[name].forms,
            "asked_at": at,
        }
        for name in sorted(missing)
    ]
    if rows:
        connection.execute(insert(layouts), rows)


def counted(connection: Connection, names: Collection[str]) -> dict[str, Counted]:
    """Return those of some layouts that are done."""
    rows = connection.execute(
        select(layouts).where(layouts.c.id.in_(names), layouts.c.done_at.is_not(None))
    )
    return {
        row.id: Counted(tuple(row.pages), tuple(row.sheets), row.seconds, row.problem)
        for row in rows
    }


def claim(
    connection: Connection, forms: str, at: datetime, until: datetime, most: int
) -> tuple[Layout, ...]:
    """Take up layouts nobody is at, those asked for first first; after `until` they are free."""
    rows = connection.execute(
        select(layouts)
        .where(
            layouts.c.done_at.is_(None),
            layouts.c.forms == forms,
            or_(layouts.c.claimed_until.is_(None), layouts.c.claimed_until < at),
        )
        .order_by(layouts.c.asked_at, layouts.c.id)
        .limit(most)
    ).all()
    names = [row.id for row in rows]
    connection.execute(update(layouts).where(layouts.c.id.in_(names)).values(claimed_until=until))
    return tuple(map(_layout, rows))


def waiting(connection: Connection, forms: str, at: datetime) -> bool:
    """Return whether there is a layout to take up."""
    chosen = select(layouts.c.id).where(
        layouts.c.done_at.is_(None),
        layouts.c.forms == forms,
        or_(layouts.c.claimed_until.is_(None), layouts.c.claimed_until < at),
    )
    return connection.execute(chosen.limit(1)).first() is not None


def note(connection: Connection, layout: Layout, found: Counted, at: datetime) -> None:
    """Write down what was counted."""
    connection.execute(
        update(layouts)
        .where(layouts.c.id == layout.id)
        .values(
            done_at=at,
            pages=list(found.pages),
            sheets=list(found.sheets),
            seconds=found.seconds,
            problem=found.problem,
        )
    )


def _layout(row: Row[Any]) -> Layout:
    return Layout(
        row.school, row.snapshot, row.kind, row.class_id, row.term, row.options, row.forms
    )
