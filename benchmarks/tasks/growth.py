"""A school's registers in the service's own pool of processes: what the work itself costs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.harness.task import Watch, peak
from benchmarks.tasks.printing import printed, printer, read
from service.jobs.pool import Pool
from service.rendering.printer import Printer

TIMEOUT = 600.0


@dataclass(frozen=True, slots=True)
class Shop:
    """What a process of the pool holds ready."""

    press: Printer
    folder: Path

    def register(self, journal: str, _generation: int) -> dict[str, float]:
        """Print a class from its extract on disk to a file on disk; tell what it took."""
        watch = Watch()
        with watch.running():
            book, made = printed(self.press, read(self.folder / f"{journal}.json"))
            (self.folder / f"{journal}.pdf").write_bytes(made.body)
        return {"cpu": watch.seconds, "pages": len(book.pages), "peak": peak()}


def shop(folder: str, forms: str) -> Shop:
    """Return what a process of the pool holds ready."""
    return Shop(printer(Path(forms)), Path(folder))


def year(
    watch: Watch, folder: str, forms: str, classes: list[str], processes: int
) -> dict[str, Any]:
    """Print a register of every class; the watch counts the work, not the start of processes."""
    pool: Pool[Shop, dict[str, float]] = Pool(
        processes, TIMEOUT, partial(shop, folder, forms), preload=("benchmarks.tasks.printing",)
    )
    with ThreadPoolExecutor(processes) as threads:
        done = list(threads.map(lambda one: pool.run(Shop.register, one, 0), classes))
    pool.close()
    watch.seconds = sum(one["cpu"] for one in done)
    return {"pages": sum(one["pages"] for one in done), "peak": max(one["peak"] for one in done)}
