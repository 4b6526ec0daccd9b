"""The rows of a table on a page: texts, grounds, and the lines between cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from service.documents.parts import Style
from service.rendering.boxes import Box, Boxes
from service.rendering.canvas import Canvas
from service.rendering.capture import Slot
from service.rendering.ink import Texts
from service.rendering.pages import TableSlice
from service.rendering.paper import MM
from service.rendering.places import Place, places
from service.rendering.setting import at, set_lines
from service.rendering.strokes import Fill, Rule
from service.rendering.table_form import TableForm

SHADE = 0.87
HEAVY = 2.2  # times as thick as the others is the line under a block of several rows
CORNER = 5  # points, the size of a letter in a cell's corner
Holes = dict[int, set[int]]


def draw_rows(canvas: Canvas, part: TableSlice, form: TableForm, x: float, y: float) -> float:
    """Draw the rows of a slice under its head, a form of its own at x, y; return the lower edge."""
    rows = _Rows(canvas, form, x, y)
    heavy = any(len(block.rows) > 1 for block in part.blocks)
    for block, heights in zip(part.blocks, part.heights, strict=True):
        above = len(rows.levels) - 1
        for height in heights:
            rows.levels.append(rows.levels[-1] + height * MM)
        for place in places(block):
            rows.cell(place, above)
        if heavy:
            low = rows.levels[-1]
            canvas.rules([Rule(x, low, x + form.edges[-1], low, form.rule * HEAVY)])
    canvas.rules(rows.grid())
    return rows.levels[-1]


class _Rows:
    """The rows of one slice while they are drawn."""

    def __init__(self, canvas: Canvas, form: TableForm, x: float, y: float):
        self._canvas = canvas
        self._form = form
        self._x = x
        self._boxes = Boxes(form.slots, canvas.ink.faces)
        self._texts: dict[Box, Texts] = {}
        self._across: Holes = defaultdict(set)  # by level: columns it does not part
        self._down: Holes = defaultdict(set)  # by edge: rows it does not part
        self.levels = [y + form.height]

    def cell(self, place: Place, above: int) -> None:
        """Draw a cell of a block with so many rows above it."""
        first, last = above + place.row, above + place.row + place.rows
        right = place.column + place.columns
        for level in range(first + 1, last):
            self._across[level].update(range(place.column, right))
        for edge in range(place.column + 1, right):
            self._down[edge].update(range(first, last))
        upper, lower = self.levels[first], self.levels[last]
        cell = place.cell
        if cell.style is not Style.PLAIN:
            self._ground(cell.style, place, upper, lower)
        if cell.corner:
            self._corner(cell.corner, place, upper)
        if cell.text:
            self._text(cell.text, place, upper, lower)

    def _text(self, text: str, place: Place, upper: float, lower: float) -> None:
        box, canvas = self._boxes.of(place), self._canvas
        size, lines = box.fit(text)
        if len(lines) == 1 and size == box.slot.size:
            if box not in self._texts:
                self._texts[box] = canvas.ink.texts(box.slot)
            middle = (upper + lower) / 2
            said = self._texts[box][lines[0]]
            canvas.text(box.slot, self._x + box.at, middle + box.base, said)
            return
        slot = self._form.slots[place.column]
        whole = at(box.slot, self._x + slot.x, upper, box.slot.width, lower - upper)
        canvas.runs(set_lines(whole, lines, canvas.ink.faces, size=size))

    def _ground(self, style: Style, place: Place, upper: float, lower: float) -> None:
        left, right = self._sides(place)
        if Style.SHADED in style:
            self._canvas.fills([Fill(left, upper, right - left, lower - upper, SHADE)])
        if Style.STRUCK in style:
            self._canvas.rules([Rule(left, lower, right, upper, self._form.rule)])

    def _corner(self, letter: str, place: Place, upper: float) -> None:
        _, right = self._sides(place)
        slot, faces = self._form.slots[place.column], self._canvas.ink.faces
        mark = replace(slot, size=CORNER, leading=CORNER, ascent=4.2)
        width = faces[mark.face].width(letter, CORNER)
        box: Slot = at(mark, right - 1.2 - width, upper + 0.5, width, CORNER)
        self._canvas.runs(set_lines(box, (letter,), faces))

    def _sides(self, place: Place) -> tuple[float, float]:
        edges = self._form.edges
        return self._x + edges[place.column], self._x + edges[place.column + place.columns]

    def grid(self) -> Iterator[Rule]:
        """Yield the lines between cells and around them; the upper one is the head's."""
        edges = [self._x + edge for edge in self._form.edges]
        width, levels = self._form.rule, self.levels
        for level in range(1, len(levels)):
            for first, end in _parts(len(edges) - 1, self._across.get(level)):
                yield Rule(edges[first], levels[level], edges[end], levels[level], width)
        for edge, at_x in enumerate(edges):
            for first, end in _parts(len(levels) - 1, self._down.get(edge)):
                yield Rule(at_x, levels[first], at_x, levels[end], width)


def _parts(count: int, holes: set[int] | None) -> Sequence[tuple[int, int]]:
    """Return the runs of numbers below `count` that are no holes, each as first and end."""
    if not holes:
        return ((0, count),)
    runs: list[tuple[int, int]] = []
    for number in range(count):
        if number in holes:
            continue
        if runs and runs[-1][1] == number:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs
