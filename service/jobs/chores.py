"""What a worker does by the clock; a missed time is made up, two workers do not do it twice."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Thread

from service.domain.errors import Reason, ServiceError, Unavailable
from service.jobs.advance import Clock
from service.jobs.leases import SILENCE
from service.jobs.traces import frames
from service.ledger import chores
from service.ledger.database import Database
from service.ledger.printing import workers
from service.observing.context import bound
from signing.errors import SigningError

LOG = logging.getLogger(__name__)

DAILY = timedelta(days=1)
SOON = timedelta(hours=1)  # after a failure
LEASE = timedelta(hours=6)  # after which even a process that lives is not waited for

Chore = Callable[[datetime], tuple[ServiceError | SigningError, ...]]
"""Do what is due at a moment; return what could not be done and should be tried again soon."""


@dataclass(frozen=True, slots=True)
class Chores:
    """Chores by name, done when they are due by one of the workers that share a database.

    Each is due `every` so often, `soon` after a failure (`at_once` has those that look at what
    somebody is mending just now, and when they are); a worker that died over one is not
    waited for, nor one that takes longer than a `lease`. A worker is known as a `holder` by the
    process it is.
    """

    database: Database
    holder: str
    each: Mapping[str, Chore]
    clock: Clock
    look_every: float = 15
    every: timedelta = DAILY
    soon: timedelta = SOON
    at_once: Mapping[str, timedelta] = field(default_factory=dict)
    lease: timedelta = LEASE

    def begin(self, stop: Event) -> Thread:
        """Do them in a thread of their own until `stop`; the process may end in the midst of one.

        Each is safe to be cut short: what was not finished is done again.
        """
        thread = Thread(target=self._until, args=(stop,), name="chores", daemon=True)
        thread.start()
        return thread

    def __call__(self) -> int:
        """Do every chore that is due now; return how many were."""
        return sum(self._do(name, chore) for name, chore in self.each.items())

    def _until(self, stop: Event) -> None:
        while not stop.wait(self.look_every):
            try:
                self()
            except Unavailable as error:
                LOG.warning("chores are put off: %s", error.code)

    @property
    def _longest(self) -> timedelta:
        return max(self.every, self.soon)

    def _do(self, name: str, chore: Chore) -> bool:
        at = self.clock()
        with self.database.reading() as connection:
            if not chores.due(connection, name, at, self._longest):
                return False
        with self.database.writing() as connection:
            living = workers.holders(connection, SILENCE)
            claim = name, self.holder, at, self.lease, self._longest, living
            if not chores.claim(connection, *claim):
                return False
        with bound(chore=name):
            problem = self._problem(name, chore, at)
        now = self.clock()
        again = now + self.at_once.get(name, self.soon) if problem else at + self.every
        with self.database.writing() as connection:
            chores.finish(connection, name, self.holder, now, again, problem)
        return True

    def _problem(self, name: str, chore: Chore, at: datetime) -> Reason | None:
        try:
            problems = chore(at)
        except (ServiceError, SigningError) as error:
            problems = (error,)
        except Exception as error:  # noqa: BLE001 - a bug must not end the thread of chores
            LOG.error("%s broke: %s", name, frames(error))
            return Reason("internal-error", "Внутренняя ошибка, см. журнал.")
        for one in problems:
            LOG.warning("%s: %s", name, one.code)
        return Reason.of(problems[0]) if problems else None
