"""Whether the ledger agrees with itself: its whole audit log, and documents with what it says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, func, select

from service.ledger import audit
from service.ledger import copies as kept
from service.ledger.audit import Breach, Walk
from service.ledger.copies import Kept
from service.ledger.database import Database
from service.ledger.documents import State
from service.ledger.tables import audit as log
from service.ledger.tables import documents

LINES = 2000  # looked at in one transaction: lines are only added, so the next may see more
DOCUMENTS = 500
BEGINNINGS = {"order": State.RENDERING, "bind": State.RENDERING}
STORES = 2

Seen = Callable[[int, int], None]
"""Is told how many of how many were looked at."""


@dataclass(frozen=True, slots=True)
class Break:
    """The first line that does not follow; without a school it is not there any more."""

    number: int
    breach: Breach
    school: str | None


@dataclass(frozen=True, slots=True)
class Followed:
    """The audit log as far as it holds: how many lines, the hash of the last of them."""

    lines: int
    last: str
    broken: Break | None


class Fault(StrEnum):
    """How a document disagrees with the rest of the ledger."""

    UNLOGGED = "not-in-log"
    STATE = "state-not-as-logged"
    COPIES = "copies-missing"
    ANOTHER = "another-file-archived"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A document the ledger contradicts itself about."""

    document: str
    school: str
    state: str
    fault: Fault


def follow(database: Database, seen: Seen) -> Followed:
    """Follow the whole log to the line that was its last when this began, in flat memory."""
    walk = Walk()
    with database.reading() as connection:
        head = audit.head(connection)
    while walk.number < head:
        with database.reading() as connection:
            lines = audit.after(connection, walk.number, LINES)
        for line in lines:
            if (breach := walk.breach(line)) is not None:
                school = None if breach is Breach.MISSING else line.event.school
                found = Break(walk.number + 1, breach, school)
                return Followed(walk.number, walk.last, found)
        if not lines:
            return Followed(walk.number, walk.last, Break(walk.number + 1, Breach.MISSING, None))
        seen(min(walk.number, head), head)
    return Followed(walk.number, walk.last, None)


def disagreements(database: Database, seen: Seen) -> Iterator[Disagreement]:
    """Yield what documents are that they were not logged to be, or lack of what they must have."""
    with database.reading() as connection:
        count = connection.execute(select(func.count()).select_from(documents)).scalar_one()
    last, done = "", 0
    while True:
        chosen = (
            select(documents.c.id, documents.c.school, documents.c.state, documents.c.pdf)
            .where(documents.c.id > last)
            .order_by(documents.c.id)
            .limit(DOCUMENTS)
        )
        with database.reading() as connection:
            rows = connection.execute(chosen).all()
            names = [row.id for row in rows]
            logged = _logged(connection, names)
            held = kept.of_documents(connection, names)
        if not rows:
            return
        for row in rows:
            fault = _fault(row.state, row.pdf, logged.get(row.id), held[row.id])
            if fault is not None:
                yield Disagreement(row.id, row.school, row.state, fault)
        last, done = rows[-1].id, done + len(rows)
        seen(min(done, count), count)


def _fault(state: str, pdf: str | None, logged: str | None, held: list[Kept]) -> Fault | None:
    if logged is None:
        return Fault.UNLOGGED
    if logged != state:
        return Fault.STATE
    if state != State.ARCHIVED:
        return None
    stores: dict[str, set[str]] = {}
    for one in held:
        stores.setdefault(one.name, set()).add(one.store)
    if not stores or any(len(where) < STORES for where in stores.values()):
        return Fault.COPIES
    return None if pdf in {one.sha256 for one in held} else Fault.ANOTHER


def _logged(connection: Connection, names: Collection[str]) -> dict[str, str]:
    """Return the state that the last line about each of some documents' moves took it to."""
    moves = (*(state.value for state in State), *BEGINNINGS)
    newest = (
        select(func.max(log.c.number))
        .where(log.c.subject.in_(names), log.c.action.in_(moves))
        .group_by(log.c.subject)
    )
    rows = connection.execute(select(log.c.subject, log.c.action).where(log.c.number.in_(newest)))
    return {row.subject: BEGINNINGS.get(row.action, row.action) for row in rows}
