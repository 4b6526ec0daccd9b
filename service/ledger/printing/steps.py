"""Automatic steps of documents: due when, taken up how often, how far, why put off."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, insert, select, update

from service.domain.errors import Reason
from service.ledger.documents import AUTOMATIC, State
from service.ledger.moments import reached
from service.ledger.tables import documents, steps
from service.observing.context import ids, trace

_LATER = steps.alias("later")
_STATES: BindParameter[str] = bindparam("states", expanding=True)
_NEWEST = select(steps).where(
    steps.c.document.in_(bindparam("names", expanding=True)),
    steps.c.state.in_(_STATES),
    steps.c.generation
    == select(func.max(_LATER.c.generation))
    .where(_LATER.c.document == steps.c.document, _LATER.c.state.in_(_STATES))
    .scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One automatic state of one generation of a document, being worked on or waiting for it."""

    document: str
    state: State
    generation: int
    school: str
    turn: int  # the lowest is taken first
    due: datetime
    tries: int = 0
    starts: int = 0
    crashes: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    percent: int = 0
    doing: str = ""
    pages: int = 0  # printed so far
    pages_total: int | None = None  # known once they are laid out
    problem: Reason | None = None
    request: str | None = None  # the id of the HTTP request it goes back to
    trace: str | None = None  # the traceparent it belongs to


def add(connection: Connection, step: Step) -> None:
    """Write down that a step is to be done, and the request and the trace it is called for in."""
    connection.execute(
        insert(steps),
        {
            "document": step.document,
            "state": step.state,
            "generation": step.generation,
            "school": step.school,
            "turn": step.turn,
            "due": step.due,
            "tries": step.tries,
            "starts": 0,
            "crashes": step.crashes,
            "percent": 0,
            "doing": "",
            "pages": 0,
            "problem": step.problem,
            "request": ids().get("request"),
            "trace": trace(),
        },
    )


def begin(
    connection: Connection, document: str, state: State, generation: int, at: datetime
) -> Step | None:
    """Take a step up and count it; None if it is finished or was never written."""
    here = _at(document, state, generation)
    taken = connection.execute(
        update(steps)
        .where(*here, steps.c.finished_at.is_(None))
        .values(starts=steps.c.starts + 1, started_at=at)
    )
    if taken.rowcount != 1:
        return None
    return _step(connection.execute(select(steps).where(*here)).one())


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a step has come: per cent, what is being done (Russian), pages printed and in all."""

    percent: int
    doing: str
    pages: int = 0
    pages_total: int | None = None


def progress(
    connection: Connection, document: str, state: State, generation: int, stage: Stage
) -> None:
    """Note how far an unfinished step has come; it never goes back."""
    connection.execute(
        update(steps)
        .where(
            *_at(document, state, generation),
            steps.c.finished_at.is_(None),
            steps.c.percent <= stage.percent,
        )
        .values(asdict(stage))
    )


def finish(
    connection: Connection,
    document: str,
    state: State,
    generation: int,
    at: datetime,
    problem: Reason | None,
) -> None:
    """Close a step, done or with the problem that ended it."""
    connection.execute(
        update(steps)
        .where(*_at(document, state, generation))
        .values({"finished_at": at, "problem": problem} | ({} if problem else {"percent": 100}))
    )


def latest(connection: Connection, document: str, *states: State) -> Step | None:
    """Return the newest step of a document, of some states if named."""
    return newest(connection, [document], *states).get(document)


def newest(connection: Connection, names: Collection[str], *states: State) -> dict[str, Step]:
    """Return the newest step of each of some documents that has one, of some states if named."""
    chosen = {"names": list(names), "states": states or tuple(AUTOMATIC)}
    return {row.document: _step(row) for row in connection.execute(_NEWEST, chosen)}


def overdue(connection: Connection, before: datetime) -> tuple[Step, ...]:
    """Return open steps due before a moment whose document still stands in them."""
    joined = select(steps).join(
        documents,
        (documents.c.id == steps.c.document)
        & (documents.c.state == steps.c.state)
        & (documents.c.generation == steps.c.generation),
    )
    late = steps.c.finished_at.is_(None), reached(steps.c.due, before)
    rows = connection.execute(joined.where(*late))
    return tuple(_step(row) for row in rows)


def _at(document: str, state: State, generation: int) -> tuple[Any, ...]:
    return (
        steps.c.document == document,
        steps.c.state == state,
        steps.c.generation == generation,
    )


def _step(row: Row[Any]) -> Step:
    values = dict(row._mapping)
    values["state"] = State(values["state"])
    return Step(**values)
