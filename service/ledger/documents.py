"""Documents as the ledger knows them: who, what, which state; every move is compare-and-set."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from service.domain.approving.approval import Role
from service.domain.errors import Conflict, Missing, Reason
from service.ledger.tables import documents

_ONE = select(documents).where(documents.c.id == bindparam("document"))


class DocumentMissing(Missing):
    """No document of this id, or it is another school's."""

    code = "document-missing"
    title = "Документ не найден"


class Overtaken(Conflict):
    """The document moved on while this was being done; nothing was written."""

    code = "document-moved-on"
    title = "Состояние документа уже изменилось"


class State(StrEnum):
    """Where a document is on its road."""

    RENDERING = "rendering"
    AWAITING_DEPUTY = "awaiting-deputy"
    AWAITING_SEAL = "awaiting-seal"
    AWAITING_DIRECTOR = "awaiting-director"
    DEPOSITING = "depositing"
    IN_ONE_STORE = "in-one-store"
    ARCHIVED = "archived"
    FAILED = "failed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"  # told, never written: would wait to be signed, but for a newer one


AUTOMATIC = frozenset({State.RENDERING, State.DEPOSITING, State.IN_ONE_STORE})
WAITING = {
    Role.DEPUTY: State.AWAITING_DEPUTY,
    Role.SEAL: State.AWAITING_SEAL,
    Role.DIRECTOR: State.AWAITING_DIRECTOR,
}


@dataclass(frozen=True, slots=True)
class Document:
    """One volume of one version of a printed document; the columns of its row."""

    id: str
    school: str
    snapshot: str
    kind: str
    class_id: str
    class_title: str
    term: str
    year: str
    year_end: date
    timezone: str
    version: int
    supersedes: str  # the version before, if there is one: this volume of it, or its first
    options: str
    forms: str
    route: tuple[Role, ...]
    retention_years: int
    issued_at: datetime
    state: State
    generation: int
    created_at: datetime
    updated_at: datetime
    failed_in: State | None = None
    problem: Reason | None = None
    pages: int | None = None
    sheets: int | None = None
    pdf: str | None = None
    printed: str | None = None
    docx: str | None = None
    keep_until: date | None = None
    volume: int = 1
    volumes: int | None = None  # of this version; known once it is printed

    @property
    def turn(self) -> Role | None:
        """Whose signature it waits for, if it waits."""
        return next((role for role, state in WAITING.items() if state is self.state), None)

    @property
    def stands(self) -> bool:
        """Whether it was not sent back or called off, and was or may yet be printed."""
        unprinted = self.state is State.FAILED and self.failed_in is State.RENDERING
        return self.state not in {State.REJECTED, State.CANCELLED} and not unprinted


def add(connection: Connection, document: Document) -> None:
    """Write a document's first row."""
    row = {f.name: getattr(document, f.name) for f in fields(document)}
    connection.execute(insert(documents), row | {"route": list(document.route)})


def get(connection: Connection, document: str) -> Document:
    """Return a document by id."""
    found = find(connection, document)
    if found is None:
        raise DocumentMissing(f"Документа {document} нет: проверьте адрес.")
    return found


def find(connection: Connection, document: str) -> Document | None:
    """Return a document by id, or None."""
    row = connection.execute(_ONE, {"document": document}).one_or_none()
    return None if row is None else document_of(row)


def by_ids(connection: Connection, names: Collection[str]) -> tuple[Document, ...]:
    """Return those of some documents that are there, in any order."""
    rows = connection.execute(select(documents).where(documents.c.id.in_(names)))
    return tuple(document_of(row) for row in rows)


def by_file(connection: Connection, sha256: str) -> str | None:
    """Return the id of the document whose latest PDF has these bytes, or None."""
    chosen = select(documents.c.id).where(documents.c.pdf == sha256).limit(1)
    return connection.execute(chosen).scalar()


def of_year(
    connection: Connection, school: str, year: str, class_id: str | None, kind: str | None
) -> tuple[Document, ...]:
    """Return a school's documents of a year, of one class or kind if named; the oldest first."""
    chosen = select(documents).where(documents.c.school == school, documents.c.year == year)
    if class_id is not None:
        chosen = chosen.where(documents.c.class_id == class_id)
    if kind is not None:
        chosen = chosen.where(documents.c.kind == kind)
    oldest = chosen.order_by(documents.c.created_at, documents.c.id)
    return tuple(document_of(row) for row in connection.execute(oldest))


def unarchived(connection: Connection, after: str, most: int) -> tuple[Document, ...]:
    """Return printed documents the archive is not known to hold, by id, those behind `after`."""
    rows = connection.execute(
        select(documents)
        .where(
            documents.c.id > after,
            documents.c.pdf.is_not(None),
            documents.c.state.in_([*WAITING.values(), State.FAILED, *AUTOMATIC]),
        )
        .order_by(documents.c.id)
        .limit(most)
    )
    return tuple(document_of(row) for row in rows)


def waiting(connection: Connection, school: str, most: int) -> int:
    """Return how many documents of a school wait to be printed; past `most` nobody counts."""
    open_ones = (
        select(documents.c.id)
        .where(documents.c.school == school, documents.c.state == State.RENDERING)
        .limit(most)
    )
    return connection.execute(select(func.count()).select_from(open_ones.subquery())).scalar_one()


def move(
    connection: Connection, document: Document, state: State, at: datetime, **changes: Any
) -> Document:
    """Take a document from the state and generation it was read in to another state.

    Raises Overtaken, and changes nothing, if it is no longer there.
    """
    moved = replace(
        document, state=state, generation=document.generation + 1, updated_at=at, **changes
    )
    done = connection.execute(
        update(documents)
        .where(
            documents.c.id == document.id,
            documents.c.state == document.state,
            documents.c.generation == document.generation,
        )
        .values(state=state, generation=moved.generation, updated_at=at, **changes)
    )
    if done.rowcount != 1:
        raise Overtaken(
            "Пока выполнялось действие, документ перешёл в другое состояние. "
            "Обновите сведения о документе."
        )
    return moved


def document_of(row: Row[Any]) -> Document:
    """Return a row of the table as a document."""
    values = dict(row._mapping)
    values["route"] = tuple(Role(role) for role in values["route"])
    values["state"] = State(values["state"])
    values["failed_in"] = State(values["failed_in"]) if values["failed_in"] else None
    return Document(**values)
