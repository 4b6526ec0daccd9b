"""Where the time of a register goes: CPU by stage, and the profiler's longest rows."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.harness.benchmark import Benchmark, Say
from benchmarks.harness.material import register
from benchmarks.harness.measure import Task, measured
from benchmarks.harness.places import PROFILE
from benchmarks.harness.row import Better, Row


def rows(say: Say) -> Iterator[Row]:
    """Yield the stages; print the profile and leave it in build/profile.txt."""
    book = register()
    task = Task("benchmarks.tasks.printing:stages", {"source": book.source, "warm": book.warm})
    measured(task)  # lays out the forms
    made = measured(task)
    PROFILE.write_text(made.figures["profile"])
    say(made.figures["profile"])
    for stage, seconds in made.figures["stages"].items():
        yield Row(stage, seconds, "CPU s", Better.LESS)


BENCHMARK = Benchmark("where the time of a register goes", rows, on_request=True)
