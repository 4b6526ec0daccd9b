"""How an order goes: told at once, at its end, or again and again as it goes on."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from threading import BoundedSemaphore, Lock

from flask import Request, Response, current_app

from service.bootstrap.serving import Service
from service.domain.errors import Missing, Unavailable
from service.jobs.worker import SILENCE
from service.ledger import documents, jobs, pace, steps
from service.ledger.documents import Document, State
from service.ledger.jobs import Job
from service.ledger.pace import Pace
from service.web.documents.models import JobTold
from service.web.documents.told import job_told
from service.web.http.access import Caller
from service.web.http.operations import EVENTS

MOST = 60  # seconds somebody may wait for an answer
LOOK = 0.25  # seconds between two looks
HEARTBEAT = 3.0  # seconds of silence on a stream, after which a client that went is noticed
LONGEST = 900.0  # seconds of a stream: then the client comes again, and its token is looked at
GOING = frozenset({"queued", "running"})
ALIVE = "vedomost.alive"  # among the application's extensions: whether its process goes on
WAIT = re.compile(r'\s*wait\s*=\s*"?(\d{1,9})"?\s*', re.IGNORECASE)


class TooManyStreams(Unavailable):
    """As many threads wait for the end of orders as may: the others are for quick answers."""

    code = "too-many-streams"
    title = "Слишком многие следят за заданиями"


def preferred(request: Request) -> int | None:
    """Return how long a client prefers to wait (RFC 7240, 4.3), or None."""
    for one in request.headers.get("Prefer", "").split(","):
        if found := WAIT.fullmatch(one.partition(";")[0]):
            return min(MOST, int(found[1]))
    return None


@dataclass
class Progress:
    """Tells how orders go; of the threads of this process, half may wait at a time."""

    service: Service
    fresh: float = 2.0  # seconds for which the pace counts as known
    _slots: BoundedSemaphore = field(init=False)
    _turn: Lock = field(default_factory=Lock)
    _pace: Pace | None = None
    _measured: float = 0.0

    def __post_init__(self) -> None:
        self._slots = BoundedSemaphore(max(1, self.service.settings.web.threads // 2))

    def told(self, job: str, caller: Caller) -> JobTold:
        """Tell how an order goes now."""
        with self.service.database.reading() as connection:
            found = jobs.get(connection, job)
            document = documents.get(connection, found.document)
            caller.at_class(found.school, document.class_id)
            step = steps.latest(connection, document.id, State.RENDERING)
        return self.of(found, document, step)

    def of(self, job: Job, document: Document, step: steps.Step | None) -> JobTold:
        """Return what is told of an order whose rows were read, with an estimate of its end."""
        if document.state is not State.RENDERING or step is None:
            return job_told(job, document, step)
        left = self._known_pace().seconds_left(step, document.kind, self.service.clock())
        return job_told(job, document, step, left)

    def waited(self, job: str, caller: Caller, seconds: int) -> tuple[JobTold, bool]:
        """Tell how an order goes once it has ended or the time is over, and whether that was done.

        Without a thread to spare it is told at once.
        """
        until = time.monotonic() + seconds
        told = self.told(job, caller)
        if told.state not in GOING or not seconds:
            return told, True
        if not self._slots.acquire(blocking=False):
            return told, False
        try:
            while told.state in GOING and time.monotonic() < until and _alive()():
                time.sleep(LOOK)
                told = self.told(job, caller)
        finally:
            self._slots.release()
        return told, True

    def events(self, request: Request, job: str, caller: Caller) -> Response:
        """Answer with server-sent events: one whenever something changed, `end` the last.

        204, which tells a client to stop coming, if it has seen the end. Raises TooManyStreams.
        """
        told, seen = self.told(job, caller), request.headers.get("Last-Event-ID", "")
        if told.state not in GOING and seen == _mark(told):
            return Response(status=204)
        if request.method == "HEAD":
            return _stream(())
        if not self._slots.acquire(blocking=False):
            raise TooManyStreams(
                "Слишком многие сейчас следят за заданиями: спросите о задании без /events."
            )
        response = _stream(self._flow(job, caller, seen, _alive()))
        response.call_on_close(self._slots.release)
        return response

    def _flow(
        self, job: str, caller: Caller, seen: str, alive: Callable[[], bool]
    ) -> Iterator[str]:
        yield "retry: 2000\n\n"
        said = began = time.monotonic()
        estimate: int | None = None
        while alive() and time.monotonic() - began < LONGEST:
            try:
                told = self.told(job, caller)
            except (Unavailable, Missing):
                return
            late = time.monotonic() - said >= HEARTBEAT
            if _mark(told) != seen or (late and told.estimate_seconds != estimate):
                seen, estimate, said = _mark(told), told.estimate_seconds, time.monotonic()
                name = "progress" if told.state in GOING else "end"
                yield f"id: {seen}\nevent: {name}\ndata: {told.model_dump_json(by_alias=True)}\n\n"
            elif late:
                said = time.monotonic()
                yield ":\n\n"
            if told.state not in GOING:
                return
            time.sleep(LOOK)

    def _known_pace(self) -> Pace:
        with self._turn:
            if self._pace is None or time.monotonic() - self._measured >= self.fresh:
                with self.service.database.reading() as connection:
                    processes = self.service.settings.worker.processes
                    self._pace = pace.pace(connection, processes, SILENCE)
                self._measured = time.monotonic()
            return self._pace


def _alive() -> Callable[[], bool]:
    """Return what says whether the process of this application goes on."""
    alive: Callable[[], bool] = current_app.extensions.get(ALIVE, lambda: True)
    return alive


def _mark(told: JobTold) -> str:
    """Return the id of an event: what changes by itself, the estimate, is no news."""
    body = told.model_dump_json(exclude={"estimate_seconds"})
    return sha256(body.encode()).hexdigest()[:16]


def _stream(flow: Iterator[str] | tuple[()]) -> Response:
    response = Response(flow, content_type=f"{EVENTS}; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # nginx would keep events to itself
    return response
