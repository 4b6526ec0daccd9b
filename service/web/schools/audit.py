"""Routes of the audit log: what happened at a school, and whether its lines still hold."""

from __future__ import annotations

from typing import Annotated

from flask import request
from pydantic import Field

from service.bootstrap.serving import Service
from service.domain.access.rights import Right
from service.ledger import audit
from service.ledger.audit import Line, Sought, told
from service.web.http.access import Caller
from service.web.http.cursors import Cursors, Paged
from service.web.http.models import Moment
from service.web.http.operations import Answer, Operation
from service.web.schools.audit_models import AuditLine, AuditTold, ChainTold


class ListedLines(Paged):
    """Which lines: those after a number, about a subject, of an action, within a spell."""

    after: Annotated[
        int, Field(ge=0, le=2**31 - 1, description="Только строки с номером (number) больше этого")
    ] = 0
    subject: Annotated[
        str | None,
        Field(min_length=1, max_length=64, description="Только об этом документе, сеансе, школе"),
    ] = None
    action: Annotated[
        str | None, Field(min_length=1, max_length=40, description="Только это действие")
    ] = None
    since: Annotated[
        Moment | None, Field(description="Не раньше этого времени, со смещением от UTC")
    ] = None
    until: Annotated[Moment | None, Field(description="Раньше этого времени")] = None


class Audit:
    """The views."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.cursors = Cursors(service.database)

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        log = "/v1/schools/<school>/audit"
        return (
            Operation(
                "GET",
                log,
                Right.AUDIT,
                self.lines,
                "Журнал действий школы, старые первыми",
                {200: AuditTold},
                query=ListedLines,
            ),
            Operation(
                "GET",
                f"{log}/verification",
                Right.AUDIT,
                self.chain,
                "Проверить, что журнал школы не изменён",
                {200: ChainTold},
            ),
        )

    def lines(self, school: str, caller: Caller, query: ListedLines) -> Answer:
        """Tell lines of the log."""
        caller.at(school)
        page = self.cursors.page(request, query, school)
        after = int(page.after[1]) if page.after else query.after
        sought = Sought(after, query.subject, query.action, query.since, query.until)
        with self.service.database.reading() as connection:
            found = audit.found(connection, school, sought, query.limit + 1)
        cut = self.cursors.cut(
            request, query, school, found, lambda one: (one.event.at, str(one.number))
        )
        lines = [_line(one) for one in cut.rows]
        return Answer(AuditTold(lines=lines, next=cut.next), headers=cut.headers)

    def chain(self, school: str, caller: Caller) -> Answer:
        """Check a school's lines."""
        caller.at(school)
        with self.service.database.reading() as connection:
            found = audit.chain(connection, school)
        return Answer(
            ChainTold(
                whole=found.broken is None, lines=found.lines, last=found.last, broken=found.broken
            )
        )


def _line(one: Line) -> AuditLine:
    event = one.event
    return AuditLine(
        number=one.number,
        at=told(event.at),
        school=event.school,
        subject=event.subject,
        actor=event.actor,
        action=event.action,
        details=dict(event.details),
        previous=one.previous,
        hash=one.hash,
        school_number=one.school_number,
        school_previous=one.school_previous,
        school_hash=one.school_hash,
    )
