"""Routes that take orders: jobs, and the kinds of documents there are."""

from __future__ import annotations

import time
from threading import BoundedSemaphore
from typing import Annotated

from flask import request
from pydantic import Field

from service.bootstrap.serving import Service
from service.domain.rights import Right
from service.ledger import documents, jobs, steps
from service.ledger.documents import Document, State
from service.ledger.jobs import Job
from service.ledger.pages import Place
from service.web.access import Caller
from service.web.cursors import Cursors, Paged
from service.web.models import JobAsked, JobsTold, JobTold, KindsTold, KindTold
from service.web.operations import Answer, Operation, Query
from service.web.told import job_told
from service.workflow.order import Wanted

PAUSE = 0.25  # seconds between two looks of a long poll


class Wait(Query):
    """How long to wait for the end of a job, in seconds."""

    wait: Annotated[int, Field(ge=0, le=60)] = 0


class Chosen(Paged):
    """Which orders: those whose document is in a state."""

    state: State | None = None


class Printing:
    """The views; `waiting` keeps long polls from taking every thread."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.cursors = Cursors(service.database)
        self.waiting = BoundedSemaphore(max(1, service.settings.web.threads // 2))

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        school = "/v1/schools/<school>"
        return (
            Operation(
                "POST",
                f"{school}/jobs",
                Right.ORDER,
                self.order,
                "Заказать документ",
                {202: JobTold, 200: JobTold},
                asked=JobAsked,
            ),
            Operation(
                "GET",
                f"{school}/jobs",
                Right.READ,
                self.jobs,
                "Задания школы, в том числе неудавшиеся",
                {200: JobsTold},
                query=Chosen,
            ),
            Operation(
                "GET",
                "/v1/jobs/<job>",
                Right.READ,
                self.job,
                "Ход задания",
                {200: JobTold},
                query=Wait,
            ),
            Operation(
                "POST",
                "/v1/jobs/<job>/retry",
                Right.ORDER,
                self.retry,
                "Повторить неудавшееся или отменённое задание",
                {200: JobTold},
                changes="/v1/jobs/<job>",
            ),
            Operation(
                "DELETE",
                "/v1/jobs/<job>",
                Right.ORDER,
                self.cancel,
                "Отменить задание, пока документ не напечатан; снять неудавшееся",
                {200: JobTold},
            ),
            Operation(
                "GET",
                "/v1/kinds",
                Right.PUBLIC,
                self.kinds,
                "Виды документов",
                {200: KindsTold},
            ),
        )

    def order(self, school: str, caller: Caller, asked: JobAsked) -> Answer:
        """Order a document."""
        caller.at(school)
        wanted = Wanted(
            school, asked.snapshot, asked.kind, asked.class_, asked.term or "", asked.batch
        )
        ordered = self.service.order(wanted, caller.id, self.service.clock())
        where = {"Location": f"/v1/jobs/{ordered.job.id}"}
        return Answer(self._told(ordered.job.id, caller), 202 if ordered.new else 200, where)

    def job(self, job: str, caller: Caller, query: Wait) -> Answer:
        """Tell how a job goes, waiting for its end if asked and if there is a thread to spare."""
        until = time.monotonic() + query.wait
        told = self._told(job, caller)
        if query.wait and self.waiting.acquire(blocking=False):
            try:
                while told.state in {"queued", "running"} and time.monotonic() < until:
                    time.sleep(PAUSE)
                    told = self._told(job, caller)
            finally:
                self.waiting.release()
        return Answer(told)

    def jobs(self, school: str, caller: Caller, query: Chosen) -> Answer:
        """List a school's orders."""
        caller.at(school)
        page = self.cursors.page(query, school)
        with self.service.database.reading() as connection:
            found = jobs.of_school(connection, school, query.state, page, caller.classes)
            cut = self.cursors.cut(request, query, school, found, _place)
            told = [
                job_told(job, document, steps.latest(connection, document.id, State.RENDERING))
                for job, document in cut.rows
            ]
        return Answer(JobsTold(jobs=told, next=cut.next), headers=cut.headers)

    def retry(self, job: str, caller: Caller) -> Answer:
        """Have a failed or cancelled order done after all."""
        self.service.cancel.retry(self._mine(job, caller), caller.id, self.service.clock())
        return Answer(self._told(job, caller))

    def cancel(self, job: str, caller: Caller) -> Answer:
        """Call an order off."""
        self.service.cancel(self._mine(job, caller), caller.id, self.service.clock())
        return Answer(self._told(job, caller))

    def kinds(self) -> Answer:
        """List the catalogue."""
        return Answer(
            KindsTold(
                kinds=[
                    KindTold(
                        name=name,
                        title=kind.title,
                        scope=kind.scope.value,
                        retention_years=kind.retention,
                        signatories=list(kind.signatories),
                    )
                    for name, kind in self.service.kinds.items()
                ]
            )
        )

    def _mine(self, job: str, caller: Caller) -> str:
        """Return the document of an order the caller may change."""
        with self.service.database.reading() as connection:
            found = jobs.get(connection, job)
        caller.at(found.school)
        return found.document

    def _told(self, job: str, caller: Caller) -> JobTold:
        with self.service.database.reading() as connection:
            found = jobs.get(connection, job)
            document = documents.get(connection, found.document)
            caller.at_class(found.school, document.class_id)
            step = steps.latest(connection, document.id, State.RENDERING)
            return job_told(found, document, step)


def _place(found: tuple[Job, Document]) -> Place:
    job, _ = found
    return job.created_at, job.id
