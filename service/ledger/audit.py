"""What happened, by whom, when: lines only added, each sealed with the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from service.ledger.tables import audit

FIRST = "0" * 64


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
    """An event with its number in the log, which grows by one, and its seal."""

    number: int
    hash: str
    event: Event


def append(connection: Connection, happened: Event) -> None:
    """Add a line in the transaction it tells about; writers take turns, so the chain holds."""
    last = connection.execute(
        select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)
    ).one_or_none()
    number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
    connection.execute(
        insert(audit).values(
            number=number,
            at=happened.at,
            school=happened.school,
            subject=happened.subject,
            actor=happened.actor,
            action=happened.action,
            details=dict(happened.details),
            previous=previous,
            hash=seal(number, previous, happened),
        )
    )


def seal(number: int, previous: str, happened: Event) -> str:
    """Return the hash of a line: of the canonical JSON of all it says and the hash before."""
    line = [
        number,
        previous,
        happened.at.astimezone(UTC).isoformat(timespec="microseconds"),
        happened.school,
        happened.subject,
        happened.actor,
        happened.action,
        dict(happened.details),
    ]
    canonical = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def first_broken(connection: Connection) -> int | None:
    """Return the number of the first line changed, removed or put in; None: the log is whole."""
    previous = FIRST
    expected = 1
    for row in connection.execute(select(audit).order_by(audit.c.number)):
        happened = Event(row.at, row.school, row.subject, row.actor, row.action, row.details)
        if (
            row.number != expected
            or row.previous != previous
            or row.hash != seal(row.number, previous, happened)
        ):
            return expected
        previous = str(row.hash)
        expected += 1
    return None


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
    return tuple(
        Line(
            row.number,
            row.hash,
            Event(row.at, row.school, row.subject, row.actor, row.action, row.details),
        )
        for row in rows
    )


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
    found = rows.yield_per(500)
    earlier = next((row.number for row in found if row.at < moment - slack), 0)
    found.close()
    return int(earlier)
