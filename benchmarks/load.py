"""Fifty clients for two minutes, on this machine: how long they wait, whether anything fails."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.harness.benchmark import Benchmark, Say
from benchmarks.harness.measure import Task, measured
from benchmarks.harness.row import Better, Goal, Of, Peer, Row

CLIENTS = 50
SECONDS = 120
CLASSES = 11
LIGHT = 100.0  # ms, for 95 of 100 requests that only look
ORDER = 50.0  # ms until 202
GROWTH = 0.9  # × of the memory once settled: it may grow by a tenth


def rows(say: Say) -> Iterator[Row]:
    """Yield what the clients saw; what failed first is said."""
    arguments = {"clients": CLIENTS, "seconds": SECONDS, "classes": CLASSES}
    told = measured(Task("benchmarks.tasks.load:load", arguments)).figures
    if told["first_failure"]:
        say(told["first_failure"])
    what = f"{CLIENTS} clients, {SECONDS} s, {told['requests']} requests"
    yield Row(f"{what}: failed", told["failed"], "requests", Better.LESS, goal=Goal(0))
    yield Row("light requests, p95", told["light"], "ms", Better.LESS, goal=Goal(LIGHT))
    yield Row("light requests, median", told["median"], "ms", Better.LESS)
    yield Row("orders (202), p95", told["order"], "ms", Better.LESS, goal=Goal(ORDER))
    yield Row("snapshots of a class, p95", told["snapshot"], "ms", Better.LESS)
    yield Row("files, p95", told["file"], "ms", Better.LESS)
    yield Row("registers printed and fetched meanwhile", told["documents"], "", Better.MORE)
    settled = Peer(f"after {SECONDS // 4} s", told["settled"])
    growth = Goal(GROWTH, Of.RATIO)
    yield Row("memory of what answers", told["memory"], "MiB", Better.LESS, settled, growth)


BENCHMARK = Benchmark("fifty clients at once", rows, on_request=True)
