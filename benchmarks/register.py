"""The headline: a class register as PDF, by us and by others, page by page the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from benchmarks.harness.benchmark import Benchmark, Say
from benchmarks.harness.material import Register, register
from benchmarks.harness.measure import Measured, Task, least, measured
from benchmarks.harness.places import WORK
from benchmarks.harness.row import Better, Goal, Of, Peer, Row

ROUNDS = 3
SPREADS = 4  # WeasyPrint takes so long that it prints the first few and is reckoned by the page
THICK, THICKER = 54, 160  # books of subjects: about 400 and 1200 pages
PAGE, MEMORY, FLAT = 6 * 1024, 200, 0.2
WEASYPRINT = f"WeasyPrint ({2 * SPREADS} p.)"
PRINT = "benchmarks.tasks.printing"


def rows(say: Say) -> Iterator[Row]:
    """Yield speed, size and memory against every peer."""
    book = register()
    ours, spreads, peers = _measured(book, say)
    named = f"{book.pages} p., {book.pupils} pupils, {book.subjects} subjects"
    speed = f"whole register ({named})"
    yield Row(speed, ours.speed, "pages/CPU s", Better.MORE, goal=Goal(150))
    for name, peer in peers.items():
        goal = {"Typst": Goal(5, Of.RATIO), WEASYPRINT: Goal(100, Of.RATIO)}.get(name)
        yield Row(speed, ours.speed, "pages/CPU s", Better.MORE, Peer(name, peer.speed), goal)
    for name, peer in peers.items():
        what = "marks and topics alone, as peers print"
        yield Row(what, spreads.speed, "pages/CPU s", Better.MORE, Peer(name, peer.speed))
    yield Row("size", ours.weight, "bytes/page", Better.LESS, goal=Goal(PAGE))
    for name, peer in peers.items():
        yield Row("size", ours.weight, "bytes/page", Better.LESS, Peer(name, peer.weight))
    for name, peer in peers.items():
        if name != WEASYPRINT:
            yield Row("peak memory", ours.peak, "MiB", Better.LESS, Peer(name, peer.peak))
    yield from _thick(book, peers[WEASYPRINT])
    first = measured(Task(f"{PRINT}:first_pdf", {"source": book.source}))
    yield Row("first in a new process, no forms yet", first.whole, "CPU s", Better.LESS)


def _measured(book: Register, say: Say) -> tuple[Measured, Measured, dict[str, Measured]]:
    """Measure everybody in turn; a peer that prints another number of pages breaks it off."""
    classes = {"source": book.source, "warm": book.warm}
    plain = {"source": book.spreads, "warm": book.warm_spreads}
    tasks = {
        "ours": Task(f"{PRINT}:pdf", classes),
        "spreads": Task(f"{PRINT}:spreads_pdf", classes),
        "Typst": Task("benchmarks.peers.typst:pdf", plain),
        "ReportLab": Task("benchmarks.peers.reportlab:pdf", plain),
        WEASYPRINT: Task("benchmarks.peers.weasyprint:pdf", {**plain, "spreads": SPREADS}),
    }
    chromium = shutil.which("chromium")
    if chromium:
        arguments = {"source": book.spreads, "program": chromium}
        tasks["Chromium"] = Task("benchmarks.peers.chromium:pdf", arguments)
    else:
        say("chromium is not installed: it is not measured")
    measured(tasks["ours"])  # lays out the forms
    done = least(ROUNDS, tasks)
    ours, spreads = done.pop("ours"), done.pop("spreads")
    wanted = dict.fromkeys(done, 2 * book.count) | {WEASYPRINT: 2 * SPREADS}
    if wrong := {name: one.pages for name, one in done.items() if one.pages != wanted[name]}:
        raise AssertionError(f"pages of {wrong}, wanted {wanted}")
    return ours, spreads, done


def _thick(book: Register, weasyprint: Measured) -> Iterator[Row]:
    thick, thicker = (
        measured(
            Task(
                f"{PRINT}:thick_pdf",
                {"source": book.source, "groups": groups, "file": str(WORK / "thick.pdf")},
            )
        )
        for groups in (THICK, THICKER)
    )
    what = f"peak memory, {thick.pages} pages"
    yield Row(what, thick.peak, "MiB", Better.LESS, goal=Goal(MEMORY))
    grown = (thicker.peak - thick.peak) / (thicker.pages - thick.pages)
    theirs = weasyprint.figures["grown"] / weasyprint.pages
    what = f"memory of a further page, up to {thicker.pages}"
    yield Row(what, grown, "MiB/page", Better.LESS, Peer(WEASYPRINT, theirs), Goal(FLAT))


BENCHMARK = Benchmark("a class register as PDF", rows)
