"""How the ledger itself stands: what waits for how long, what failed, who signed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from service.domain.errors import Reason
from service.ledger.documents import State
from service.ledger.outgoing.tables import webhook_deliveries
from service.ledger.proof.tables import chores
from service.ledger.tables import documents, signatures, steps
from service.ledger.tables import signing_sessions as sessions


@dataclass(frozen=True, slots=True)
class Waiting:
    """Steps of one state (and school, if asked for): how many wait, and since when."""

    state: State
    school: str
    waiting: int  # due, and nobody has taken them up
    running: int  # taken up, or to be taken up again
    delayed: int  # put off until later
    since: datetime | None  # when the oldest of the waiting was due


@dataclass(frozen=True, slots=True)
class ChoreStanding:
    """A daily chore: when it is due next, was last done, and what was in the way."""

    name: str
    due: datetime
    done_at: datetime | None
    problem: Reason | None


def waiting(
    connection: Connection, at: datetime, *, by_school: bool = False
) -> tuple[Waiting, ...]:
    """Return what is open at a moment, a row a state (and school)."""
    keys = (steps.c.state, steps.c.school) if by_school else (steps.c.state,)
    untouched = steps.c.started_at.is_(None)
    due = steps.c.due <= at
    asked = (
        select(
            *keys,
            func.count().filter(untouched & due).label("waiting"),
            func.count().filter(~untouched).label("running"),
            func.count().filter(untouched & ~due).label("delayed"),
            func.min(steps.c.due).filter(untouched & due).label("since"),
        )
        .where(steps.c.finished_at.is_(None))
        .group_by(*keys)
    )
    return tuple(
        Waiting(
            state=State(row.state),
            school=row.school if by_school else "",
            waiting=row.waiting,
            running=row.running,
            delayed=row.delayed,
            since=row.since,
        )
        for row in connection.execute(asked)
    )


def documents_by_state(connection: Connection) -> dict[str, int]:
    """Return how many documents stand in each state; read from an index alone."""
    asked = select(documents.c.state, func.count()).group_by(documents.c.state)
    return dict(connection.execute(asked).all())


def signatures_by_role(connection: Connection) -> dict[str, int]:
    """Return how many signatures on documents there are in each role; from an index alone."""
    asked = select(signatures.c.role, func.count()).group_by(signatures.c.role)
    return dict(connection.execute(asked).all())


def failures(connection: Connection) -> Counter[str]:
    """Return how many documents have failed, by the problem's code.

    Where any has is read from an index alone; then only rows of those that have.
    """
    failed = documents.c.state == State.FAILED
    where = connection.execute(select(documents.c.school).where(failed).distinct()).scalars().all()
    asked = select(documents.c.problem).where(documents.c.school.in_(where), failed)
    return Counter(
        problem.code if problem else "" for problem in connection.execute(asked).scalars()
    )


def events_waiting(connection: Connection) -> dict[str, int]:
    """Return how many events of webhooks are not done with, by the state of their delivery."""
    asked = (
        select(webhook_deliveries.c.state, func.count())
        .where(webhook_deliveries.c.finished_at.is_(None))
        .group_by(webhook_deliveries.c.state)
    )
    return dict(connection.execute(asked).all())


def in_the_way(connection: Connection) -> Counter[str]:
    """Return the problems open steps were put off for, by code."""
    asked = select(steps.c.problem).where(steps.c.finished_at.is_(None), steps.c.tries > 0)
    return Counter(problem.code for problem in connection.execute(asked).scalars() if problem)


def chores_known(connection: Connection) -> tuple[ChoreStanding, ...]:
    """Return every chore that was ever begun."""
    rows = connection.execute(select(chores).order_by(chores.c.name))
    return tuple(ChoreStanding(row.name, row.due, row.done_at, row.problem) for row in rows)


def last_certificates(connection: Connection, since: datetime) -> tuple[tuple[str, str, str], ...]:
    """Return school, role and certificate (base64 of DER) of whoever announced one last.

    Of each school's roles, the newest session since a moment.
    """
    announced = (sessions.c.opened_at >= since, sessions.c.signer.is_not(None))
    newest = (
        select(sessions.c.school, sessions.c.role, func.max(sessions.c.opened_at).label("at"))
        .where(*announced)
        .group_by(sessions.c.school, sessions.c.role)
        .subquery()
    )
    asked = (
        select(sessions.c.school, sessions.c.role, sessions.c.certificates)
        .join(newest, (sessions.c.school == newest.c.school) & (sessions.c.role == newest.c.role))
        .where(sessions.c.opened_at == newest.c.at, *announced)
        .order_by(sessions.c.school, sessions.c.role)
    )
    rows = connection.execute(asked)
    return tuple((row.school, row.role, row.certificates[0]) for row in rows if row.certificates)
