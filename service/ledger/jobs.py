"""Print jobs: what somebody ordered, one document each."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from service.domain.errors import Missing
from service.ledger.tables import jobs


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


def add(connection: Connection, job: Job) -> None:
    """Write an order down."""
    connection.execute(insert(jobs).values(asdict(job)))


def get(connection: Connection, job: str) -> Job:
    """Return a job by id."""
    row = connection.execute(select(jobs).where(jobs.c.id == job)).one_or_none()
    if row is None:
        raise JobMissing(f"Задания {job} нет: проверьте адрес.")
    return Job(**row._mapping)
