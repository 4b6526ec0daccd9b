"""What stands on a settled page, and the first place where nothing does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, product
from typing import NamedTuple

from service.documents.parts import Orientation, Signatures
from service.rendering.capture import Capture, Run
from service.rendering.check_mark import Caption, CheckMark, Shape, shapes
from service.rendering.forms import Forms
from service.rendering.pages import BlankNote, Book, Item, Page, TableSlice, TitleSheet
from service.rendering.paper import GAP, MM, PaperSide, paper
from service.rendering.prose import PROSE, Prose, ProseItem, ends
from service.rendering.qr import QUIET, Code, code
from service.rendering.setting import set_line

APART = 0.5 * MM  # from whatever stands there
CLOSER = 0.04  # of the way down a page, by which Word may set a text higher than PDF has it
EDGE = 4 * MM  # where printers print nothing
DOWN, ACROSS = 1 * MM, 5 * MM  # from one place tried to the next
HANGING = 0.3  # of its size, how far a letter may reach below its line


class Box(NamedTuple):
    """An oblong of a page, in points from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether two share a place."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


class Room:
    """Finds the place of a QR code in a book; no page changes for it."""

    def __init__(self, forms: Forms, prose: Prose):
        self._forms = forms
        self._prose = prose

    def marked(self, book: Book, document: str, address: str) -> Book:
        """Return a book with its code where the first page that has room for it has it.

        At the lower right corner if that is free, else as low and as far right as may be; large
        if there is room, else small. A book without room on any page stays without a code.
        """
        drawn = code(address)
        for index, page in enumerate(book.pages):
            side = paper(self._forms, book.content, page.orientation, page.on_front(index))
            standing = (
                *self._running(book, page, document, side),
                *(_raised(box, side) for box in self._standing(book, page, side)),
            )
            for shape in shapes(drawn):
                place = _place(standing, shape, drawn, _within(book, page, index, side))
                if place is not None:
                    return replace(book, mark=CheckMark(drawn, index, *place, shape))
        return book

    def _running(self, book: Book, page: Page, document: str, side: PaperSide) -> Iterator[Box]:
        """Yield the small print; what stands above the frame is out of reach anyway."""
        text = page.small_print(book.content.small_print(document), book.totals)
        for run in set_line(side.footer, text, self._forms.typesetter.faces):
            yield self._box(run, 0, 0)

    def _standing(self, book: Book, page: Page, side: PaperSide) -> Iterator[Box]:
        frame = side.frame
        y = frame.y
        for running, group in groupby(page.items, key=lambda item: isinstance(item, PROSE)):
            items = [*group]
            if running:
                prose = [item for item in items if isinstance(item, PROSE)]
                laid = self._prose.lay_out(prose, frame.width, book.totals)
                yield from self._text(prose, laid, frame.x, y)
                y += ends(laid, len(prose))[-1]
                continue
            for item in items:
                height = self._height(item, side)
                if isinstance(item, TitleSheet):
                    laid = self._prose.title(item, frame.width, frame.height, book.totals)
                    yield from self._captured(laid, frame.x, y)
                else:
                    yield Box(frame.x, y, frame.x + frame.width, y + height)
                y += height

    def _height(self, item: Item, side: PaperSide) -> float:
        if isinstance(item, TableSlice):
            return (item.head_height + sum(map(sum, item.heights))) * MM + GAP
        if isinstance(item, BlankNote):
            return side.frame.height / 2
        return side.frame.height

    def _text(self, items: Sequence[ProseItem], laid: Capture, x: float, y: float) -> Iterator[Box]:
        """Yield running text; places to sign are taken from edge to edge."""
        yield from self._captured(laid, x, y)
        above = 0.0
        for item, end in zip(items, ends(laid, len(items)), strict=True):
            if isinstance(item, Signatures):
                yield Box(x, y + above, x + laid.width, y + end)
            above = end

    def _captured(self, laid: Capture, x: float, y: float) -> Iterator[Box]:
        for run in laid.runs:
            yield self._box(run, x, y)
        for rule in laid.rules:
            left, right = sorted((rule.x1, rule.x2))
            top, bottom = sorted((rule.y1, rule.y2))
            yield Box(x + left, y + top, x + right, y + bottom)
        for fill in laid.fills:
            yield Box(x + fill.x, y + fill.y, x + fill.x + fill.width, y + fill.y + fill.height)
        for name, slot in laid.slots.items():
            if name.startswith("part-"):
                left, top = x + slot.x, y + slot.y
                yield Box(left, top, left + slot.width, top + slot.height)

    def _box(self, run: Run, x: float, y: float) -> Box:
        width = self._forms.typesetter.faces[run.face].width(run.text, run.size)
        left, base, hanging = x + run.x, y + run.y, run.size * HANGING
        if run.turned:
            return Box(left - run.size, base - width, left + hanging, base)
        return Box(left, base - run.size, left + width, base + hanging)


def _raised(box: Box, side: PaperSide) -> Box:
    """Return all the place a text may take, in PDF and in Word."""
    return box._replace(top=box.top - CLOSER * (box.top - side.frame.y))


def _within(book: Book, page: Page, index: int, side: PaperSide) -> Box:
    """Return the part of a page a code may stand on: its frame, and below it what printers reach.

    The bound edge is left alone.
    """
    frame = side.frame
    bound_below = (
        book.content.bound
        and page.orientation is Orientation.LANDSCAPE
        and not page.on_front(index)
    )
    lowest = frame.y + frame.height if bound_below else side.height - EDGE
    return Box(frame.x, frame.y, frame.x + frame.width, lowest)


def _place(
    standing: Sequence[Box], shape: Shape, drawn: Code, within: Box
) -> tuple[float, float] | None:
    """Return the upper left corner of the first free place; the quiet zone may hang over."""
    quiet = QUIET * shape.side / drawn.whole
    under = shape.caption is Caption.UNDER
    right = within.right + quiet - shape.width
    lowest = within.bottom + (0 if under else quiet) - shape.height
    downs = int((lowest - within.top) / DOWN)
    acrosses = int((right - within.left) / ACROSS)
    for across, down in product(range(acrosses + 1), range(downs + 1)):
        x, y = right - across * ACROSS, lowest - down * DOWN
        wanted = Box(x - APART, y - APART, x + shape.width + APART, y + shape.height + APART)
        if not any(wanted.meets(box) for box in standing):
            return x, y
    return None
