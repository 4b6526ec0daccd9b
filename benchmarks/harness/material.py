"""The register everybody prints, made once a run: class 8А of the sample school, warmed by 11А."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from benchmarks.harness.measure import Task, measured
from benchmarks.harness.places import WORK

SAMPLE = "benchmarks.tasks.sample"


@dataclass(frozen=True, slots=True)
class Register:
    """Files of one class (`source`) and of the one printed before it (`warm`), and their size."""

    source: str
    warm: str
    spreads: str
    warm_spreads: str
    count: int  # spreads: a marks page and a topics page each
    pages: int
    pupils: int
    subjects: int


@cache
def register() -> Register:
    """Return the register; its spreads lie ready as plain data as well."""
    source, warm = classes(2)
    spreads, warm_spreads = (str(WORK / f"{name}-spreads.json") for name in ("register", "warm"))
    _spreads(warm, warm_spreads)
    told = _spreads(source, spreads)
    return Register(
        source=source,
        warm=warm,
        spreads=spreads,
        warm_spreads=warm_spreads,
        count=told["spreads"],
        pages=told["pages"],
        pupils=told["pupils"],
        subjects=told["subjects"],
    )


def _spreads(source: str, file: str) -> Mapping[str, Any]:
    return measured(Task(f"{SAMPLE}:spreads", {"source": source, "file": file})).figures


@cache
def classes(count: int) -> tuple[str, ...]:
    """Return the files of so many classes of a sample school; the first is 8А, then 11А."""
    folder = WORK / f"classes-{count}"
    made = measured(Task(f"{SAMPLE}:classes", {"folder": str(folder), "count": count}))
    return tuple(str(folder / f"{name}.json") for name in made.figures["classes"])


@cache
def snapshot(size: int) -> tuple[str, int]:
    """Return the file of a school's snapshot of at least `size` bytes, and its bytes."""
    file = str(WORK / f"snapshot-{size}.json")
    made = measured(Task(f"{SAMPLE}:snapshot", {"file": file, "size": size}))
    return file, int(made.figures["bytes"])


def megabytes(size: int) -> str:
    """Return a size in words: «20.4 MB»."""
    return f"{size / 1_000_000:.1f} MB"
