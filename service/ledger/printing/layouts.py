"""Documents laid out to be counted and not kept: asked for once, done by whoever is free."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, astuple, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, or_, select, update

from service.ledger.calendar.tables import layouts
from service.ledger.ids import id_of
from service.ledger.moments import reached


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
        return id_of(*astuple(self))


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
    rows = [{"id": name, **asdict(by_id[name]), "asked_at": at} for name in sorted(missing)]
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
    connection: Connection,
    forms: str,
    holder: str | None,
    at: datetime,
    until: datetime,
    most: int,
) -> tuple[Layout, ...]:
    """Take up layouts nobody is at, those asked for first first.

    A `holder`, a process that lives (`service.ledger.printing.workers`), keeps them; it may itself
    take them again after `until`, and then they are free if nobody in particular took them.
    """
    rows = connection.execute(
        select(layouts)
        .where(*_free(forms, holder, at))
        .order_by(layouts.c.asked_at, layouts.c.id)
        .limit(most)
    ).all()
    names = [row.id for row in rows]
    taken = {"claimed_by": holder, "claimed_until": until}
    connection.execute(update(layouts).where(layouts.c.id.in_(names)).values(taken))
    return tuple(map(_layout, rows))


def waiting(connection: Connection, forms: str, holder: str | None, at: datetime) -> bool:
    """Return whether there is a layout to take up."""
    chosen = select(layouts.c.id).where(*_free(forms, holder, at))
    return connection.execute(chosen.limit(1)).first() is not None


def put_off(connection: Connection, layout: Layout, holder: str | None, until: datetime) -> None:
    """Let go of a layout that could not be counted now; it is free after `until`."""
    connection.execute(
        update(layouts).where(*_held(layout, holder)).values(claimed_by=None, claimed_until=until)
    )


def forsaken(connection: Connection, living: Collection[str]) -> bool:
    """Return whether a process that does not live holds a layout."""
    chosen = select(layouts.c.id).where(_dead(living)).limit(1)
    return connection.execute(chosen).first() is not None


def free(connection: Connection, living: Collection[str]) -> int:
    """Have what processes that do not live held taken up now; return how many that were."""
    taken = {"claimed_by": None, "claimed_until": None}
    return connection.execute(update(layouts).where(_dead(living)).values(taken)).rowcount


def note(
    connection: Connection, layout: Layout, holder: str | None, found: Counted, at: datetime
) -> None:
    """Write down what was counted; a latecomer writes nothing."""
    connection.execute(
        update(layouts)
        .where(*_held(layout, holder))
        .values(
            claimed_by=None,
            done_at=at,
            pages=list(found.pages),
            sheets=list(found.sheets),
            seconds=found.seconds,
            problem=found.problem,
        )
    )


def _free(forms: str, holder: str | None, at: datetime) -> tuple[ColumnElement[bool], ...]:
    nobodys, over = layouts.c.claimed_by.is_(None), reached(layouts.c.claimed_until, at)
    return (
        layouts.c.done_at.is_(None),
        layouts.c.forms == forms,
        or_(layouts.c.claimed_until.is_(None), over),
        or_(nobodys, layouts.c.claimed_by == holder),
    )


def _dead(living: Collection[str]) -> ColumnElement[bool]:
    return layouts.c.claimed_by.is_not(None) & layouts.c.claimed_by.not_in(living)


def _held(layout: Layout, holder: str | None) -> tuple[ColumnElement[bool], ...]:
    mine = layouts.c.claimed_by.is_not_distinct_from(holder)
    return layouts.c.id == layout.id, layouts.c.done_at.is_(None), mine


def _layout(row: Row[Any]) -> Layout:
    return Layout(
        row.school, row.snapshot, row.kind, row.class_id, row.term, row.options, row.forms
    )
