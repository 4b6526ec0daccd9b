"""The route of plans: what would be printed of a snapshot, counted in the background."""

from __future__ import annotations

from service.bootstrap.serving import Service
from service.domain.access.rights import Right
from service.web.http.access import Caller
from service.web.http.models import FaultShown
from service.web.http.operations import Answer, Operation
from service.web.runs.models import PlanAsked, PlannedTold, PlanTold, RefusalTold
from service.workflow.printing.plan import Forecast, Planned, PlanWanted

SOON = 2  # seconds after which it is worth asking again


class Plans:
    """The view."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def operations(self) -> tuple[Operation, ...]:
        """Return the route."""
        return (
            Operation(
                "POST",
                "/v1/schools/<school>/snapshots/<snapshot>/plan",
                Right.ORDER,
                self.plan,
                "Что будет напечатано: страницы, листы, отказы, минуты",
                {200: PlanTold, 202: PlanTold},
                asked=PlanAsked,
            ),
        )

    def plan(self, school: str, snapshot: str, caller: Caller, asked: PlanAsked) -> Answer:
        """Count a plan: 202 with what is known while it is not whole; asking again tells more."""
        caller.at(school)
        wanted = PlanWanted(asked.kinds, asked.classes, asked.term or "")
        forecast = self.service.runs.plan(school, snapshot, wanted, self.service.clock())
        if forecast.complete:
            return Answer(plan_told(forecast))
        return Answer(plan_told(forecast), 202, {"Retry-After": str(SOON)})


def plan_told(forecast: Forecast) -> PlanTold:
    """Return a plan's answer."""
    return PlanTold(
        complete=forecast.complete,
        documents=forecast.documents,
        pages=forecast.pages,
        sheets=forecast.sheets,
        refused=forecast.refused,
        minutes=forecast.minutes,
        warnings=[_fault(one.pointer, one.code, one.message) for one in forecast.warnings],
        lines=[_line(one) for one in forecast.lines],
    )


def _line(one: Planned) -> PlannedTold:
    printable = one.counted is not None and one.counted.problem is None
    return PlannedTold(
        class_=one.class_id,
        class_title=one.class_title,
        kind=one.kind,
        term=one.term or None,
        pages=list(one.counted.pages) if one.counted and printable else None,
        sheets=list(one.counted.sheets) if one.counted and printable else None,
        refusal=_refusal(one),
    )


def _refusal(one: Planned) -> RefusalTold | None:
    if one.counted is None or one.counted.problem is None:
        return None
    problem = one.counted.problem
    return RefusalTold(
        code=problem["code"],
        message=problem["message"],
        errors=[_fault(*fault) for fault in problem["faults"]],
    )


def _fault(pointer: str, code: str, message: str) -> FaultShown:
    return FaultShown(pointer=pointer, code=code, message=message)
