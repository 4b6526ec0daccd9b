"""Many journals at once: each posts, orders, polls and fetches while printing runs at full load."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from typing import Any, TypeVar

from benchmarks.harness.processes import spent
from benchmarks.harness.task import Watch
from benchmarks.tasks.town import Town, town
from service.client.operations import Operations
from service.client.told import JobAsked
from service.domain.errors import ServiceError
from service.domain.extract import canonical, extract
from service.domain.snapshot import Snapshot
from service.sample import school

SEED = 7
POLL = 2.0  # seconds between two questions of one client
SETTLED = 0.25  # of the time, after which memory should not grow any more
Result = TypeVar("Result")


@dataclass
class Log:
    """What all clients saw: seconds by sort of request, and what failed."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: list[str] = field(default_factory=list)
    turn: Lock = field(default_factory=Lock)

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        except ServiceError as error:
            with self.turn:
                self.failed.append(f"{what}: {error.code} {error}")
        else:
            with self.turn:
                self.seconds[what].append(time.perf_counter() - began)

    def at(self, what: str, share: float) -> float:
        """Return the milliseconds within which a share of some requests were answered."""
        sorted_ = sorted(self.seconds[what])
        return 1000 * sorted_[min(len(sorted_) - 1, int(share * len(sorted_)))]


def load(watch: Watch, clients: int, seconds: float, classes: int) -> dict[str, Any]:
    """Have clients work for some time; tell how long requests took, what failed, what it held."""
    snapshot = school(classes, SEED)
    log = Log()
    with (
        TemporaryDirectory() as folder,
        town(Path(folder), snapshot, processes=2, stores="folder") as here,
    ):
        end = time.monotonic() + seconds
        threads = [
            Thread(target=_work, args=(here, snapshot, number, end, log))
            for number in range(clients)
        ]
        with watch.running():
            for thread in threads:
                thread.start()
            time.sleep(seconds * SETTLED)
            settled = spent(here.serving, "service web").memory
            for thread in threads:
                thread.join()
        memory = spent(here.serving, "service web").memory
    return {
        "requests": sum(map(len, log.seconds.values())),
        "failed": len(log.failed),
        "first_failure": next(iter(log.failed), ""),
        "light": log.at("light", 0.95),
        "median": log.at("light", 0.5),
        "order": log.at("order", 0.95),
        "snapshot": log.at("snapshot", 0.95),
        "file": log.at("file", 0.95),
        "documents": len(log.seconds["file"]),
        "settled": settled,
        "memory": memory,
    }


def _work(here: Town, snapshot: Snapshot, number: int, end: float, log: Log) -> None:
    """One journal: a new snapshot of a class again and again, and its documents."""
    journal = snapshot.classes[number % len(snapshot.classes)]
    chance = random.Random(number)
    exported = snapshot.source.exported_at
    body = canonical(extract(snapshot, journal.id))
    before = exported.isoformat().encode()
    if body.count(before) != 1:
        raise AssertionError("the time of the export is not where it was")
    time.sleep(number * POLL / 10)  # they do not come all at once
    with here.client(here.tokens.system, patience=0) as service:
        turn = 0
        while time.monotonic() < end:
            turn += 1
            later = exported + timedelta(seconds=1000 * number + turn)
            said = body.replace(before, later.isoformat().encode())
            _round(service, here.school, said, journal.id, end, chance, log)


def _round(
    service: Operations,
    school_id: str,
    body: bytes,
    class_id: str,
    end: float,
    chance: random.Random,
    log: Log,
) -> None:
    accepted = _asked(log, "snapshot", lambda: service.create_snapshot(school_id, body))
    if accepted is None:
        return
    asked = JobAsked(
        snapshot=accepted.id, kind="class-register", class_=class_id, batch=chance.random() < 0.5
    )
    job = _asked(log, "order", lambda: service.order_document(school_id, asked))
    while job is not None and job.state in {"queued", "running"} and time.monotonic() < end:
        time.sleep(POLL * chance.uniform(0.5, 1.5))
        name = job.id
        job = _asked(log, "light", lambda name=name: service.get_job(name))
        _asked(log, "light", lambda: service.list_documents(limit=20))
    if job is not None and job.state == "done":
        document = job.document
        _asked(log, "light", lambda: service.get_document(document))
        _asked(log, "file", lambda: service.get_document_pdf(document))


def _asked(log: Log, what: str, call: Callable[[], Result]) -> Result | None:
    with log.timed(what):
        return call()
    return None
