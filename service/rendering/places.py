"""Cells of a block and what each covers: its own place, and the places left empty for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from service.documents.parts import Block, Cell

Row = tuple[Cell | None, ...]


class Place(NamedTuple):
    """A cell in a block: what it covers."""

    row: int
    column: int
    rows: int
    columns: int
    cell: Cell


def places(block: Block) -> Iterator[Place]:
    """Yield the cells of a block with the rows and columns they cover."""
    taken: set[tuple[int, int]] = set()
    last = len(block.rows) - 1
    for r, row in enumerate(block.rows):
        under = block.rows[r + 1] if r < last else None
        for c, cell in enumerate(row):
            if cell is None or (r, c) in taken:
                continue
            if cell.across == 1 and (under is None or under[c] is not None):
                yield Place(r, c, 1, 1, cell)
                continue
            columns = min(cell.across, len(row) - c)
            covered = range(c, c + columns)
            taken.update((r, other) for other in covered)
            rows = 1
            while (
                r + rows <= last
                and all(
                    block.rows[r + rows][o] is None and (r + rows, o) not in taken for o in covered
                )
                and not _covered_from_left(block.rows[r + rows], c)
            ):
                taken.update((r + rows, other) for other in covered)
                rows += 1
            yield Place(r, c, rows, columns, cell)


def _covered_from_left(row: Row, column: int) -> bool:
    for c in range(column - 1, -1, -1):
        cell = row[c]
        if cell is not None:
            return c + cell.across > column
    return False
