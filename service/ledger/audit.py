"""What happened, by whom, when: lines only added, each sealed with the hash of the one before.

A school is shown its own lines only, between which others' numbers are missing; so they have
numbers and a chain of their own besides, which whoever sees them all can check.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select

from service.ledger.tables import audit

FIRST = "0" * 64

_ENDS = select(
    audit.c.number, audit.c.hash, audit.c.school, audit.c.school_number, audit.c.school_hash
).where(
    or_(
        audit.c.number == select(func.max(audit.c.number)).scalar_subquery(),
        audit.c.number
        == select(func.max(audit.c.number))
        .where(audit.c.school == bindparam("school"))
        .scalar_subquery(),
    )
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `details` hold ids, states and hashes, never a name or a mark."""

    at: datetime
    school: str
    subject: str
    actor: str
    action: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """An event as it stands in the log, in the chain of all lines and in that of its school."""

    number: int
    event: Event
    previous: str
    hash: str
    school_number: int
    school_previous: str
    school_hash: str


@dataclass(frozen=True, slots=True)
class Sought:
    """Which lines of a school; times are aware, `until` does not belong to the spell any more."""

    after: int = 0  # a number
    subject: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """What a school's chain was found to be: how long, its end, and the first line that breaks it.

    `last` is the end of the part that holds.
    """

    lines: int
    last: str
    broken: int | None


class Breach(StrEnum):
    """How a line fails to follow the one before it."""

    MISSING = "line-missing"
    CHANGED = "line-changed"
    UNLINKED = "link-broken"
    SCHOOL = "school-link-broken"


@dataclass(slots=True)
class Walk:
    """Both chains followed from the first line; `number` and `last` are of the last that holds."""

    number: int = 0
    last: str = FIRST
    schools: dict[str, tuple[int, str]] = field(default_factory=dict)

    def breach(self, line: Line) -> Breach | None:
        """Go on to the next line; or stay, and return what is wrong with it."""
        school = line.event.school
        number, before = self.schools.get(school, (0, FIRST))
        if line.number != self.number + 1:
            return Breach.MISSING
        if line.hash != seal(line.number, line.previous, line.event):
            return Breach.CHANGED
        if line.previous != self.last:
            return Breach.UNLINKED
        if not _sealed_in_school(line, number + 1, before):
            return Breach.SCHOOL
        self.number, self.last = line.number, line.hash
        self.schools[school] = line.school_number, line.school_hash
        return None


def append(connection: Connection, happened: Event) -> None:
    """Add a line in the transaction it tells about; writers take turns, so the chains hold."""
    ends = connection.execute(_ENDS, {"school": happened.school}).all()
    last = max(ends, key=lambda one: one.number, default=None)
    own = next((one for one in ends if one.school == happened.school), None)
    number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
    school_number, school_previous = (own.school_number + 1, own.school_hash) if own else (1, FIRST)
    sealed = seal(number, previous, happened)
    connection.execute(
        insert(audit),
        {
            "number": number,
            "at": happened.at,
            "school": happened.school,
            "subject": happened.subject,
            "actor": happened.actor,
            "action": happened.action,
            "details": dict(happened.details),
            "previous": previous,
            "hash": sealed,
            "school_number": school_number,
            "school_previous": school_previous,
            "school_hash": seal_of_school(school_number, school_previous, sealed),
        },
    )


def seal(number: int, previous: str, happened: Event) -> str:
    """Return the hash of a line: of the canonical JSON of all it says and the hash before."""
    return _hash(
        number,
        previous,
        told(happened.at),
        happened.school,
        happened.subject,
        happened.actor,
        happened.action,
        dict(happened.details),
    )


def seal_of_school(number: int, previous: str, line: str) -> str:
    """Return the hash of a line in its school's chain: of its hash and the one before."""
    return _hash(number, previous, line)


def told(at: datetime) -> str:
    """Return a time as it is sealed: ISO 8601 in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def first_broken(connection: Connection) -> int | None:
    """Return the number of the first line changed, removed or put in; None: the log is whole."""
    walk = Walk()
    for row in connection.execute(select(audit).order_by(audit.c.number)):
        if walk.breach(_line(row)) is not None:
            return walk.number + 1
    return None


def after(connection: Connection, number: int, most: int) -> tuple[Line, ...]:
    """Return the first lines of all schools beyond a number, in order."""
    chosen = select(audit).where(audit.c.number > number).order_by(audit.c.number).limit(most)
    return tuple(map(_line, connection.execute(chosen)))


def chain(connection: Connection, school: str) -> Chain:
    """Check every line of a school and the chain of them."""
    number, last = 0, FIRST
    for line in _lines(connection, school, Sought(), None):
        if not _sealed(line, number + 1, last):
            return Chain(number, last, line.number)
        number, last = number + 1, line.school_hash
    return Chain(number, last, None)


def found(connection: Connection, school: str, sought: Sought, limit: int) -> tuple[Line, ...]:
    """Return lines of a school, the oldest first."""
    return tuple(_lines(connection, school, sought, limit))


def head(connection: Connection) -> int:
    """Return the number of the last line; 0 before there is one."""
    last = select(audit.c.number).order_by(audit.c.number.desc()).limit(1)
    return connection.execute(last).scalar() or 0


def of_school(connection: Connection, school: str, after: int, most: int) -> tuple[Line, ...]:
    """Return the first lines about a school beyond a number, in order."""
    rows = connection.execute(
        select(audit)
        .where(audit.c.school == school, audit.c.number > after)
        .order_by(audit.c.number)
        .limit(most)
    )
    return tuple(_line(row) for row in rows)


def position_before(connection: Connection, school: str, moment: datetime, slack: timedelta) -> int:
    """Return the number of a line of a school before all that happened from a moment on.

    A line is written when what it tells of ends, so its time is the beginning: looked for backwards
    until lines are `slack` older than the moment.
    """
    rows = connection.execute(
        select(audit.c.number, audit.c.at)
        .where(audit.c.school == school)
        .order_by(audit.c.number.desc())
    )
    with rows.yield_per(500) as backwards:
        return next((int(row.number) for row in backwards if row.at < moment - slack), 0)


def _lines(
    connection: Connection, school: str, sought: Sought, limit: int | None
) -> Iterator[Line]:
    chosen = select(audit).where(audit.c.school == school, audit.c.number > sought.after)
    if sought.subject is not None:
        chosen = chosen.where(audit.c.subject == sought.subject)
    if sought.action is not None:
        chosen = chosen.where(audit.c.action == sought.action)
    if sought.since is not None:
        chosen = chosen.where(audit.c.at >= sought.since)
    if sought.until is not None:
        chosen = chosen.where(audit.c.at < sought.until)
    for row in connection.execute(chosen.order_by(audit.c.number).limit(limit)):
        yield _line(row)


def _line(row: Row[Any]) -> Line:
    return Line(
        number=row.number,
        event=Event(row.at, row.school, row.subject, row.actor, row.action, row.details),
        previous=row.previous,
        hash=row.hash,
        school_number=row.school_number,
        school_previous=row.school_previous,
        school_hash=row.school_hash,
    )


def _sealed(line: Line, school_number: int, school_previous: str) -> bool:
    """Whether a line says what it is sealed with, and follows another of its school."""
    return line.hash == seal(line.number, line.previous, line.event) and _sealed_in_school(
        line, school_number, school_previous
    )


def _sealed_in_school(line: Line, number: int, previous: str) -> bool:
    return (line.school_number, line.school_previous) == (
        number,
        previous,
    ) and line.school_hash == seal_of_school(number, previous, line.hash)


def _hash(*said: object) -> str:
    canonical = json.dumps(list(said), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
