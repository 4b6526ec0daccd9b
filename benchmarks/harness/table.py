"""The rows as a table for people."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table

from benchmarks.harness.row import Row

MET = {True: "[green]met[/green]", False: "[red]missed[/red]", None: ""}


def table(rows: Iterable[Row]) -> Table:
    """Return the rows as a table; × says how many times better than the peer."""
    drawn = Table("what", show_edge=False, pad_edge=False)
    drawn.add_column("ours", justify="right")
    drawn.add_column("unit")
    drawn.add_column("peer")
    drawn.add_column("its figure", justify="right")
    drawn.add_column("×", justify="right")
    drawn.add_column("goal")
    drawn.add_column("")
    for row in rows:
        peer = ("", "") if row.peer is None else (row.peer.name, figure(row.peer.value))
        ratio = "" if row.ratio is None else figure(row.ratio)
        drawn.add_row(
            row.name, figure(row.value), row.unit, *peer, ratio, row.wanted or "", MET[row.met]
        )
    return drawn


def figure(value: float) -> str:
    """Return a number with three digits that say something."""
    if abs(value) >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}"
