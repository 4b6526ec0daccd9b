"""A journal's snapshot comes in through the running service, while others only look."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

import httpx

from benchmarks.harness.processes import spent
from benchmarks.harness.task import Watch
from benchmarks.tasks.town import Town, town
from service.domain.snapshot import Snapshot

WEB = "service web"
LOOK = 0.05  # seconds between two looks at the memory, and between two light requests
CREATED = 201


@dataclass
class Seen:
    """What was seen while something ran: the largest memory, the milliseconds of light requests."""

    peak: float = 0.0
    waits: list[float] = field(default_factory=list)

    def within(self, share: float) -> float:
        """Return the milliseconds within which a share of the light requests were answered."""
        waits = sorted(self.waits)
        return waits[min(len(waits) - 1, int(share * len(waits)))] if waits else 0.0


def arrive(watch: Watch, source: str) -> dict[str, Any]:
    """Post a whole school twice, plain and packed; tell what the service spent and held."""
    body = Path(source).read_bytes()
    snapshot = Snapshot.model_validate_json(body, by_name=False, by_alias=True)
    with (
        TemporaryDirectory() as folder,
        town(Path(folder), snapshot, processes=1, stores="folder") as here,
    ):
        idle = spent(here.serving, WEB)
        figures: dict[str, Any] = {"bytes": len(body), "started": idle.cpu, "idle": idle.memory}
        with watch.running(), httpx.Client(base_url=here.address, timeout=60) as http:
            _post(http, here, b"{}")  # what is started by the first snapshot, is
            for number, packing in enumerate(("plain", "gzip")):
                alone = _sent(body, 2 * number, packing)
                before = spent(here.serving, WEB).cpu
                _require(_post(http, here, alone, packing))
                figures[f"{packing}_cpu"] = spent(here.serving, WEB).cpu - before
                beside = _sent(body, 2 * number + 1, packing)
                with _looking(here) as seen:
                    began = time.perf_counter()
                    _require(_post(http, here, beside, packing))
                    figures[f"{packing}_seconds"] = time.perf_counter() - began
                figures[f"{packing}_peak"] = seen.peak
                figures[f"{packing}_light"] = seen.within(0.95)
                figures[f"{packing}_longest"] = seen.within(1.0)
        figures["after"] = spent(here.serving, WEB).memory
    return figures


def _require(answer: httpx.Response) -> None:
    if answer.status_code != CREATED:
        raise AssertionError(answer.text)


def _sent(body: bytes, number: int, packing: str) -> bytes:
    """Return the same snapshot in other bytes: those of before would be known."""
    other = body + b" " * number
    return gzip.compress(other, 6) if packing == "gzip" else other


def _token(here: Town) -> dict[str, str]:
    return {"Authorization": f"Bearer {here.tokens.system}"}


def _post(http: httpx.Client, here: Town, body: bytes, packing: str = "plain") -> httpx.Response:
    headers = {**_token(here), "Content-Type": "application/json"}
    if packing == "gzip":
        headers["Content-Encoding"] = "gzip"
    return http.post(f"/v1/schools/{here.school}/snapshots", content=body, headers=headers)


@contextmanager
def _looking(here: Town) -> Iterator[Seen]:
    """Ask light things and look at the memory until the block ends."""
    seen, over = Seen(), Event()
    threads = [Thread(target=one, args=(here, seen, over)) for one in (_ask, _weigh)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _ask(here: Town, seen: Seen, over: Event) -> None:
    with httpx.Client(base_url=here.address, timeout=60) as http:
        while not over.wait(LOOK):
            began = time.perf_counter()
            http.get("/v1/me", headers=_token(here)).raise_for_status()
            seen.waits.append(1000 * (time.perf_counter() - began))


def _weigh(here: Town, seen: Seen, over: Event) -> None:
    while not over.wait(LOOK):
        seen.peak = max(seen.peak, spent(here.serving, WEB).memory)
