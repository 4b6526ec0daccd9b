"""What a benchmark is: a title and the rows it yields; its module's name is its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.harness.row import Row

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark; one `on_request` runs only when it is named. `rows` may say things."""

    title: str
    rows: Callable[[Say], Iterable[Row]]
    on_request: bool = False
