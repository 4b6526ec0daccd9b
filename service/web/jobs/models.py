"""Orders, and the kinds one may order, as they go over the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from service.domain.codes import Id
from service.domain.errors import Reason
from service.web.http.models import Asked, Next, Told


class JobAsked(Asked):
    """Print one document; `term` only for kinds of a term, `batch` for one of many.

    Batches let urgent orders pass, and no school's batch holds up another school's.
    """

    snapshot: Id
    kind: Id
    class_: Annotated[Id, Field(alias="class")]
    term: Id | None = None
    batch: bool = False


class JobTold(Told):
    """How an order goes."""

    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    batch: bool
    created_at: datetime
    percent: int
    step: str
    pages_done: Annotated[int, Field(description="Сколько страниц уже напечатано")]
    pages_total: Annotated[
        int | None, Field(description="Сколько страниц будет; null, пока они не свёрстаны")
    ]
    estimate_seconds: Annotated[
        int | None,
        Field(
            description="Через сколько секунд задание должно кончиться: по среднему времени "
            "последних таких документов и очереди перед ним; null, если судить не по чему"
        ),
    ]
    document: str
    problem: Reason | None = None


class JobsTold(Told):
    """A school's orders, the newest first."""

    jobs: list[JobTold]
    next: Next


class KindTold(Told):
    """A kind of document this service prints."""

    name: str
    title: str
    scope: Literal["class", "class-term"]
    retention_years: int
    signatories: list[str]


class KindsTold(Told):
    """The catalogue."""

    kinds: list[KindTold]
