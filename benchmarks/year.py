"""A school's year end to end, and a region by what a page, a signature and a deposit cost."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.harness.benchmark import Benchmark, Say
from benchmarks.harness.measure import Task, measured
from benchmarks.harness.row import Better, Goal, Peer, Row

CLASSES = 30
PROCESSES = 1, 2
GOAL = 240.0  # seconds for a school's year on two cores
REGION = 120_000  # documents of a region's June
HOUR = 3600


def rows(_say: Say) -> Iterator[Row]:
    """Yield what a year takes with one and with two printing processes, and what a region would."""
    alone: float | None = None
    for processes in PROCESSES:
        arguments = {"classes": CLASSES, "processes": processes, "stores": "bucket"}
        told = measured(Task("benchmarks.tasks.june:june", arguments)).figures
        what = f"{CLASSES} classes, {processes} printing"
        size = f"{told['documents']} documents, {told['pages']} pages"
        peer = Peer("one printing", alone) if alone is not None else None
        goal = Goal(GOAL) if processes == max(PROCESSES) else None
        yield Row(f"{what}: {size}", told["seconds"], "s", Better.LESS, peer, goal)
        alone = alone or told["seconds"]
        yield Row(f"{what}: until printed", told["printing"], "s", Better.LESS)
        yield Row(f"{what}: signed twice and archived", told["signing"], "s", Better.LESS)
        yield Row(f"{what}: a page", told["page"] * 1000, "CPU ms", Better.LESS)
        yield Row(f"{what}: a signature", told["signature"] * 1000, "CPU ms", Better.LESS)
        yield Row(f"{what}: a deposit in two stores", told["deposit"] * 1000, "CPU ms", Better.LESS)
        yield Row(f"{what}: memory of the service", told["memory"], "MiB", Better.LESS)
        per_document = (
            told["page"] * told["pages"] / told["documents"]
            + 2 * told["signature"]
            + told["deposit"]
        )
        yield Row(
            f"a region's {REGION} documents on {processes} core{'s'[: processes - 1]}, reckoned",
            REGION * per_document / processes / HOUR,
            "h",
            Better.LESS,
        )


BENCHMARK = Benchmark("a school's year end to end, and a region", rows)
