"""A large snapshot comes in: posted packed, unpacked, checked whole, kept."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.harness.benchmark import Benchmark, Say
from benchmarks.harness.material import megabytes, snapshot
from benchmarks.harness.measure import Measured, Task, least, measured
from benchmarks.harness.row import Better, Goal, Peer, Row

ROUNDS = 3
SIZE = 20_000_000
SECONDS, MEMORY = 1.5, 300


def rows(_say: Say) -> Iterator[Row]:
    """Yield CPU and memory of receiving, and of checking alone beside the usual way."""
    file, size = snapshot(SIZE)
    whole = {"source": file}
    done = least(
        ROUNDS,
        {
            "received": Task("benchmarks.tasks.receiving:receive", whole),
            "checked": Task("benchmarks.tasks.checking:check", whole),
            "pydantic": Task("benchmarks.peers.validation:pydantic", whole),
        },
    )
    received, checked, pydantic = done.values()
    what = f"{megabytes(size)} received, checked, kept"
    yield Row(what, received.cpu, "CPU s", Better.LESS, goal=Goal(SECONDS))
    yield Row(what, received.peak, "MiB", Better.LESS, goal=Goal(MEMORY))
    alone = f"{megabytes(size)} checked, references too"
    peer = Peer("pydantic, schema only", pydantic.cpu)
    yield Row(alone, checked.cpu, "CPU s", Better.LESS, peer)
    peer = Peer("pydantic, schema only", pydantic.peak)
    yield Row(alone, checked.peak, "MiB", Better.LESS, peer)
    yield from _through_the_service(measured(Task("benchmarks.tasks.arriving:arrive", whole)))


def _through_the_service(arrived: Measured) -> Iterator[Row]:
    told = arrived.figures
    yield Row("the service started (web)", told["started"], "CPU s", Better.LESS)
    yield Row("the service idle (web)", told["idle"], "MiB", Better.LESS)
    for packing in ("plain", "gzip"):
        what = f"{megabytes(told['bytes'])} posted to the service, {packing}"
        yield Row(what, told[f"{packing}_cpu"], "CPU s", Better.LESS, goal=Goal(SECONDS))
        yield Row(what, told[f"{packing}_peak"], "MiB", Better.LESS, goal=Goal(MEMORY))
        light = f"{what}: light requests meanwhile"
        yield Row(f"{light}, p95", told[f"{packing}_light"], "ms", Better.LESS)
        yield Row(f"{light}, longest", told[f"{packing}_longest"], "ms", Better.LESS)


BENCHMARK = Benchmark("a 20 MB snapshot comes in", rows)
