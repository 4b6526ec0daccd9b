"""One automatic step of a document: done, put off, or given up with the reason."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from random import random
from time import sleep
from typing import TypeVar

from sqlalchemy import Connection

from service.archive.store import OneStoreOnly
from service.domain.errors import Reason, ServiceError, Unavailable
from service.jobs.pool import NotStarted, NotWanted, PoolClosed, ProcessDied, always
from service.jobs.traces import frames
from service.ledger import documents
from service.ledger.database import Database, DatabaseUnavailable
from service.ledger.documents import AUTOMATIC, Document, Overtaken, State
from service.ledger.printing import jobs, steps, workers
from service.ledger.printing.steps import Step
from service.ledger.road import Road
from service.observing.context import bound, traced

LOG = logging.getLogger(__name__)

CRASHES = 3  # a document that killed so many processes is not given a fourth
AGAIN = 1.0  # seconds until a database that did not answer is asked again
STARTS = 10  # a step begun so often and never finished takes the worker down with it

Result = TypeVar("Result")

Clock = Callable[[], datetime]
Work = Callable[[str, Clock], None]


class WorkerLost(Unavailable):
    """The process died again and again over this document."""

    code = "worker-lost"
    title = "Обработка документа обрывается"


class Unforeseen(Unavailable):
    """A mistake of ours: the trace is in the log under the document's id."""

    code = "internal-error"
    title = "Внутренняя ошибка"


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before the next try, in seconds."""

    first: float
    last: float

    def after(self, tries: int, chance: float) -> float:
        """Return the wait after so many failed tries: it doubles up to the last.

        `chance` in [0, 1) takes up to half of it away, so that what failed together does not
        come back together.
        """
        return min(self.last, self.first * 2.0 ** min(tries, 32)) * (1 - chance / 2)


@dataclass(frozen=True, slots=True)
class Advance:
    """Does what a document's state calls for; again is safe, a latecomer writes nothing."""

    database: Database
    road: Road
    work: Mapping[State, Work]
    backoff: Backoff
    clock: Clock
    chance: Callable[[], float] = random
    go_on: Callable[[], bool] = always  # False: the worker is told to stop

    def __call__(self, document: str, state: str, generation: int) -> None:
        """Advance a document that still stands in a state of a generation."""
        with bound(document=document, step=state):
            self._advance(document, state, generation)

    def _advance(self, document: str, state: str, generation: int) -> None:
        step, found, job = self._written(partial(self._begin, document, State(state), generation))
        if step is None or found is None:
            return
        if (found.state, found.generation) != (step.state, generation):
            return
        known = {"school": step.school, "job": job, "request": step.request}
        with (
            bound(**{name: one for name, one in known.items() if one is not None}),
            traced(step.trace),
        ):
            self._work(found, step)

    def _begin(
        self, document: str, state: State, generation: int, connection: Connection
    ) -> tuple[Step | None, Document | None, str | None]:
        step = steps.begin(connection, document, state, generation, self.clock())
        found = documents.find(connection, document)
        return step, found, jobs.of_document(connection, document)

    def _written(self, write: Callable[[Connection], Result]) -> Result:
        """Write as soon as the database answers: the engine would sleep for up to 90 s."""
        while True:
            try:
                with self.database.writing() as connection:
                    return write(connection)
            except DatabaseUnavailable:
                if not self.go_on():
                    raise
            sleep(AGAIN)

    def _work(self, found: Document, step: Step) -> None:
        document, state = found.id, found.state
        if step.starts > STARTS:
            told = f"Обработчик {STARTS} раз начинал этот документ и не закончил."
            self._give_up(found, WorkerLost(told))
            return
        try:
            self.work[found.state](document, self.clock)
        except (Overtaken, NotWanted):
            return
        except PoolClosed:
            self._give_back(found, step)
        except OneStoreOnly as error:
            self._put_off(found, step, error, State.IN_ONE_STORE)
        except NotStarted as error:
            self._put_off(found, step, error)
        except ProcessDied as error:
            crashed = replace(step, crashes=step.crashes + 1)
            if crashed.crashes >= CRASHES:
                told = f"Печать оборвалась {CRASHES} раза подряд: документу не хватает памяти."
                self._give_up(found, WorkerLost(told))
            else:
                self._put_off(found, crashed, error)
        except Unavailable as error:
            self._put_off(found, step, error)
        except ServiceError as error:
            self._give_up(found, error)
        except Exception as error:  # noqa: BLE001 - a bug must end as «failed», not as a loop
            LOG.error("document %s: %s broke: %s", document, state, frames(error))
            told = f"Внутренняя ошибка. Сообщите администратору номер документа: {document}."
            self._give_up(found, Unforeseen(told))

    def _put_off(
        self, document: Document, step: Step, error: ServiceError, state: State | None = None
    ) -> None:
        wait = self.backoff.after(step.tries, self.chance())
        LOG.warning("document %s: %s put off for %.0f s: %s", *_log(document), wait, error.code)
        told = replace(step, problem=Reason.of(error))
        with suppress(Overtaken):
            self._written(
                lambda connection: self.road.put_off(
                    connection, document, told, wait, self.clock(), state
                )
            )

    def _give_back(self, document: Document, step: Step) -> None:
        """Have another worker take the step up at once, or this one when it is back."""
        try:
            with self.database.writing() as connection:
                again = replace(step, tries=step.tries - 1)  # nothing was tried in vain
                self.road.put_off(connection, document, again, 0, self.clock())
        except (Overtaken, Unavailable):
            return
        LOG.info("document %s: %s given back", *_log(document))

    def _give_up(self, document: Document, error: ServiceError) -> None:
        LOG.error("document %s: %s given up: %s", *_log(document), error.code)
        try:
            with self.database.writing() as connection:
                self.road.move(
                    connection,
                    document,
                    State.FAILED,
                    self.clock(),
                    problem=Reason.of(error),
                    failed_in=document.state,
                )
        except Overtaken:
            return


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Finds steps whose job got lost, or whose worker died, and has them done after all."""

    database: Database
    road: Road
    missing: Callable[[frozenset[str], frozenset[str]], frozenset[str]]
    name: Callable[[str, State, int], str]
    silence: float  # seconds after which a worker that says nothing is dead

    def __call__(self, at: datetime, before: datetime) -> int:
        """Call again for open steps due before a moment that no job will do; return how many."""
        with self.database.reading() as connection:
            late = steps.overdue(connection, before)
            living = workers.living(connection, self.silence)
        if not late:
            return 0
        named = {self.name(one.document, one.state, one.generation): one for one in late}
        lost = self.missing(frozenset(named), living)
        return sum(self._again(named[job], at) for job in lost)

    def bereft(self, lately: float) -> bool:
        """Return whether a worker turned out dead in the last so many seconds."""
        with self.database.reading() as connection:
            return workers.died(connection, self.silence, lately)

    def _again(self, step: Step, at: datetime) -> bool:
        try:
            with self.database.writing() as connection:
                found = documents.get(connection, step.document)
                if found.generation != step.generation or found.state not in AUTOMATIC:
                    return False
                self.road.put_off(connection, found, step, 0, at)
        except Overtaken:
            return False
        LOG.warning("document %s: lost step %s called again", step.document, step.state)
        return True


def _log(document: Document) -> tuple[str, str]:
    return document.id, document.state
