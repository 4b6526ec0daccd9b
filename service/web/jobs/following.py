"""Orders are followed: told at their end, or again and again as they go on."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore

from flask import Request, Response, current_app, request

from service.bootstrap.serving import Service
from service.domain.errors import Unavailable
from service.ledger.printing.jobs import Job
from service.web.http.access import Caller
from service.web.http.gate import pinned
from service.web.http.operations import EVENTS, Answer
from service.web.http.problems import RETRY_AFTER, TooMany
from service.web.http.standing import Admitted, admitted
from service.web.http.wire import HandedOver, Received, Then, wire_of
from service.web.jobs.held import LONGEST, Held, Stream
from service.web.jobs.models import JobTold
from service.web.jobs.news import GOING, News, Telling, news
from service.web.jobs.progress import Progress
from service.web.jobs.watcher import LOOK, Watcher

MOST = 60  # seconds somebody may wait for an answer
ALIVE = "vedomost.alive"  # among the application's extensions: whether its process goes on
WAIT = re.compile(r'\s*wait\s*=\s*"?(\d{1,9})"?\s*', re.IGNORECASE)


class TooManyStreams(Unavailable):
    """As many follow orders as may: others shall be answered too."""

    code = "too-many-streams"
    title = "Слишком многие следят за заданиями"


def preferred(request: Request) -> int | None:
    """Return how long a client prefers to wait (RFC 7240, 4.3), or None."""
    for one in request.headers.get("Prefer", "").split(","):
        if found := WAIT.fullmatch(one.partition(";")[0]):
            return min(MOST, int(found[1]))
    return None


@dataclass(eq=False)
class _Waiter:
    """A thread that watches an order."""

    job: Job
    admitted: Admitted
    first: News
    _came: SimpleQueue[News | None] = field(default_factory=SimpleQueue)

    def see(self, latest: News | None, _now: float, /) -> bool:
        """See Watching."""
        if latest is not self.first:
            self._came.put(latest)
        if latest is not None:
            self.first = latest
        return latest is not None

    def next(self, seconds: float) -> News | None:
        """Return what came within so many seconds; None: there will be no more. Raises Empty."""
        return self._came.get(timeout=seconds)


class Following:
    """Has orders followed; whoever waits is told by the one watcher of the process.

    Connections of our own server are handed to the watcher and cost no thread. Under another
    server threads have to wait: half of them may.
    """

    def __init__(self, service: Service, progress: Progress) -> None:
        self._settings = service.settings
        self._progress = progress
        given = {token.id for token in service.settings.tokens}
        given |= {one.id for known in pinned(service.settings).values() for one in known}
        self._watcher = Watcher(service.database, service.clock, given, progress.of)
        self._slots = BoundedSemaphore(max(1, service.settings.web.threads // 2))

    def waited(
        self,
        job: str,
        caller: Caller,
        seconds: int,
        finished: Callable[[JobTold, bool], Answer] | None = None,
    ) -> tuple[JobTold, bool]:
        """Tell how an order goes once it has ended or the time is over, and whether that was done.

        Where too many wait already it is told at once. Raises HandedOver: then the request is asked
        anew, or, if it must not be, it is answered as it is `finished`.
        """
        found, told = self._progress.found(job, caller)
        wire, until = wire_of(request), time.monotonic() + seconds
        again = wire is not None and wire.again
        if told.state not in GOING or not seconds or again:
            return told, True
        if self._crowded(caller) is not None:
            return told, False
        first, by = news(told), admitted(request, caller)
        if wire is not None:
            held = Held(found, by, first, until)
            handed = self._handed(held)
            if finished is not None:
                handed.finished = lambda: finished(held.first.told, True)
            raise handed
        if not self._slots.acquire(blocking=False):
            return told, False
        try:
            with self._watching(_Waiter(found, by, first)) as waiter:
                while not waiter.first.ended and (left := until - time.monotonic()) > 0:
                    try:
                        if waiter.next(left) is None:
                            break
                    except Empty:
                        break
        finally:
            self._slots.release()
        return waiter.first.told, True

    def events(self, request: Request, job: str, caller: Caller) -> Response:
        """Answer with server-sent events: one whenever something changed, `end` the last.

        204, which tells a client to stop coming, if it has seen the end. Raises TooManyStreams or
        TooMany.
        """
        found, told = self._progress.found(job, caller)
        first, now = news(told), time.monotonic()
        seen = request.headers.get("Last-Event-ID", "")
        if first.ended and seen == first.mark:
            return Response(status=204)
        if request.method == "HEAD":
            return _stream(())
        if not first.ended and (crowded := self._crowded(caller)) is not None:
            raise crowded
        telling = Telling(seen, now)
        text = "retry: 2000\n\n" + telling.say(first, now)
        if first.ended:
            return _stream(iter((text,)))
        by, until = admitted(request, caller), now + LONGEST
        if wire_of(request) is not None:
            chunked = request.environ["SERVER_PROTOCOL"] == "HTTP/1.1"
            keeps = chunked and "close" not in request.headers.get("Connection", "").lower()
            stream = Stream(found, by, first, until, telling, chunked, keeps)
            return _stream(_opened(text, self._handed(stream)))
        if not self._slots.acquire(blocking=False):
            raise _too_many()
        waiter = _Waiter(found, by, first)
        response = _stream(self._flow(text, waiter, telling, until, _alive()))
        response.call_on_close(self._slots.release)
        return response

    def _flow(
        self,
        text: str,
        waiter: _Waiter,
        telling: Telling,
        until: float,
        alive: Callable[[], bool],
    ) -> Iterator[str]:
        yield text
        with self._watching(waiter, alive):
            while not waiter.first.ended and (now := time.monotonic()) < until:
                try:
                    if waiter.next(LOOK) is None:
                        return
                except Empty:
                    pass
                if text := telling.say(waiter.first, now):
                    yield text

    def _crowded(self, caller: Caller) -> TooManyStreams | TooMany | None:
        """Return why nobody more may follow orders, or this caller may not."""
        web = self._settings.web
        everybody, own = self._watcher.crowd(caller)
        if own >= web.watchers_per_caller:
            message = f"Вы уже следите за {own} заданиями: закройте потоки, которые не нужны."
            return TooMany(message, RETRY_AFTER)
        return _too_many() if everybody >= web.watchers else None

    def _handed(self, held: Held) -> HandedOver:
        watch = partial(self._watcher.join, held, _alive())

        def hold(wire: Received, released: Callable[[Then], None]) -> None:
            held.begin(wire, released)
            watch()

        return HandedOver(hold)

    @contextmanager
    def _watching(
        self, waiter: _Waiter, alive: Callable[[], bool] | None = None
    ) -> Iterator[_Waiter]:
        self._watcher.join(waiter, alive or _alive())
        try:
            yield waiter
        finally:
            self._watcher.leave(waiter)


def _too_many() -> TooManyStreams:
    return TooManyStreams(
        "Слишком многие сейчас следят за заданиями: спросите о задании без /events."
    )


def _opened(text: str, handed: HandedOver) -> Iterator[str]:
    yield text
    raise handed


def _alive() -> Callable[[], bool]:
    """Return what says whether the process of this application goes on."""
    alive: Callable[[], bool] = current_app.extensions.get(ALIVE, lambda: True)
    return alive


def _stream(flow: Iterator[str] | tuple[()]) -> Response:
    response = Response(flow, content_type=f"{EVENTS}; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # nginx would keep events to itself
    return response
