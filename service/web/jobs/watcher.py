"""One thread of a process looks at all orders that are watched, and tells those who watch them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any, Protocol

from sqlalchemy import Connection

from service.domain.errors import Unavailable
from service.jobs.advance import Clock
from service.ledger import documents
from service.ledger.database import Database
from service.ledger.documents import Document, State
from service.ledger.printing import steps, watched
from service.ledger.printing.jobs import Job
from service.ledger.printing.steps import Step
from service.web.http.access import Caller
from service.web.http.standing import Admitted, staying
from service.web.jobs.models import JobTold
from service.web.jobs.news import HEARTBEAT, News, news

LOG = logging.getLogger("vedomost.web")

LOOK = 0.25  # seconds between two looks
CHECK = 3.0  # seconds between two looks at who may stay


class Watching(Protocol):
    """Somebody who watches an order, and knew its `first` news when that began."""

    job: Job
    admitted: Admitted
    first: News

    def see(self, latest: News | None, now: float, /) -> bool:
        """Take what is known now, quickly; None: there will be no more. False: I go."""


@dataclass
class Watcher:
    """Asks the ledger once a look, whoever many watch, and not at all while nobody does.

    A ledger that does not answer is asked again: those who watch hear nothing new meanwhile.
    """

    database: Database
    clock: Clock
    given: Collection[str]  # ids of callers that the settings file names
    told: Callable[[Job, Document, Step | None], JobTold]
    _crowd: set[Watching] = field(default_factory=set)
    _turn: Lock = field(default_factory=Lock)
    _works: bool = False
    _alive: Callable[[], bool] = lambda: True

    def join(self, one: Watching, alive: Callable[[], bool]) -> None:
        """Tell somebody what happens from now on, as long as the process is `alive`."""
        with self._turn:
            self._alive = alive
            self._crowd.add(one)
            if not self._works:
                self._works = True
                Thread(target=self._work, name="watcher", daemon=True).start()

    def leave(self, one: Watching) -> None:
        """Tell somebody no more."""
        with self._turn:
            self._crowd.discard(one)

    def crowd(self, caller: Caller) -> tuple[int, int]:
        """Return how many watch, and how many of them for one caller."""
        with self._turn:
            return len(self._crowd), sum(x.admitted.caller.id == caller.id for x in self._crowd)

    def _work(self) -> None:
        sight, done = _Sight(self), False
        try:
            while crowd := self._present():
                now = time.monotonic()
                with suppress(Unavailable):
                    sight.look(crowd, now)
                alive = self._alive()
                for one in crowd:
                    latest = sight.latest(one) if alive else None
                    if not one.see(latest, now) or latest is None:
                        self.leave(one)
                time.sleep(LOOK)
            done = True
        finally:
            if not done:
                self._dismiss()

    def _present(self) -> tuple[Watching, ...]:
        with self._turn:
            self._works = bool(self._crowd)
            return tuple(self._crowd)

    def _dismiss(self) -> None:
        """Send away whoever is left if the looking failed in a way nobody foresaw."""
        with self._turn:
            left, self._works = tuple(self._crowd), False
            self._crowd.clear()
        LOG.error("those who watched orders were sent away: %d", len(left))
        for one in left:
            one.see(None, time.monotonic())


class _Sight:
    """What the watcher has seen so far."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._marks: Mapping[str, tuple[Any, ...]] = {}
        self._rows: dict[str, tuple[Document, Step | None]] = {}
        self._news: dict[str, News] = {}
        self._gone: frozenset[str] = frozenset()  # documents
        self._staying: frozenset[Admitted] = frozenset()
        self._left: frozenset[Admitted] = frozenset()
        self._refreshed = self._checked = time.monotonic()

    def look(self, crowd: Collection[Watching], now: float) -> None:
        """Look at all orders that somebody watches; raises Unavailable."""
        orders = {one.job.id: one.job for one in crowd}
        names = {job.document for job in orders.values()}
        with self._watcher.database.reading() as connection:
            marks = watched.marks(connection, names)
            changed = {name for name in marks if marks[name] != self._marks.get(name)}
            self._read(connection, changed)
            if now - self._checked >= CHECK:
                known = {one.admitted for one in crowd}
                given, at = self._watcher.given, self._watcher.clock()
                self._left = frozenset(known - staying(connection, known, given, at))
                self._checked = now
        stale = now - self._refreshed >= HEARTBEAT  # estimates change by themselves
        self._news = {
            id_: news(self._watcher.told(job, *self._rows[job.document]))
            if stale or job.document in changed or id_ not in self._news
            else self._news[id_]
            for id_, job in orders.items()
            if job.document in marks
        }
        self._refreshed = now if stale else self._refreshed
        self._marks, self._gone = marks, frozenset(names - marks.keys())
        self._rows = {name: self._rows[name] for name in marks}

    def latest(self, one: Watching) -> News | None:
        """Return what somebody is to be told, or None if there will be no more."""
        if one.admitted in self._left or one.job.document in self._gone:
            return None
        return self._news.get(one.job.id, one.first)

    def _read(self, connection: Connection, names: Collection[str]) -> None:
        if not names:
            return
        printing = steps.newest(connection, names, State.RENDERING)
        for document in documents.by_ids(connection, names):
            self._rows[document.id] = (document, printing.get(document.id))
