"""Signing a register of some 200 pages with a visible mark, beside pyHanko; judging it again."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.harness.benchmark import Benchmark, Say
from benchmarks.harness.material import register
from benchmarks.harness.measure import Measured, Task, least, measured
from benchmarks.harness.places import WORK
from benchmarks.harness.row import Better, Goal, Peer, Row

ROUNDS = 2
TIMES = 8
GROUPS = 27  # books of subjects: about 200 pages
KINDS = "rsa", "ec"
GOAL = 5
PREPARE_GOAL, EMBED_GOAL, VERIFY_GOAL = 6, 20, 5
EARLY, LATE = 100, 1000  # signatures after which the peak of memory is read
GROWTH_GOAL = 1.1  # what the collector leaves lying for a while
STEPS = (
    ("prepare", "deferred: prepare", PREPARE_GOAL),
    ("embed", "deferred: check and embed a raw value", EMBED_GOAL),
    ("whole", "deferred: check and embed a CMS", EMBED_GOAL),
    ("verify", "verify B-LT", VERIFY_GOAL),
)
SIGN = "benchmarks.tasks.signing_files"
UNIT = "per CPU s"


def rows(_say: Say) -> Iterator[Row]:
    """Yield signatures per CPU second by each kind of key, without and with a timestamp."""
    file = str(WORK / "to-sign.pdf")
    thick = {"source": register().source, "groups": GROUPS, "file": file}
    book = measured(Task("benchmarks.tasks.printing:thick_pdf", thick))
    tasks = {}
    for kind in KINDS:
        one = {"source": file, "kind": kind, "times": TIMES}
        tasks[kind, "ours"] = Task(f"{SIGN}:ours", {**one, "timed": False})
        tasks[kind, "timed"] = Task(f"{SIGN}:ours", {**one, "timed": True})
        tasks[kind, "plain"] = Task(f"{SIGN}:plain", one)
        tasks[kind, "prepare"] = Task(f"{SIGN}:prepared", one)
        tasks[kind, "embed"] = Task(f"{SIGN}:embedded", {**one, "whole": False})
        tasks[kind, "whole"] = Task(f"{SIGN}:embedded", {**one, "whole": True})
        tasks[kind, "verify"] = Task(f"{SIGN}:verified", one)
    names = {f"{kind} {how}": task for (kind, how), task in tasks.items()}
    done = least(ROUNDS, names)
    for kind in KINDS:
        what = f"{kind.upper()} and a mark, {book.pages} pages"
        peer = Peer("pyHanko SimpleSigner", _speed(done[f"{kind} plain"]))
        yield Row(what, _speed(done[f"{kind} ours"]), UNIT, Better.MORE, peer, Goal(GOAL))
        yield Row(f"{what}, B-LT", _speed(done[f"{kind} timed"]), UNIT, Better.MORE)
        for step, name, goal in STEPS:
            speed = _speed(done[f"{kind} {step}"])
            yield Row(f"{kind.upper()} {name}", speed, UNIT, Better.MORE, goal=Goal(goal))
    over = {"source": file, "few": EARLY, "times": LATE}
    grown = measured(Task(f"{SIGN}:many", over)).figures
    late = float(grown["late"])
    name = f"peak memory after {LATE} signatures ({late:.0f} MiB) to that after {EARLY}"
    yield Row(name, late / float(grown["early"]), "×", Better.LESS, None, Goal(GROWTH_GOAL))


def _speed(made: Measured) -> float:
    return float(made.figures["signatures"]) / made.cpu


BENCHMARK = Benchmark("signatures with a visible mark", rows)
