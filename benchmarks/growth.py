"""How the cost grows: registers of 1, 10 and 30 classes, by 1 and 2 processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.harness.benchmark import Benchmark, Say
from benchmarks.harness.material import classes, register
from benchmarks.harness.measure import Measured, Task, least, measured
from benchmarks.harness.row import Better, Goal, Of, Peer, Row

CLASSES = 1, 10, 30
PROCESSES = 1, 2
ROUNDS = 3
FIRST = "c8a"  # the class of the headline
LINEAR = 0.8  # a page may cost a quarter more in a crowd than alone


def rows(_say: Say) -> Iterator[Row]:
    """Yield what a school's registers cost, and whether a page costs the same among many."""
    files = [Path(file) for file in classes(max(CLASSES))]
    names = [file.stem for file in files]
    start = names.index(FIRST)
    names = names[start:] + names[:start]
    with TemporaryDirectory() as forms:

        def year(count: int, processes: int) -> Task:
            return Task(
                "benchmarks.tasks.growth:year",
                {
                    "folder": str(files[0].parent),
                    "forms": forms,
                    "classes": names[:count],
                    "processes": processes,
                },
            )

        cold = measured(year(max(CLASSES), max(PROCESSES)))
        done = {
            (count, processes): _cheapest(year(count, processes), ROUNDS if count == 1 else 1)
            for count in CLASSES
            for processes in PROCESSES
            if processes <= count
        }
    typst = _typst()
    alone = done[1, 1]
    for (count, processes), made in done.items():
        what = _named(count, processes)
        theirs = made.pages / typst.speed
        peer = Peer("Typst (by the page of one)", theirs)
        yield Row(f"{what}, {made.pages} p.", made.cpu, "CPU s", Better.LESS, peer)
        if count > 1:
            peer = Peer(f"ours, {_named(1, 1)}", alone.speed)
            goal = Goal(LINEAR, Of.RATIO)
            yield Row(what, made.speed, "pages/CPU s", Better.MORE, peer, goal)
    most = done[max(CLASSES), max(PROCESSES)]
    peer = Peer(f"ours, {_named(1, 1)}", alone.figures["peak"])
    yield Row(
        f"peak memory of a process, {_named(max(CLASSES), max(PROCESSES))}",
        most.figures["peak"],
        "MiB",
        Better.LESS,
        peer,
    )
    what = f"{_named(max(CLASSES), max(PROCESSES))}, no forms yet"
    yield Row(what, cold.cpu, "CPU s", Better.LESS, Peer("ours, forms laid out", most.cpu))


def _cheapest(task: Task, rounds: int) -> Measured:
    return least(rounds, {"": task})[""]


def _typst() -> Measured:
    book = register()
    plain = {"source": book.spreads, "warm": book.warm_spreads}
    return _cheapest(Task("benchmarks.peers.typst:pdf", plain), ROUNDS)


def _named(count: int, processes: int) -> str:
    one = "" if count == 1 else "es"
    return f"{count} class{one}, {processes} process{'es' if processes > 1 else ''}"


BENCHMARK = Benchmark("registers of 1, 10 and 30 classes", rows)
