"""The right page of a spread: lessons on ruled lines, filled column by column."""

from __future__ import annotations

from service.documents.parts import LessonStep, Style
from service.rendering.canvas import Canvas, number
from service.rendering.capture import Capture
from service.rendering.pages import TopicsSlice
from service.rendering.paper import Paper
from service.rendering.series import Series
from service.rendering.setting import set_line
from service.rendering.typeface import Faces


class TopicsPage:
    """A ruled right page at its place on paper; filled again and again."""

    def __init__(self, ruled: Capture, lines: int, paper: Paper, faces: Faces):
        self.form = ruled
        self._faces = faces
        self._x, self._y = paper.frame.x, paper.frame.y
        columns = {name: [ruled.slots[f"{name}{line}"] for line in range(lines)] for name in "ndth"}
        self._numbers, self._dates, self._topics, self._homework = (
            Series(slots, self._x, self._y, paper.height) for slots in columns.values()
        )
        widths = [rule.width for rule in ruled.rules]
        self._rule = max(widths)
        left, right = number(self._x), number(self._x + ruled.width)
        lows = (slot.y + slot.height + min(widths) / 2 for slot in columns["n"])
        levels = [number(paper.height - self._y - low) for low in lows]
        self._ends = [f"{left} {level} m {right} {level} l" for level in levels]

    def fill(self, canvas: Canvas, part: TopicsSlice) -> None:
        """Write a slice onto the page; the form is placed already."""
        ink = canvas.ink
        teachers = set_line(self.form.slots["teachers"], part.spreads.teachers, self._faces)
        canvas.runs(teachers, self._x, self._y)
        number_texts, date_texts = ink.texts(self._numbers.slot), ink.texts(self._dates.slot)
        topic_texts, home_texts = ink.texts(self._topics.slot), ink.texts(self._homework.slot)
        bold = ink.texts(self._topics.slot, Style.BOLD)
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
        canvas.lines(self._rule, ends)
