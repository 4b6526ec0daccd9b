"""Routes of runs: begin, follow on the run sheet, take up again, call off."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import Response, request

from service.bootstrap.serving import Service
from service.domain.access.rights import Right
from service.domain.calendars.calendar import Deadlines
from service.ledger.calendar import runs
from service.ledger.calendar.runs import Run, RunMissing, RunState
from service.web.http.access import Caller
from service.web.http.cursors import Cursors, Paged
from service.web.http.operations import JSON, Answer, Operation
from service.web.http.sending import PAPER, send_paper, wanted
from service.web.runs.models import (
    DeadlinesTold,
    RestartAsked,
    RunAsked,
    RunLineTold,
    RunsTold,
    RunTold,
    SheetTold,
)
from service.workflow.runs.begin import RunWanted
from service.workflow.runs.sheet import Row, Sheet


class ListedRuns(Paged):
    """Which runs: those in a state."""

    state: RunState | None = None


class Runs:
    """The views."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.cursors = Cursors(service.database)

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        school, one = "/v1/schools/<school>/runs", "/v1/runs/<run>"
        return (
            Operation(
                "POST",
                school,
                Right.ORDER,
                self.begin,
                "Начать прогон: все положенные документы школы",
                {202: SheetTold, 200: SheetTold},
                asked=RunAsked,
            ),
            Operation(
                "GET",
                school,
                Right.READ,
                self.runs,
                "Прогоны школы, новые первыми",
                {200: RunsTold},
                query=ListedRuns,
            ),
            Operation(
                "GET",
                one,
                Right.READ,
                self.run,
                "Лист прогона: что готово, кого ждут, чего нет",
                {200: SheetTold},
                also=PAPER,
            ),
            Operation(
                "POST",
                f"{one}/restart",
                Right.ORDER,
                self.restart,
                "Пересмотреть прогон или один его класс",
                {202: SheetTold},
                asked=RestartAsked,
                changes=one,
            ),
            Operation(
                "DELETE",
                one,
                Right.ORDER,
                self.cancel,
                "Отменить прогон; заказанные документы останутся",
                {200: SheetTold},
            ),
        )

    def begin(self, school: str, caller: Caller, asked: RunAsked) -> Answer:
        """Begin a run."""
        caller.at(school)
        wanted = RunWanted(asked.entry, asked.year or "", asked.term or "", asked.kinds)
        begun = self.service.runs.begin(school, wanted, caller.id, self.service.clock())
        where = {"Location": f"/v1/runs/{begun.run.id}"}
        return Answer(self._told(begun.run), 202 if begun.new else 200, where)

    def runs(self, school: str, caller: Caller, query: ListedRuns) -> Answer:
        """List a school's runs."""
        caller.at(school)
        of_state = partial(runs.of_school, state=query.state)
        cut = self.cursors.read(
            request, query, school, of_state, lambda one: (one.begun_at, one.id)
        )
        told = [run_told(one) for one in cut.rows]
        return Answer(RunsTold(runs=told, next=cut.next), headers=cut.headers)

    def run(self, run: str, caller: Caller) -> Answer | Response:
        """Tell how a run stands."""
        sheet = self._seen(self._mine(run, caller), caller)
        chosen = wanted(JSON, *PAPER)
        if chosen == JSON:
            return Answer(sheet_told(sheet), headers={"Vary": "Accept"})
        with self.service.database.reading() as connection:
            _, years = self.service.runs.calendars.of(connection, sheet.run.school)
            school = self.service.schools.within(connection, sheet.run.school).title
        titles = (one.title for year in years for one in year.terms if one.id == sheet.run.term)
        term, at = next(titles, ""), self.service.clock()
        printed = self.service.runs.print(sheet, school or "", term, at)
        return send_paper(printed, chosen, f"run-{run}")

    def restart(self, run: str, caller: Caller, asked: RestartAsked) -> Answer:
        """Have a run looked at anew."""
        self._mine(run, caller)
        at = self.service.clock()
        return Answer(
            self._told(self.service.runs.change.restart(run, asked.class_, caller.id, at)), 202
        )

    def cancel(self, run: str, caller: Caller) -> Answer:
        """Call a run off."""
        self._mine(run, caller)
        return Answer(
            self._told(self.service.runs.change.cancel(run, caller.id, self.service.clock()))
        )

    def _mine(self, run: str, caller: Caller) -> Run:
        with self.service.database.reading() as connection:
            found = runs.get(connection, run)
        if not caller.sees(found.school):
            raise RunMissing(f"Прогона {run} нет: проверьте адрес.")
        return found

    def _told(self, run: Run) -> SheetTold:
        with self.service.database.reading() as connection:
            return sheet_told(self.service.runs.tell(connection, run))

    def _seen(self, run: Run, caller: Caller) -> Sheet:
        """Return a run's sheet with the lines of those classes alone that exist for the caller."""
        with self.service.database.reading() as connection:
            sheet = self.service.runs.tell(connection, run)
        return replace(
            sheet, rows=tuple(row for row in sheet.rows if caller.sees_class(row.class_id))
        )


def run_told(run: Run) -> RunTold:
    """Return a run's answer."""
    return RunTold(
        id=run.id,
        school=run.school,
        entry=run.entry,
        year=run.year,
        term=run.term or None,
        kinds=list(run.kinds),
        state=run.state,
        begun_by=run.begun_by,
        begun_at=run.begun_at,
        ended_at=run.ended_at,
        deadlines=deadlines_told(run.deadlines),
        timezone=run.timezone,
        problem=run.problem,
    )


def sheet_told(sheet: Sheet) -> SheetTold:
    """Return a run sheet's answer."""
    return SheetTold(
        **dict(run_told(sheet.run)),
        timezone_assumed=sheet.assumed,
        counts=dict(sorted(sheet.counts.items())),
        waiting=dict(sorted(sheet.waiting.items())),
        lines=[_line(row) for row in sheet.rows],
    )


def deadlines_told(deadlines: Deadlines) -> DeadlinesTold:
    """Return the last day of each step."""
    return DeadlinesTold(
        snapshot=deadlines.snapshot, documents=deadlines.documents, signed=deadlines.signed
    )


def _line(row: Row) -> RunLineTold:
    return RunLineTold(
        class_=row.class_id,
        class_title=row.class_title,
        kind=row.kind,
        term=row.term or None,
        status=row.status,
        turn=row.turn,
        document=row.document,
        version=row.version,
        volumes=row.volumes,
        pages=row.pages,
        sheets=row.sheets,
        since=row.since,
        problem=row.problem,
    )
