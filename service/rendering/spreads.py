"""The spreads of a subject: lessons dealt to pages, marks and topics in step, and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from service.documents.parts import LessonStep, PeriodStep, Spreads, Step, Style
from service.rendering.canvas import Canvas
from service.rendering.capture import Capture, Slot
from service.rendering.forms import Forms
from service.rendering.pages import Entry, MarksSlice, TopicsSlice
from service.rendering.paper import Paper
from service.rendering.setting import FLOOR, set_line, set_lines, styled
from service.rendering.strokes import Fill, Rule, joined
from service.rendering.tables import SHADE
from service.rendering.typeface import wrap

COLUMNS = 20
COLUMN = 6.0  # millimetres
ROWS = 35
LINES = 48
LINE = 5.0  # millimetres
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


class SpreadPages:
    """Cuts a subject's book into left and right pages and draws them."""

    def __init__(self, forms: Forms):
        self._forms = forms
        self._faces = forms.typesetter.faces

    def slices(self, spreads: Spreads, paper: Paper) -> Iterator[tuple[MarksSlice, TopicsSlice]]:
        """Yield left and right pages: the same lessons on both, as many as both hold."""
        count = len(spreads.pupils)
        shares = -(-count // ROWS) or 1
        rows = -(-count // shares)
        for steps, entries in self._deal(spreads, paper):
            for first in range(0, max(count, 1), max(rows, 1)):
                yield (
                    MarksSlice(
                        spreads, spreads.pupils[first : first + rows], first, steps, COLUMNS
                    ),
                    TopicsSlice(spreads, entries, LINES),
                )

    def _deal(
        self, spreads: Spreads, paper: Paper
    ) -> Iterator[tuple[tuple[Step, ...], tuple[Entry, ...]]]:
        form = self.topics_form(paper)
        steps: list[Step] = []
        entries: list[Entry] = []
        lines = 0
        for step in spreads.steps:
            for number, entry in enumerate(self._entries(step, form)):
                if lines + entry.lines > LINES or (number == 0 and len(steps) == COLUMNS):
                    yield tuple(steps), tuple(entries)
                    steps, entries, lines = [], [], 0
                if number == 0:
                    steps.append(step)
                if isinstance(step, LessonStep) or step.summary:
                    entries.append(entry)
                    lines += entry.lines
        yield tuple(steps), tuple(entries)

    def _entries(self, step: Step, form: Capture) -> Iterator[Entry]:
        """Yield what a step writes on the right page; a longer text goes on on the next one."""
        topic, home = form.slots["t0"], form.slots["h0"]
        legible = self._faces.legible
        if isinstance(step, PeriodStep):
            if not step.summary:
                yield Entry(step, (), ())
                return
            bold = self._faces[styled(topic.face, Style.BOLD)]
            yield Entry(step, wrap(bold, legible(step.summary), topic.size, topic.width), ())
            return
        face = self._faces[topic.face]
        left = wrap(face, legible(step.topic), topic.size, topic.width)
        right = wrap(face, legible(step.homework), home.size, home.width)
        for start in range(0, max(len(left), len(right), 1), LINES):
            yield Entry(step, left[start : start + LINES], right[start : start + LINES])

    def marks_form(self, paper: Paper, rows: int) -> Capture:
        """Return the ruled left page for a number of pupils."""
        width, height = paper.size
        return self._forms.form(
            "shared/marks.html",
            width=width,
            height=height,
            rows=max(rows, 1),
            columns=COLUMNS,
            column=COLUMN,
        )

    def topics_form(self, paper: Paper) -> Capture:
        """Return the ruled right page."""
        width, height = paper.size
        return self._forms.form(
            "shared/topics.html", width=width, height=height, lines=LINES, line=LINE
        )

    def draw_marks(
        self, canvas: Canvas, part: MarksSlice, form: Capture, x: float, y: float
    ) -> None:
        """Fill a left page whose ruled form is already placed."""
        slots, faces = form.slots, self._faces
        spreads = part.spreads
        for name, text in (
            ("left", spreads.class_title),
            ("middle", f"Наименование предмета: {spreads.subject}"),
            ("right", spreads.year_title),
        ):
            canvas.runs(set_line(slots[name], text, faces), x, y)
        for row, pupil in enumerate(part.pupils):
            canvas.runs(set_line(slots[f"n{row}"], pupil.number, faces), x, y)
            canvas.runs(set_line(slots[f"p{row}"], pupil.name, faces), x, y)
        self._heads(canvas, part, form, x, y)
        for column, step in enumerate(part.steps):
            for row in range(len(part.pupils)):
                cell = step.cells[part.first_pupil + row]
                if not cell.text and cell.style is Style.PLAIN:
                    continue
                slot = slots[f"m{row}.{column}"]
                if cell.style is not Style.PLAIN:
                    self._ground(canvas, slot, cell.style, form, x, y)
                canvas.runs(set_line(slot, cell.text, faces, cell.style), x, y)

    def _ground(
        self, canvas: Canvas, slot: Slot, style: Style, form: Capture, x: float, y: float
    ) -> None:
        rule = form.rules[0].width
        left, top = slot.x - rule / 2, slot.y - rule / 2
        width, height = slot.width + rule, slot.height + rule
        if Style.SHADED in style:
            canvas.fills([Fill(left, top, width, height, SHADE)], x, y)
        if Style.STRUCK in style:
            canvas.rules([Rule(left, top + height, left + width, top, rule)], x, y)

    def _heads(self, canvas: Canvas, part: MarksSlice, form: Capture, x: float, y: float) -> None:
        slots, faces = form.slots, self._faces
        rule = form.rules[0].width
        rules: list[Rule] = []
        months: list[tuple[int, str]] = []
        for column in range(COLUMNS):
            band, day = slots[f"band{column}"], slots[f"day{column}"]
            step = part.steps[column] if column < len(part.steps) else None
            upper, lower = band.y, day.y + day.height
            right = band.x + band.width
            if isinstance(step, PeriodStep):
                rules.append(Rule(band.x, upper, band.x, lower, rule))
                rules.append(Rule(right, upper, right, lower, rule))
                canvas.fills([Fill(band.x, upper, band.width, lower - upper, HEAD_SHADE)], x, y)
                canvas.runs(set_line(slots[f"turn{column}"], step.title, faces), x, y)
                continue
            rules.append(Rule(band.x, day.y, right, day.y, rule))
            rules.append(Rule(right, day.y, right, lower, rule))
            if isinstance(step, LessonStep):
                canvas.runs(set_line(day, step.day, faces), x, y)
                canvas.runs(set_line(slots[f"corner{column}"], step.corner, faces), x, y)
                months.append((column, step.month))
        for month, group in groupby(months, key=lambda pair: pair[1]):
            for first, last in _neighbours([column for column, _ in group]):
                band = slots[f"band{first}"]
                end = slots[f"band{last}"].x + slots[f"band{last}"].width
                wide = replace(band, width=end - band.x)
                canvas.runs(set_line(wide, self._month(wide, month), faces), x, y)
                rules.append(Rule(end, band.y, end, band.y + band.height, rule))
        canvas.rules(joined(rules), x, y)

    def _month(self, band: Slot, month: str) -> str:
        """Return the month, shortened where its band is too narrow even for small type."""
        if self._faces[band.face].width(month, FLOOR) <= band.width:
            return month
        return SHORT.get(month, month)

    def draw_topics(
        self, canvas: Canvas, part: TopicsSlice, form: Capture, x: float, y: float
    ) -> None:
        """Fill a right page whose ruled form is already placed."""
        slots, faces = form.slots, self._faces
        canvas.runs(set_line(slots["teachers"], part.spreads.teachers, faces), x, y)
        line = 0
        for entry in part.entries:
            if isinstance(entry.step, LessonStep):
                canvas.runs(set_line(slots[f"n{line}"], entry.step.number, faces), x, y)
                canvas.runs(set_line(slots[f"d{line}"], entry.step.date, faces), x, y)
                for offset, text in enumerate(entry.topic):
                    canvas.runs(set_lines(slots[f"t{line + offset}"], (text,), faces), x, y)
                for offset, text in enumerate(entry.homework):
                    canvas.runs(set_lines(slots[f"h{line + offset}"], (text,), faces), x, y)
            else:
                for offset, text in enumerate(entry.topic):
                    slot = slots[f"t{line + offset}"]
                    canvas.runs(set_lines(slot, (text,), faces, Style.BOLD), x, y)
            line += entry.lines
            self._close(canvas, form, line - 1, x, y)

    def _close(self, canvas: Canvas, form: Capture, line: int, x: float, y: float) -> None:
        """Rule off an entry under its last line."""
        slot = form.slots[f"n{line}"]
        widths = [rule.width for rule in form.rules]
        lower, rule = slot.y + slot.height + min(widths) / 2, max(widths)
        canvas.rules([Rule(0, lower, form.width, lower, rule)], x, y)


def _neighbours(columns: list[int]) -> Iterator[tuple[int, int]]:
    """Yield runs of adjacent columns as first and last."""
    for _, group in groupby(enumerate(columns), key=lambda pair: pair[1] - pair[0]):
        run = [column for _, column in group]
        yield run[0], run[-1]
