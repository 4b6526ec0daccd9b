"""A run goes on: orders what can be ordered, reminds of what is waited for, ends when all is done.

Killed at any moment it is taken up again: an order is the same order however often it is given.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from service.domain.calendars.calendar import Calendar
from service.domain.errors import Reason, ServiceError, Unavailable
from service.ledger import audit
from service.ledger.calendar import held as runs_held
from service.ledger.calendar import runs
from service.ledger.calendar.journals import Journal
from service.ledger.calendar.runs import Line, Run, RunState, RunTaken
from service.ledger.database import Database
from service.ledger.documents import Document, State
from service.ledger.road import SERVICE
from service.observing.context import bound
from service.workflow.printing.order import Order, QuotaExceeded, Wanted
from service.workflow.runs.remind import remind
from service.workflow.runs.sheet import Key, LineStatus, Place, Sheet, TellRun, versions

LOG = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # after which a process that broke over a run looks at it again
MOVING, RESTING, LATE = timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=6)
LONG_AGO = timedelta(days=30)  # after the last deadline
MOST = 100  # runs a round
ENDED_BADLY = frozenset({State.FAILED, State.REJECTED})

SameClass = Callable[[str, str, str, str], bool]
"""Tell whether two snapshots of a school say the same of a class but for when they were taken."""


@dataclass(frozen=True, slots=True)
class AdvanceRuns:
    """Looks at the runs whose turn it is; several workers may do it at once.

    A run in hand is the `holder`'s, which is a process, until it is known dead. A journal that is
    waited for is asked for by whoever `pulls` it, where a school has such. Once it may not
    `go_on`, what it has in hand is left to whoever looks next, without delay.
    """

    database: Database
    holder: str
    order: Order
    tell: TellRun
    same_class: SameClass
    pulls: Callable[[str], bool]
    go_on: Callable[[], bool] = lambda: True

    def __call__(self, at: datetime) -> tuple[ServiceError, ...]:
        """Look at every run that is due; return what stood in the way of some."""
        with self.database.reading() as connection:
            waiting = runs_held.to_look_at(connection, self.holder, at, MOST)
        problems: list[ServiceError] = []
        for run in waiting:
            if not self.go_on():
                break
            with self.database.writing() as connection:
                mine = runs_held.claim_look(connection, run, self.holder, at + LEASE)
            if not mine:
                continue
            with bound(run=run.id, school=run.school):
                try:
                    self.look(run.id, at)
                except RunTaken:
                    LOG.warning("run was taken over, or called off")
                except Unavailable as error:
                    LOG.warning("run put off: %s", error.code)
                    problems.append(error)
                    self._put_off(run.id, at)
        return tuple(problems)

    def look(self, name: str, at: datetime) -> None:
        """Take one run, which is in hand, as far as it goes now. Raises RunTaken if it is not."""
        self._go_by_the_schools_clocks(name, at)
        with self.database.reading() as connection:
            run = runs.get(connection, name)
            places = self.tell.places(connection, run)
            lines = runs.lines(connection, name)
            known = versions(connection, run)
        if run.state is not RunState.OPEN:
            return
        for place in places:
            if not self.go_on():
                break
            if place.ready is not None and _is_due(place, lines.get(place.key), known):
                try:
                    line = self._ordered(run, place, place.ready, known.get(place.key), at)
                except QuotaExceeded:
                    break  # the rest is ordered as the queue empties
                with self.database.writing() as connection:
                    runs_held.require_look(connection, name, self.holder)
                    runs.put(connection, line)
        with self.database.reading() as connection:
            sheet = self.tell(connection, runs.get(connection, name))
            calendar, _ = self.tell.calendars.of(connection, run.school)
        with self.database.writing() as connection:
            runs_held.require_look(connection, name, self.holder)
            now = runs.get(connection, name)
            if now.state is RunState.OPEN and now.generation == sheet.run.generation:
                self._leave(connection, sheet, now, calendar, at)

    def _go_by_the_schools_clocks(self, name: str, at: datetime) -> None:
        """Have an open run's days end where the school's do, once a snapshot or somebody told."""
        with self.database.reading() as connection:
            run = runs.get(connection, name)
            calendar, _ = self.tell.calendars.of(connection, run.school)
        if run.timezone == calendar.timezone:
            return
        details = {"before": run.timezone, "after": calendar.timezone}
        with self.database.writing() as connection:
            runs_held.require_look(connection, name, self.holder)
            if runs.follow(connection, run, calendar.timezone):
                event = audit.Event(at, run.school, name, SERVICE, "run-timezone-changed", details)
                audit.append(connection, event)

    def _leave(
        self, connection: Connection, sheet: Sheet, now: Run, calendar: Calendar, at: datetime
    ) -> None:
        """End a run, or say what it waits for and when it is worth another look."""
        if sheet.complete:
            self._end(connection, sheet, at)
            return
        remind(connection, sheet, calendar, at)
        wanting = bool(sheet.missing or not sheet.rows)
        if wanting and now.next_pull is None and self.pulls(now.school):
            runs.pull_at(connection, now.id, at, now.problem)
        if not wanting and now.next_pull is not None:
            runs.pull_at(connection, now.id, None, None)
        pause = _pause(sheet, at) if self.go_on() else timedelta()
        runs_held.looked(connection, now.id, self.holder, at + LEASE, at + pause)

    def _put_off(self, name: str, at: datetime) -> None:
        with suppress(Unavailable), self.database.writing() as connection:
            runs_held.looked(connection, name, self.holder, at + LEASE, at + MOVING)

    def _ordered(
        self,
        run: Run,
        place: Place,
        ready: Journal,
        before: tuple[Document, ...] | None,
        at: datetime,
    ) -> Line:
        class_id, kind, term = place.key
        snapshot = self._snapshot(run, ready, before)
        wanted = Wanted(run.school, snapshot, kind, class_id, term, batch=True)
        still = partial(runs_held.require_look, run=run.id, holder=self.holder)
        line = Line(run.id, class_id, kind, term, snapshot)
        try:
            ordered = self.order(wanted, run.begun_by, at, still)
        except (Unavailable, RunTaken):
            raise
        except ServiceError as error:
            return replace(line, problem=Reason.of(error))
        return replace(line, document=ordered.job.document)

    def _snapshot(self, run: Run, ready: Journal, before: tuple[Document, ...] | None) -> str:
        """Return what to print from: where nothing changed, what was printed from before."""
        first = before[0] if before else None
        if first is None or not first.stands or first.snapshot == ready.snapshot:
            return ready.snapshot
        if self.same_class(run.school, first.snapshot, ready.snapshot, ready.class_id):
            return first.snapshot
        return ready.snapshot

    def _end(self, connection: Connection, sheet: Sheet, at: datetime) -> None:
        run = runs.move(connection, sheet.run, RunState.DONE, at)
        details = {"entry": run.entry, "year": run.year, "documents": len(sheet.rows)}
        audit.append(
            connection, audit.Event(at, run.school, run.id, SERVICE, "run-finished", details)
        )


def _is_due(place: Place, line: Line | None, known: Mapping[Key, tuple[Document, ...]]) -> bool:
    """Tell whether a place is to be ordered: not yet, again, or anew from a better snapshot."""
    if line is None or line.again:
        return True
    if place.ready is None or line.snapshot == place.ready.snapshot:
        return False
    if line.document is None:
        return True
    return any(one.state in ENDED_BADLY for one in known.get(place.key, ()))


def _pause(sheet: Sheet, at: datetime) -> timedelta:
    """Return how soon a run is worth another look, should nothing wake it before."""
    counts = sheet.counts
    if counts[LineStatus.PLANNED] or counts[LineStatus.PRINTING] or counts[LineStatus.STORING]:
        return MOVING
    return LATE if sheet.run.day(at) > sheet.run.deadlines.signed + LONG_AGO else RESTING
