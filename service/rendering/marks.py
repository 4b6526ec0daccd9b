"""The left page of a spread: pupils down, lessons across, filled column by column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from service.documents.parts import LessonStep, PeriodStep, Pupil, Step, Style
from service.rendering.canvas import Canvas, number
from service.rendering.capture import Capture, Run, Slot
from service.rendering.pages import MarksSlice
from service.rendering.paper import PaperSide
from service.rendering.rows import SHADE
from service.rendering.series import Series
from service.rendering.setting import FLOOR, set_block, set_line
from service.rendering.strokes import Fill, Rule
from service.rendering.typeface import Faces

HEAD_SHADE = 0.95
SHORT = {
    "сентябрь": "сент.",
    "октябрь": "окт.",
    "ноябрь": "нояб.",
    "декабрь": "дек.",
    "январь": "янв.",
    "февраль": "февр.",
    "апрель": "апр.",
    "август": "авг.",
}


class MarksPage:
    """A ruled left page at its place on paper, filled again and again."""

    def __init__(self, ruled: Capture, rows: int, columns: int, paper: PaperSide, faces: Faces):
        self.listed = lru_cache(maxsize=64)(self._listed)
        self._faces = faces
        self._ruled, self._slots = ruled, ruled.slots
        self._x, self._y, self._height = paper.frame.x, paper.frame.y, paper.height
        self._rule = ruled.rules[0].width
        self._columns = [
            self._series([f"m{row}.{column}" for row in range(rows)]) for column in range(columns)
        ]
        self._cell = self._series([f"m0.{column}" for column in range(columns)]).slot
        self._days = self._series([f"day{column}" for column in range(columns)])
        self._corners = self._series([f"corner{column}" for column in range(columns)])
        self._bands = [ruled.slots[f"band{column}"] for column in range(columns)]
        self._lower = ruled.slots["day0"].y + ruled.slots["day0"].height
        ends = [band.x for band in self._bands] + [self._bands[-1].x + self._bands[-1].width]
        self._edges = [number(self._x + end) for end in ends]
        self._levels = [
            number(self._height - self._y - level)
            for level in (self._bands[0].y, ruled.slots["day0"].y, self._lower)
        ]

    def _series(self, names: Sequence[str]) -> Series:
        slots = [self._slots[name] for name in names]
        return Series(slots, self._x, self._y, self._height)

    def _listed(self, pupils: tuple[Pupil, ...]) -> Capture:
        """Return the form ruled as far as a list of pupils goes, the same one each time."""
        runs: list[Run] = []
        for row, pupil in enumerate(pupils):
            runs += set_line(self._slots[f"n{row}"], pupil.number, self._faces)
            runs += set_line(self._slots[f"p{row}"], pupil.name, self._faces)
        rules = tuple(self._cropped(max(len(pupils), 1)))
        return replace(self._ruled, rules=rules, runs=(*self._ruled.runs, *runs), slots={})

    def _cropped(self, rows: int) -> Iterator[Rule]:
        """Yield the rules of so many rows, uprights down to the edge of the lowest line."""
        last = self._slots[f"m{rows - 1}.0"]
        under = last.y + last.height + self._rule
        lowest = max(r.y1 for r in self._ruled.rules if r.y1 == r.y2 < under) + self._rule / 2
        for rule in self._ruled.rules:
            if rule.y1 < lowest:
                yield replace(rule, y2=min(rule.y2, lowest))

    def fill(self, canvas: Canvas, part: MarksSlice) -> None:
        """Write a slice onto the page; the form is placed already."""
        spreads = part.spreads
        for name, text in (
            ("left", spreads.class_title),
            ("middle", part.heading),
            ("right", spreads.year_title),
        ):
            canvas.runs(set_block(self._slots[name], text, self._faces), self._x, self._y)
        self._head(canvas, part.steps)
        self._marks(canvas, part)

    def _marks(self, canvas: Canvas, part: MarksSlice) -> None:
        first, last = part.first_pupil, part.first_pupil + len(part.pupils)
        texts, plain = canvas.ink.texts(self._cell), Style.PLAIN
        grounds: dict[Style, set[tuple[int, int]]] = defaultdict(set)
        for column, (series, step) in enumerate(zip(self._columns, part.steps, strict=False)):
            cells = step.cells[first:last]
            said = [texts[cell.text] for cell in cells]
            for row, cell in enumerate(cells):
                if cell.style is not plain:
                    said[row] = canvas.ink.texts(self._cell, cell.style)[cell.text]
                    grounds[cell.style].add((row, column))
            if any(said):
                canvas.series(series, said)
        for style, places in grounds.items():
            self._ground(canvas, style, sorted(places))

    def _ground(self, canvas: Canvas, style: Style, places: list[tuple[int, int]]) -> None:
        """Shade cells, neighbours of a row in one, and strike through each."""
        slots, rule = self._slots, self._rule
        if Style.SHADED in style:
            for row, row_places in groupby(places, key=lambda place: place[0]):
                for one, other in neighbours([column for _, column in row_places]):
                    from_, to = slots[f"m{row}.{one}"], slots[f"m{row}.{other}"]
                    left, top = from_.x - rule / 2, from_.y - rule / 2
                    width, height = to.x + to.width - from_.x + rule, from_.height + rule
                    canvas.fills([Fill(left, top, width, height, SHADE)], self._x, self._y)
        if Style.STRUCK in style:
            for row, column in places:
                slot = slots[f"m{row}.{column}"]
                left, top = slot.x - rule / 2, slot.y - rule / 2
                right, low = slot.x + slot.width + rule / 2, slot.y + slot.height + rule / 2
                canvas.rules([Rule(left, low, right, top, rule)], self._x, self._y)

    def _head(self, canvas: Canvas, steps: Sequence[Step]) -> None:
        days, corners = [""] * len(self._bands), [""] * len(self._bands)
        months: list[tuple[int, str]] = []
        for column, step in enumerate(steps):
            if isinstance(step, LessonStep):
                days[column], corners[column] = step.day, step.corner
                months.append((column, step.month))
            else:
                band = self._bands[column]
                ground = Fill(band.x, band.y, band.width, self._lower - band.y, HEAD_SHADE)
                canvas.fills([ground], self._x, self._y)
                turned = self._slots[f"turn{column}"]
                canvas.runs(set_line(turned, step.title, self._faces), self._x, self._y)
        for series, said in ((self._days, days), (self._corners, corners)):
            texts = canvas.ink.texts(series.slot)
            canvas.series(series, [texts[text] for text in said])
        ends = set()
        for month, group in groupby(months, key=lambda pair: pair[1]):
            for first, last in neighbours([column for column, _ in group]):
                ends.add(last)
                first_band, last_band = self._bands[first], self._bands[last]
                wide = replace(first_band, width=last_band.x + last_band.width - first_band.x)
                canvas.runs(set_line(wide, self._month(wide, month), self._faces), self._x, self._y)
        self._rules(canvas, steps, ends)

    def _rules(self, canvas: Canvas, steps: Sequence[Step], ends: set[int]) -> None:
        """Rule the head: days under bands of months, a period's column from top to bottom."""
        periods = {place for place, step in enumerate(steps) if isinstance(step, PeriodStep)}
        upper, middle, lower = self._levels
        edges = self._edges
        lines = []
        for column, right in enumerate(edges[1:]):
            period = column in periods
            if period and column - 1 not in periods | ends:
                lines.append(f"{edges[column]} {upper} m {edges[column]} {middle} l")
            from_ = upper if period or column in ends else middle
            lines.append(f"{right} {from_} m {right} {lower} l")
        for first, last in neighbours([c for c in range(len(self._bands)) if c not in periods]):
            lines.append(f"{edges[first]} {middle} m {edges[last + 1]} {middle} l")
        canvas.lines(self._rule, lines)

    def _month(self, band: Slot, month: str) -> str:
        """Return the month, shortened where its band is too narrow even for small type."""
        if self._faces[band.face].width(month, FLOOR) <= band.width:
            return month
        return SHORT.get(month, month)


def neighbours(columns: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield runs of adjacent columns as first and last."""
    for _, group in groupby(enumerate(columns), key=lambda pair: pair[1] - pair[0]):
        run = [column for _, column in group]
        yield run[0], run[-1]
