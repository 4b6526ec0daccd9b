"""Documents of a school by what they are, page by page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, not_, select

from service.ledger.documents import WAITING, Document, State, document_of
from service.ledger.pages import Page, newest
from service.ledger.tables import documents
from service.ledger.versions import SUPERSEDED


@dataclass(frozen=True, slots=True)
class Sought:
    """Which documents; what is None does not matter, `classes` are all a caller may see.

    `latest` leaves out those a newer version has taken the place of; what waits to be signed is
    never one of those: it is SUPERSEDED.
    """

    school: str
    state: State | None = None
    kind: str | None = None
    class_id: str | None = None
    term: str | None = None
    year: str | None = None
    latest: bool = False
    keep_until_before: date | None = None
    classes: Collection[str] | None = None


def search(connection: Connection, sought: Sought, page: Page) -> tuple[Document, ...]:
    """Return a page of documents, the newest first, and one more if there is one."""
    chosen = select(documents).where(*_conditions(sought))
    cut = newest(chosen, documents.c.created_at, documents.c.id, page)
    return tuple(document_of(row) for row in connection.execute(cut))


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    exactly = {
        documents.c.school: sought.school,
        documents.c.kind: sought.kind,
        documents.c.class_id: sought.class_id,
        documents.c.term: sought.term,
        documents.c.year: sought.year,
    }
    wanted = [column == value for column, value in exactly.items() if value is not None]
    if sought.state is State.SUPERSEDED:
        wanted += [documents.c.state.in_(WAITING.values()), SUPERSEDED]
    elif sought.state is not None:
        wanted.append(documents.c.state == sought.state)
    if sought.latest or sought.state in WAITING.values():
        wanted.append(not_(SUPERSEDED))
    if sought.classes is not None:
        wanted.append(documents.c.class_id.in_(sought.classes))
    if sought.keep_until_before is not None:
        wanted.append(documents.c.keep_until < sought.keep_until_before)
    return wanted
