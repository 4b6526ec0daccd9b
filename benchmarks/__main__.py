"""`python -m benchmarks [name …]`: measure, print a table, write build/bench.json."""

from __future__ import annotations

import pkgutil
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module

from rich.console import Console

import benchmarks
from benchmarks.harness.benchmark import Benchmark
from benchmarks.harness.places import RESULTS
from benchmarks.harness.results import keep
from benchmarks.harness.table import table

WIDE = 160  # where nobody watches


def found() -> Mapping[str, Benchmark]:
    """Return every benchmark by name: the modules of this package, not its subpackages."""
    names = sorted(
        module.name
        for module in pkgutil.iter_modules(benchmarks.__path__)
        if not module.ispkg and module.name != "__main__"
    )
    return {name: import_module(f"benchmarks.{name}").BENCHMARK for name in names}


def main(wanted: list[str]) -> int:
    """Run the wanted benchmarks, by default all; return how many broke, or 2 for a wrong name."""
    known = found()
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    if strange := sorted(set(wanted) - set(known)):
        console.print(f"no benchmark {', '.join(strange)}; there are {', '.join(known)}")
        return 2
    chosen = wanted or [name for name, one in known.items() if not one.on_request]
    if not wanted:
        RESULTS.unlink(missing_ok=True)
    rows, broken = [], []
    for name in chosen:
        with console.status(f"{name}: {known[name].title}"):
            try:
                made = [row.named(f"{name}: ") for row in known[name].rows(console.print)]
            except Exception:  # noqa: BLE001  one that breaks is told and spoils no other
                console.print(f"[red]{name} broke[/red]")
                console.print(traceback.format_exc(), markup=False, highlight=False)
                broken.append(name)
                continue
        keep(RESULTS, name, made)
        rows += made
    if rows:
        console.print(table(rows))
    return min(len(broken), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
