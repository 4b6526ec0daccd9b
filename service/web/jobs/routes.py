"""Routes that take orders: jobs, and the kinds of documents there are."""

from __future__ import annotations

from typing import Annotated

from flask import Response, request
from pydantic import Field

from service.bootstrap.serving import Service
from service.domain.access.rights import Right
from service.ledger.documents import Document, State
from service.ledger.pages import Place
from service.ledger.printing import jobs, steps
from service.ledger.printing.jobs import Going, Job
from service.web.http.access import Caller
from service.web.http.cursors import Cursors, Paged
from service.web.http.operations import EVENTS, Answer, Operation, Query
from service.web.jobs.following import MOST, Following, preferred
from service.web.jobs.models import JobAsked, JobsTold, JobTold, KindsTold, KindTold
from service.web.jobs.news import GOING
from service.web.jobs.progress import Progress
from service.workflow.printing.order import Wanted


class Wait(Query):
    """How long to wait for the end of a job, in seconds."""

    wait: Annotated[int, Field(ge=0, le=MOST)] = 0


class ListedJobs(Paged):
    """Which orders: those that go so, or whose document is in a state."""

    state: State | Going | None = None


class Jobs:
    """The views."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.cursors = Cursors(service.database)
        self.progress = Progress(service)
        self.following = Following(service, self.progress)

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
                query=ListedJobs,
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
                "GET",
                "/v1/jobs/<job>/events",
                Right.READ,
                self.events,
                "Ход задания по мере дела: server-sent events",
                {200: EVENTS},
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
        caller.at_class(school, asked.class_)
        wanted = Wanted(
            school, asked.snapshot, asked.kind, asked.class_, asked.term or "", asked.batch
        )
        ordered = self.service.order(wanted, caller.id, self.service.clock())
        prefers = preferred(request)
        told = self.progress.of(ordered.job, ordered.document, ordered.step)

        def answer(told: JobTold, waited: bool) -> Answer:
            headers = {"Location": f"/v1/jobs/{told.id}"} | _applied(prefers if waited else None)
            return Answer(told, 202 if ordered.new and told.state in GOING else 200, headers)

        if not prefers or told.state not in GOING:
            return answer(told, True)
        return answer(*self.following.waited(told.id, caller, prefers, answer))

    def job(self, job: str, caller: Caller, query: Wait) -> Answer:
        """Tell how a job goes, waiting for its end if asked and if there is a thread to spare."""
        prefers = preferred(request)
        told, waited = self.following.waited(job, caller, query.wait or prefers or 0)
        return Answer(told, headers=_applied(prefers if waited and not query.wait else None))

    def events(self, job: str, caller: Caller) -> Response:
        """Send what happens to a job as it happens."""
        return self.following.events(request, job, caller)

    def jobs(self, school: str, caller: Caller, query: ListedJobs) -> Answer:
        """List a school's orders."""
        caller.at(school)
        page = self.cursors.page(request, query, school)
        with self.service.database.reading() as connection:
            found = jobs.of_school(connection, school, query.state, page, caller.classes)
            cut = self.cursors.cut(request, query, school, found, _place)
            names = [document.id for _, document in cut.rows]
            printing = steps.newest(connection, names, State.RENDERING)
        told = [self.progress.of(*row, printing.get(row[1].id)) for row in cut.rows]
        return Answer(JobsTold(jobs=told, next=cut.next), headers=cut.headers)

    def retry(self, job: str, caller: Caller) -> Answer:
        """Have a failed or cancelled order done after all."""
        self.service.cancel.retry(self._mine(job, caller), caller.id, self.service.clock())
        return Answer(self.progress.found(job, caller)[1])

    def cancel(self, job: str, caller: Caller) -> Answer:
        """Call an order off."""
        self.service.cancel(self._mine(job, caller), caller.id, self.service.clock())
        return Answer(self.progress.found(job, caller)[1])

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


def _place(found: tuple[Job, Document]) -> Place:
    job, _ = found
    return job.created_at, job.id


def _applied(wait: int | None) -> dict[str, str]:
    return {} if wait is None else {"Preference-Applied": f"wait={wait}", "Vary": "Prefer"}
