"""Print jobs: what somebody ordered, one document each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, insert, or_, select

from service.domain.errors import Missing
from service.ledger.documents import Document, State, by_ids
from service.ledger.pages import Page, newest
from service.ledger.tables import documents, jobs, steps

_ONE = select(jobs).where(jobs.c.id == bindparam("job"))


class JobMissing(Missing):
    """No job of this id, or it is another school's."""

    code = "job-missing"
    title = "Задание не найдено"


@dataclass(frozen=True, slots=True)
class Job:
    """An order for one document; how it goes is told by the document and its steps."""

    id: str
    school: str
    document: str
    ordered_by: str
    created_at: datetime
    batch: bool = False  # of many: what somebody waits for at a screen comes first


class Going(StrEnum):
    """How an order goes, where that is no state of its document too."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"


def add(connection: Connection, job: Job) -> None:
    """Write an order down."""
    connection.execute(insert(jobs), asdict(job))


def get(connection: Connection, job: str) -> Job:
    """Return a job by id."""
    row = connection.execute(_ONE, {"job": job}).one_or_none()
    if row is None:
        raise JobMissing(f"Задания {job} нет: проверьте адрес.")
    return Job(**row._mapping)


def of_school(
    connection: Connection,
    school: str,
    state: State | Going | None,
    page: Page,
    classes: Collection[str] | None = None,
) -> tuple[tuple[Job, Document], ...]:
    """Return a page of a school's orders and their documents, the newest first, and one more.

    Of a state and of some classes, if they are named.
    """
    chosen = select(jobs).join(documents).where(jobs.c.school == school)
    if state is not None:
        chosen = chosen.where(_stands(state))
    if classes is not None:
        chosen = chosen.where(documents.c.class_id.in_(classes))
    cut = newest(chosen, jobs.c.created_at, jobs.c.id, page)
    found = [Job(**row._mapping) for row in connection.execute(cut)]
    bound = {one.id: one for one in by_ids(connection, [job.document for job in found])}
    return tuple((job, bound[job.document]) for job in found)


def in_batch(connection: Connection, document: str) -> bool:
    """Return whether a document was ordered as one of many."""
    found = connection.execute(select(jobs.c.batch).where(jobs.c.document == document)).scalar()
    return bool(found)


def of_document(connection: Connection, document: str) -> str | None:
    """Return the id of the order of a document; a further volume has none of its own."""
    found: str | None = connection.execute(
        select(jobs.c.id).where(jobs.c.document == document)
    ).scalar()
    return found


def _stands(state: State | Going) -> ColumnElement[bool]:
    """Return whether a document is in a state, or its order goes so."""
    printing = documents.c.state == State.RENDERING
    begun = exists().where(
        steps.c.document == documents.c.id,
        steps.c.state == State.RENDERING,
        steps.c.generation == documents.c.generation,
        steps.c.starts > 0,
    )
    match state:
        case State():
            return documents.c.state == state
        case Going.QUEUED:
            return and_(printing, ~begun)
        case Going.RUNNING:
            return and_(printing, begun)
        case Going.DONE:
            return or_(
                documents.c.state.not_in((State.RENDERING, State.CANCELLED, State.FAILED)),
                and_(documents.c.state == State.FAILED, documents.c.failed_in != State.RENDERING),
            )
        case _:
            assert_never(state)
