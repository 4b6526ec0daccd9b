"""Columns of a table on paper: widths, runs of columns that fit a page, the rows of the head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.documents.parts import Column, ColumnGroup, Table, leaves
from service.rendering.paper import MM
from service.rendering.typeface import EM, Face, wrap

Columns = tuple[Column | ColumnGroup, ...]
LEAST_STRETCH = 20.0  # millimetres a stretching column takes at least


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A cell of the head and what it covers; turned text stands in a box of width × height mm."""

    title: str
    columns: int
    rows: int
    turned: bool = False
    width: float = 0
    height: float = 0
    size: float = 0  # points, where the usual size does not hold the longest word


@dataclass(frozen=True, slots=True)
class ColumnRun:
    """Columns that stand side by side on one page."""

    indices: tuple[int, ...]
    columns: Columns
    widths: tuple[float, ...]  # millimetres, summing up to the page


def runs(table: Table, available: float) -> tuple[ColumnRun, ...]:
    """Return the table's columns in runs no wider than `available` millimetres.

    Every run after the first repeats the leading columns; no run is much wider than another.
    """
    every = leaves(table.columns)
    least = [column.width or LEAST_STRETCH for column in every]
    lead = list(range(table.lead))
    if sum(least) <= available + 0.01:
        groups = [list(range(len(every)))]
    else:
        others = range(table.lead, len(every))
        room = available - sum(least[index] for index in lead)
        groups = _shared(least, others, room)
        even = sum(least[index] for index in others) / len(groups)
        while len(shared := _shared(least, others, even)) > len(groups):
            even = min(even + 1, room)
        groups = [lead + group for group in shared]
    return tuple(_run(table, group, available) for group in groups)


def _shared(least: Sequence[float], others: Iterable[int], room: float) -> list[list[int]]:
    """Return columns in groups, each as wide as `room` millimetres allow."""
    groups: list[list[int]] = [[]]
    taken = 0.0
    for index in others:
        if groups[-1] and taken + least[index] > room + 0.01:
            groups.append([])
            taken = 0.0
        groups[-1].append(index)
        taken += least[index]
    return groups


def _run(table: Table, indices: list[int], available: float) -> ColumnRun:
    every = leaves(table.columns)
    chosen = [every[index] for index in indices]
    stretching = [column for column in chosen if not column.width]
    rest = available - sum(column.width for column in chosen)
    share = rest / len(stretching) if stretching else 0
    widths = tuple(round(column.width or share, 3) for column in chosen)
    return ColumnRun(
        tuple(indices), _select(table.columns, iter(range(len(every))), set(indices)), widths
    )


def _select(columns: Columns, counter: Iterator[int], wanted: set[int]) -> Columns:
    kept: list[Column | ColumnGroup] = []
    for column in columns:
        if isinstance(column, Column):
            if next(counter) in wanted:
                kept.append(column)
        elif inner := _select(column.columns, counter, wanted):
            kept.append(ColumnGroup(column.title, inner))
    return tuple(kept)


def head(
    columns: Columns, widths: Sequence[float], turned_height: float, face: Face, size: float
) -> list[list[HeadCell]]:
    """Return the head as rows of cells; a leaf reaches down to the last row."""
    depth = _depth(columns)
    rows: list[list[HeadCell]] = [[] for _ in range(depth)]
    begun = 0  # leaves, left to right

    def place(level: int, column: Column | ColumnGroup) -> None:
        nonlocal begun
        if isinstance(column, ColumnGroup):
            count = len(leaves(column.columns))
            across = sum(widths[begun : begun + count])
            size_there = _smaller(column.title, face, size, across * MM - 4)
            rows[level].append(HeadCell(column.title, count, 1, size=size_there))
            for inner in column.columns:
                place(level + 1, inner)
            return
        width = widths[begun]
        begun += 1
        size_there = 0.0 if column.turned else _smaller(column.title, face, size, width * MM - 4)
        rows[level].append(
            HeadCell(
                title=column.title,
                columns=1,
                rows=depth - level,
                turned=column.turned,
                width=width,
                height=turned_height,
                size=size_there,
            )
        )

    for column in columns:
        place(0, column)
    return rows


def _smaller(title: str, face: Face, size: float, room: float) -> float:
    """Return the size at which the longest word fits `room` points; 0 where it does as it is."""
    widest = max(face.width(word, size) for word in title.split(" "))
    return 0.0 if widest <= room else max(5.5, int(size * room / widest * 4) / 4)


def places_of(table: Table, columns: Columns) -> tuple[int, ...]:
    """Return the places, from 1, that a run's columns have in the whole table."""
    every = iter(enumerate(leaves(table.columns), start=1))
    return tuple(next(place for place, one in every if one is leaf) for leaf in leaves(columns))


def _depth(columns: Columns) -> int:
    return max(1 if isinstance(c, Column) else 1 + _depth(c.columns) for c in columns)


def turned_height(
    columns: Sequence[Column],
    widths: Sequence[float],
    face: Face,
    size: float,
    leading: float,
) -> float:
    """Return the lowest head, in millimetres, in which every turned title stands uncut."""
    tallest = 0.0
    for column, width in zip(columns, widths, strict=True):
        if not column.turned:
            continue
        fitting = max(1, int((width * MM - 1) // leading))
        longest_word = max(map(face.measure, column.title.split(" "))) * size / EM
        length = longest_word
        while len(wrap(face, column.title, size, length)) > fitting:
            length += 2
        tallest = max(tallest, length / MM)
    return round(tallest + 3, 1) if tallest else 0.0
