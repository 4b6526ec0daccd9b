"""The road of a document: a move, its log line and the job it calls for are one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from service.domain.approving.approval import Role, next_role
from service.domain.errors import Reason
from service.domain.retention import Retention, closed_year, keep_until
from service.ledger import audit, documents
from service.ledger.documents import AUTOMATIC, WAITING, Document, State
from service.ledger.printing import jobs, steps
from service.ledger.printing.steps import Step
from service.ledger.printing.turns import next_turn

SERVICE = "service"  # who acts when nobody asked

Dispatch = Callable[[Connection, Step, float], None]
"""Have a step done after so many seconds, in its turn, if the transaction holds."""


@dataclass(frozen=True, slots=True)
class Road:
    """Moves documents; whoever lost the race gets Overtaken and has written nothing."""

    dispatch: Dispatch

    def enter(
        self, connection: Connection, document: Document, by: str, *, batch: bool = False
    ) -> Step:
        """Put a new document at the start of the road; one of a batch lets urgent ones pass.

        Returns its first step.
        """
        documents.add(connection, document)
        first = _first(connection, document, document.created_at, batch=batch)
        self._call(connection, first)
        audit.append(connection, _event(document, document.created_at, by, "order", {}))
        return first

    def bind(self, connection: Connection, volume: Document, **printed: Any) -> Document:
        """Put a further volume of a document just printed on the road, printed as it is."""
        documents.add(connection, volume)
        details = {"volume": volume.volume}
        audit.append(connection, _event(volume, volume.created_at, SERVICE, "bind", details))
        return self.onward(connection, volume, {}, volume.created_at, **printed)

    def move(
        self,
        connection: Connection,
        document: Document,
        state: State,
        at: datetime,
        by: str = SERVICE,
        **changes: Any,
    ) -> Document:
        """Take a document to its next state and call for the job that state needs."""
        moved = self._leave(connection, document, state, at, changes.get("problem"), **changes)
        if state in AUTOMATIC:
            batch = jobs.in_batch(connection, document.id)
            self._call(connection, _first(connection, moved, at, batch=batch))
        details = {"from": document.state, "pdf": moved.pdf}
        if (problem := changes.get("problem")) is not None:
            details["code"] = problem.code
        audit.append(connection, _event(moved, at, by, state, details))
        return moved

    def onward(
        self,
        connection: Connection,
        document: Document,
        signed: Mapping[Role, datetime],
        at: datetime,
        by: str = SERVICE,
        **changes: Any,
    ) -> Document:
        """Take a document to whoever signs next or, signed by all, to rest with its last day."""
        role = next_role(document.route, signed.keys())
        if role is not None:
            return self.move(connection, document, WAITING[role], at, by, **changes)
        days = [moment.astimezone(ZoneInfo(document.timezone)).date() for moment in signed.values()]
        closed = closed_year(document.year_end, max(days, default=None))
        last_day = keep_until(closed, Retention(document.retention_years))
        changes["keep_until"] = last_day
        return self.move(connection, document, State.DEPOSITING, at, by, **changes)

    def put_off(
        self,
        connection: Connection,
        document: Document,
        step: Step,
        wait: float,
        at: datetime,
        state: State | None = None,
    ) -> Document:
        """Leave a document where it is (or in `state`) and try its step again after a wait.

        `step` carries over how often it was tried and what stood in the way.
        """
        moved = self._leave(connection, document, state or document.state, at, step.problem)
        due = at + timedelta(seconds=wait)
        again = replace(
            step, state=moved.state, generation=moved.generation, tries=step.tries + 1, due=due
        )
        self._call(connection, again, wait)
        if moved.state is not document.state:
            details = {"from": document.state, "pdf": moved.pdf}
            audit.append(connection, _event(moved, at, SERVICE, moved.state, details))
        return moved

    def _leave(
        self,
        connection: Connection,
        document: Document,
        state: State,
        at: datetime,
        ended_by: Reason | None,
        **changes: Any,
    ) -> Document:
        moved = documents.move(connection, document, state, at, **changes)
        if document.state in AUTOMATIC:
            steps.finish(connection, *_place(document), at, ended_by)
        return moved

    def _call(self, connection: Connection, step: Step, wait: float = 0) -> None:
        steps.add(connection, step)
        self.dispatch(connection, step, wait)


def _first(connection: Connection, document: Document, due: datetime, *, batch: bool) -> Step:
    turn = next_turn(connection, document.school, batch=batch)
    return Step(*_place(document), school=document.school, turn=turn, due=due)


def _place(document: Document) -> tuple[str, State, int]:
    return document.id, document.state, document.generation


def _event(
    document: Document, at: datetime, by: str, action: str, details: dict[str, Any]
) -> audit.Event:
    return audit.Event(
        at=at,
        school=document.school,
        subject=document.id,
        actor=by,
        action=action,
        details=details | {"generation": document.generation},
    )
