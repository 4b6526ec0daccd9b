"""Evidence of an archive of 100 000 documents: one tree, one timestamp, renewed without reading."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.harness.benchmark import Benchmark, Say
from benchmarks.harness.measure import Task, measured
from benchmarks.harness.row import Better, Goal, Row

COUNT = 100_000
SECONDS, RENEWAL = 5, 60
ONE = 1  # call of the timestamp authority
TASKS = "benchmarks.tasks.evidence_files"
MANY = "100 000 documents"


def rows(_say: Say) -> Iterator[Row]:
    """Yield what a tree, a round of the ledger, a renewal and one document's record cost."""
    for algorithm in "sha256", "streebog256":
        tree = measured(Task(f"{TASKS}:tree", {"count": COUNT, "algorithm": algorithm}))
        yield _seconds(f"{MANY} in a tree of {algorithm}, timestamp included", tree.cpu, SECONDS)
    whole = measured(Task(f"{TASKS}:archive", {"count": COUNT}))
    told = whole.figures
    yield _seconds(f"{MANY} attested: ledger, tree, timestamp, stores", told["attest"], SECONDS)
    yield Row("TSA calls for it", told["attest_calls"], "calls", Better.LESS, None, Goal(ONE))
    yield _seconds(f"{MANY} renewed, no file read", told["renew"], RENEWAL)
    yield Row("TSA calls for a renewal", told["renew_calls"], "calls", Better.LESS, None, Goal(ONE))
    yield Row("peak memory of it all", whole.peak, "MiB", Better.LESS)
    for step, name in (("record", "reduced"), ("verify", "verified offline")):
        each = 1000 * told[step] / told["records"]
        yield Row(f"record of one document, {name}", each, "CPU ms", Better.LESS)
    yield Row("its size", told["bytes"], "bytes", Better.LESS)


def _seconds(name: str, spent: float, goal: float) -> Row:
    return Row(name, spent, "CPU s", Better.LESS, goal=Goal(goal))


BENCHMARK = Benchmark("evidence records of 100 000 documents", rows)
