"""The same register as DOCX, beside python-docx's own tables."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.harness.benchmark import Benchmark, Say
from benchmarks.harness.material import register
from benchmarks.harness.measure import Task, least
from benchmarks.harness.row import Better, Goal, Peer, Row

ROUNDS = 3
SPREADS = 3


def rows(_say: Say) -> Iterator[Row]:
    """Yield the cost of a register's DOCX, its pages settled already."""
    book = register()
    done = least(
        ROUNDS,
        {
            "ours": Task(
                "benchmarks.tasks.printing:docx_file", {"source": book.source, "warm": book.warm}
            ),
            "peer": Task(
                "benchmarks.peers.python_docx:docx", {"source": book.spreads, "spreads": SPREADS}
            ),
        },
    )
    ours, peer = done["ours"], done["peer"]
    name = f"python-docx ({2 * SPREADS} p., by the page)"
    theirs = ours.pages / peer.speed
    what = f"register of {ours.pages} pages"
    yield Row(what, ours.cpu, "CPU s", Better.LESS, Peer(name, theirs), Goal(2))
    yield Row("size", ours.weight, "bytes/page", Better.LESS)


BENCHMARK = Benchmark("a class register as DOCX", rows)
