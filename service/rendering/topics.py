"""The right page of a spread: lessons on ruled lines, filled column by column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from service.documents.parts import LessonStep, Style
from service.rendering.canvas import Canvas, number
from service.rendering.capture import Capture
from service.rendering.pages import TopicsSlice
from service.rendering.paper import PaperSide
from service.rendering.series import Series
from service.rendering.setting import set_block, set_line
from service.rendering.typeface import Faces

AGAIN = "продолжение"  # over the topics of a spread that goes on with the list of pupils


class TopicsPage:
    """A ruled right page at its place on paper; filled again and again."""

    def __init__(self, ruled: Capture, lines: int, paper: PaperSide, faces: Faces):
        self.ruled = lru_cache(maxsize=lines + 1)(self._cropped)
        self._ruled = ruled
        self._faces = faces
        self._x, self._y = paper.frame.x, paper.frame.y
        columns = {name: [ruled.slots[f"{name}{line}"] for line in range(lines)] for name in "ndth"}
        self._numbers, self._dates, self._topics, self._homework = (
            Series(slots, self._x, self._y, paper.height) for slots in columns.values()
        )
        widths = [rule.width for rule in ruled.rules]
        self._rule = max(widths)
        first, home = columns["n"][0], columns["h"][0]
        self._wide = replace(
            self._topics.slot, width=home.x + home.width - columns["t"][0].x
        )  # a period's line goes on where homework stands
        self._parting = max(rule.x1 for rule in ruled.rules if rule.x1 == rule.x2 < home.x)
        self._heads = max(rule.y1 for rule in ruled.rules if rule.y1 == rule.y2 < first.y)
        left, right = number(self._x), number(self._x + ruled.width)
        lows = (slot.y + slot.height + min(widths) / 2 for slot in columns["n"])
        self._lows = [self._heads, *lows]
        self._levels = [number(paper.height - self._y - low) for low in self._lows]
        self._ends = [f"{left} {level} m {right} {level} l" for level in self._levels[1:]]

    def _cropped(self, lines: int) -> Capture:
        """Return the form with so many lines ruled; topic and homework are parted on the page."""
        lowest = self._lows[lines]
        rules = []
        for rule in self._ruled.rules:
            upright = rule.x1 == rule.x2
            end = self._heads if upright and rule.x1 == self._parting else lowest
            if rule.y1 < end - 0.1 or (not upright and rule.y1 < end + 0.1):
                rules.append(replace(rule, y2=min(rule.y2, end)))
        return replace(self._ruled, rules=tuple(rules), slots={})

    def fill(self, canvas: Canvas, part: TopicsSlice) -> None:
        """Write a slice onto the page; the form is placed already."""
        ink = canvas.ink
        slots = self._ruled.slots
        teachers = set_block(slots["teachers"], part.spreads.teachers, self._faces)
        again = set_line(slots["again"], AGAIN if part.again else "", self._faces)
        canvas.runs((*teachers, *again), self._x, self._y)
        number_texts, date_texts = ink.texts(self._numbers.slot), ink.texts(self._dates.slot)
        topic_texts, home_texts = ink.texts(self._topics.slot), ink.texts(self._homework.slot)
        bold = ink.texts(self._wide, Style.BOLD)
        numbers, dates, topics, homework = ([b""] * part.lines for _ in range(4))
        ends = []
        line = 0
        for entry in part.entries:
            step, said = entry.step, bold
            if isinstance(step, LessonStep):
                numbers[line], dates[line] = number_texts[step.number], date_texts[step.date]
                said = topic_texts
            for offset, text in enumerate(entry.topic, start=line):
                topics[offset] = said[text]
            for offset, text in enumerate(entry.homework, start=line):
                homework[offset] = home_texts[text]
            line += entry.lines
            ends.append(self._ends[line - 1])
        canvas.series(self._numbers, numbers)
        canvas.series(self._dates, dates)
        canvas.series(self._topics, topics)
        canvas.series(self._homework, homework)
        if ends:
            canvas.lines(self._rule, [*ends, *self._partings(part)])

    def _partings(self, part: TopicsSlice) -> Iterator[str]:
        """Yield the lines between topics and homework, all but those of periods."""
        at, line = number(self._x + self._parting), 0
        for lesson, group in groupby(part.entries, lambda e: isinstance(e.step, LessonStep)):
            end = line + sum(entry.lines for entry in group)
            if lesson:
                yield f"{at} {self._levels[line]} m {at} {self._levels[end]} l"
            line = end
