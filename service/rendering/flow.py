"""A section's bricks poured into pages: what does not fit goes on overleaf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from service.documents.parts import (
    Brick,
    Corners,
    Heading,
    Section,
    Signatures,
    Spreads,
    Table,
    TitlePage,
)
from service.domain.pagination import PageCount, Totals
from service.rendering.capture import TemplateBroken
from service.rendering.pages import Item, TableSlice, TitleSheet
from service.rendering.paper import GAP, MM, PaperSide
from service.rendering.prose import PROSE, Prose, ProseItem, ends
from service.rendering.spreads import SpreadPages
from service.rendering.tables import Tables

PROVISIONAL = Totals(PageCount(188))  # lines are measured with a count as long as the real one
FEWEST = 5  # rows a table goes on with overleaf, where the page before can spare them
Body = tuple[Item, ...]


class Flow:
    """Pours one section after the other."""

    def __init__(self, prose: Prose, tables: Tables, spreads: SpreadPages):
        self._prose = prose
        self._tables = tables
        self._spreads = spreads

    def pages(self, section: Section, paper: PaperSide) -> tuple[Body, ...]:
        """Return the bodies of a section's pages; a title page comes without its parts."""
        match section.body:
            case (TitlePage() as title,):
                return ((TitleSheet(title, ()),),)
            case (Spreads() as spreads,):
                return tuple(
                    (side,) for pair in self._spreads.slices(spreads, paper) for side in pair
                )
        return _Pour(self._prose, self._tables, paper).all(section.body)


class _Pour:
    """The pages of one section while they fill."""

    def __init__(self, prose: Prose, tables: Tables, paper: PaperSide):
        self._prose = prose
        self._tables = tables
        self._width = paper.frame.width
        self._full = paper.frame.height
        self._done: list[Body] = []
        self._page: list[Item] = []
        self._room = self._full

    def all(self, bricks: tuple[Brick, ...]) -> tuple[Body, ...]:
        for running, group in groupby(bricks, key=lambda brick: isinstance(brick, PROSE)):
            if running:
                self._text([brick for brick in group if isinstance(brick, PROSE)])
                continue
            for brick in group:
                if not isinstance(brick, Table):
                    raise TemplateBroken(f"{type(brick).__name__} занимает раздел целиком")
                self._table(brick)
        self._break()
        return tuple(self._done)

    def _break(self) -> None:
        if self._page:
            self._done.append(tuple(self._page))
        self._page, self._room = [], self._full

    def _carried(self, height: float) -> bool:
        """Start a page with the last rows if what is `height` points high fits under them there.

        A table of one row goes whole, with its heading.
        """
        last = self._page[-1] if self._page else None
        if not isinstance(last, TableSlice):
            return False
        if len(last.blocks) == 1:
            return self._carried_table(last, height)
        row = replace(last, blocks=last.blocks[-1:], heights=last.heights[-1:])
        if height > self._full - self._height(row):
            return False
        self._page[-1] = replace(last, blocks=last.blocks[:-1], heights=last.heights[:-1])
        self._break()
        self._put(row)
        return True

    def _put(self, part: TableSlice) -> None:
        self._page.append(part)
        self._room -= self._height(part)

    def _text(self, items: list[ProseItem]) -> None:
        """Pour running text; what is signed, and a note above it, never stands without rows.

        Where a page holds the last rows with all that follows them, they stand together there.
        """
        while items:
            captured = self._prose.lay_out(items, self._width, PROVISIONAL)
            reach = ends(captured, len(items))
            if reach[-1] > self._room and any(map(_signs, items)) and self._carried(reach[-1]):
                continue
            most = fitting = sum(1 for end in reach if end <= self._room)
            while 0 < fitting < len(items) and _together(items[fitting - 1], items[fitting]):
                fitting -= 1
            if fitting == 0 and not self._page:
                fitting = most
            if fitting == 0:
                if not self._page:
                    raise TemplateBroken("Абзац длиннее страницы")
                signed = [end for item, end in zip(items[:2], reach, strict=False) if _signs(item)]
                if not (signed and self._carried(signed[0])):
                    self._break()
                continue
            self._page += items[:fitting]
            self._room -= reach[fitting - 1]
            items = items[fitting:]
            if items:
                self._break()

    def _table(self, table: Table) -> None:
        parts = list(self._tables.slices(table, self._width, self._room, self._full))
        if self._page and table.body and not parts[0].blocks:
            self._carry_heading()
            room = self._room
            parts = list(self._tables.slices(table, self._width, room, self._full, room))
        shown = self._without_widows([part for part in parts if part.blocks or len(parts) == 1])
        for number, part in enumerate(shown):
            if number > 0:
                self._break()
            self._put(part)

    def _without_widows(self, parts: list[TableSlice]) -> list[TableSlice]:
        """Return the slices with some rows on the last page of each run, as far as it holds them.

        They are taken from the page before, which keeps at least as many.
        """
        for upper, lower in pairwise(range(len(parts))):
            above, below = parts[upper], parts[lower]
            ends = lower + 1 == len(parts) or parts[lower + 1].columns is not below.columns
            if above.columns is not below.columns or not ends:
                continue
            while _rows(below) < FEWEST <= _rows(above) - len(above.blocks[-1].rows):
                below = replace(
                    below,
                    blocks=(above.blocks[-1], *below.blocks),
                    heights=(above.heights[-1], *below.heights),
                )
                above = replace(above, blocks=above.blocks[:-1], heights=above.heights[:-1])
                if self._height(below) > self._full:
                    break
                parts[upper], parts[lower] = above, below
        return parts

    def _carry_heading(self) -> None:
        """Start a page for the table and take the heading above it along."""
        heading = self._heading_of(self._page)
        del self._page[len(self._page) - len(heading) :]
        self._break()
        if heading:
            self._text(heading)

    def _carried_table(self, last: TableSlice, height: float) -> bool:
        """Start a page with a table and its heading if they and `height` points fit it."""
        heading = self._heading_of(self._page[:-1])
        reach = ends(self._prose.lay_out(heading, self._width, PROVISIONAL), len(heading))
        above = (reach[-1] if heading else 0) + self._height(last)
        left = self._page[: len(self._page) - len(heading) - 1]
        parted = any(isinstance(item, TableSlice) for item in left)
        if heading and parted and above + height <= self._full:
            self._page.pop()
            self._carry_heading()
            self._put(last)
            return True
        return False

    @staticmethod
    def _heading_of(items: Sequence[Item]) -> list[ProseItem]:
        """Return the headings some items end with."""
        heading: list[ProseItem] = []
        for item in reversed(items):
            if not isinstance(item, Heading | Corners):
                break
            heading.insert(0, item)
        return heading

    @staticmethod
    def _height(part: TableSlice) -> float:
        return (part.head_height + sum(map(sum, part.heights))) * MM + GAP


def _rows(part: TableSlice) -> int:
    return sum(len(block.rows) for block in part.blocks)


def _signs(item: ProseItem) -> bool:
    return isinstance(item, Signatures)


def _together(item: ProseItem, following: ProseItem) -> bool:
    """Return whether an item must not end a page that the following one no longer fits."""
    return isinstance(item, Heading | Corners) or isinstance(following, Signatures)
