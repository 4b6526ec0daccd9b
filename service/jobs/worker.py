"""The process that does the jobs: one of its name at a time, ended by a signal, safe to kill."""

from __future__ import annotations

import fcntl
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread, Timer
from time import monotonic

from service.domain.errors import Unavailable
from service.jobs import engine
from service.jobs.advance import Advance, Clock, Sweeper
from service.jobs.leases import SILENCE, Leases
from service.ledger.database import Database
from service.ledger.printing import workers
from service.ledger.printing.workers import Pulse, WorkerRuns

LOG = logging.getLogger(__name__)

BEAT = 5.0
LAST = 10  # seconds for giving back what was interrupted, and for what ends beside it


@dataclass(frozen=True, slots=True)
class Worker:
    """Takes jobs until told to stop; sweeps up lost ones when it starts, every so many seconds,
    and as soon as another worker is known dead.

    Workers on many hosts may share a database, each with a name and a data `folder` of its own.
    What is in hand when it is told to stop has `grace` seconds; then it is `interrupt`ed.
    """

    database: Database
    name: str
    process: str  # by which it is told apart from whoever had or will have its name
    folder: Path
    advance: Advance
    sweeper: Sweeper
    leases: Leases
    queues: Mapping[str, int]
    clock: Clock
    interrupt: Callable[[], None]
    sweep_every: float = 15
    grace: int = 20

    def run(self, stop: Event, beside: Callable[[], Iterable[Thread]]) -> None:
        """Work until `stop` is set, then finish what is in hand for a while.

        `beside` begins whatever else is done under this name, in threads that end with `stop`.
        Raises WorkerRuns if a worker of this name is alive, here or on another host.
        """
        with _alone(self.folder / f"{self.name}.lock"):
            pulse = Pulse(self.name, _place(self.folder), self.process)
            with self.database.writing() as connection:
                workers.claim(connection, pulse, SILENCE)
            threads = tuple(beside())
            engine.run(self.database.url, self.name, self.advance, self.queues)
            LOG.info("worker %s takes jobs", self.name)
            swept = -self.sweep_every  # before this process: what others left is looked for at once
            while True:
                swept = self._tidied(swept)
                if stop.wait(min(BEAT, self.sweep_every)) or not self._beat(pulse):
                    break
            stop.set()
            with beating(partial(self._beat, pulse), BEAT):
                self._drain(threads)
            self._leave(pulse)
            LOG.info("worker %s has stopped", self.name)

    def _drain(self, threads: Iterable[Thread]) -> None:
        """Let what is in hand be finished, or give it back; what hangs even then is left."""
        until = monotonic() + self.grace + LAST
        enough = Timer(self.grace, self.interrupt)
        enough.start()
        engine.stop(self.grace + LAST)
        for thread in threads:
            thread.join(max(0.0, until - monotonic()))
        enough.cancel()

    def _tidied(self, swept: float) -> float:
        """See to what the dead left behind; return when lost jobs were last looked for."""
        now, moment = self.clock(), monotonic()
        try:
            self.leases(now)
            if moment - swept >= self.sweep_every or self.sweeper.bereft(self.sweep_every):
                self.sweeper(now, now - timedelta(seconds=self.sweep_every))
                return moment
        except Unavailable as error:
            LOG.warning("worker %s: what the dead left has to wait (%s)", self.name, error.code)
        return swept

    def _beat(self, pulse: Pulse) -> bool:
        """Say that this worker lives; False if its name was given to another meanwhile."""
        try:
            with self.database.writing(forgettable=True) as connection:
                mine = workers.beat(connection, pulse)
        except Unavailable as error:
            LOG.warning("worker %s: no heartbeat (%s)", self.name, error.code)
            return True
        if not mine:
            LOG.error("worker %s: another process took its name, it stops", self.name)
        return mine

    def _leave(self, pulse: Pulse) -> None:
        try:
            with self.database.writing() as connection:
                workers.leave(connection, pulse)
        except Unavailable as error:
            LOG.warning("worker %s: not signed off (%s)", self.name, error.code)


@contextmanager
def beating(beat: Callable[[], bool], every: float) -> Iterator[None]:
    """Beat every so many seconds meanwhile, until told that it is of no use any more.

    Who is stopping lives: what it still finishes is not others' yet.
    """
    done = Event()

    def go_on() -> None:
        while beat() and not done.wait(every):
            pass

    thread = Thread(target=go_on, name="beat")
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _place(folder: Path) -> str:
    """Return what tells this data folder from any other host's."""
    file = folder / "place"
    if not file.exists():
        incoming = folder / f"place-{secrets.token_hex(4)}"
        incoming.write_text(secrets.token_hex(16))
        incoming.replace(file)
    return file.read_text()


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
