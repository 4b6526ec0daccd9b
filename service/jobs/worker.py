"""The process that does the jobs: one of its name at a time, ended by a signal, safe to kill."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event

from service.domain.errors import Conflict
from service.jobs import engine
from service.jobs.advance import Advance, Clock, Sweeper

LOG = logging.getLogger(__name__)


class WorkerRuns(Conflict):
    """A worker of this name is alive on this data folder."""

    code = "worker-runs"
    title = "Обработчик уже запущен"


@dataclass(frozen=True, slots=True)
class Worker:
    """Takes jobs until told to stop; sweeps up lost ones every so many seconds."""

    url: str
    name: str
    lock: Path
    advance: Advance
    sweeper: Sweeper
    queues: Mapping[str, int]
    clock: Clock
    sweep_every: float = 15
    grace: int = 20

    def run(self, stop: Event) -> None:
        """Work until `stop` is set, then finish what is in hand for a while."""
        with _alone(self.lock):
            engine.run(self.url, self.name, self.advance, self.queues)
            LOG.info("worker %s takes jobs", self.name)
            while not stop.wait(self.sweep_every):
                now = self.clock()
                self.sweeper(now, now - timedelta(seconds=self.sweep_every))
            engine.stop(self.grace)
            LOG.info("worker %s has stopped", self.name)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold the lock that says this worker lives; the system lets it go when the process dies."""
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WorkerRuns(
                "С этой папкой данных уже работает обработчик: остановите его или дайте другой."
            ) from None
        yield
