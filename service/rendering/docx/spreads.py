"""The two pages of a spread: marks on the left, topics and homework on the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from service.documents.parts import Align, Cell, Corners, LessonStep, PeriodStep, Step, Style
from service.rendering.docx.fitting import FLOOR, broken, fitted, measured
from service.rendering.docx.prose import corners
from service.rendering.docx.tables import (
    GREY,
    HAIR,
    PADDING,
    SHADE,
    Merge,
    Rule,
    cell,
    row,
    table,
)
from service.rendering.docx.text import TAB, paragraph, run, tabs, twips
from service.rendering.marks import SHORT
from service.rendering.pages import Entry, MarksSlice, TopicsSlice
from service.rendering.spreads import COLUMN, LINE
from service.rendering.topics import AGAIN

LINE_ABOVE = 9.0  # millimetres, the line over the table with the room under it
NUMBER = 8.0  # column; the name takes what the marks leave
BAND, DAY = 5.0, 20.0  # heads: the month above, the day below
ROW = 6.2  # at most
LESSON, DATE, HOMEWORK = 12.0, 14.0, 65.0  # columns; the topic takes the rest
TOPICS_HEAD = 9.0
LABEL, AGAIN_WIDTH = 50.7, 27.0  # over the table: before the teachers, after them


def marks(part: MarksSlice, width: float, height: float, *, outlined: bool = False) -> str:
    """Return a left page: the head line, then pupils × columns; unused columns stay ruled."""
    spreads = part.spreads
    line = Corners(spreads.class_title, part.heading, spreads.year_title)
    name = width - NUMBER - part.columns * COLUMN
    column = twips(COLUMN)
    widths = (twips(NUMBER), twips(name), *(column for _ in range(part.columns)))
    rows = [*_marks_head(part, widths)]
    room = height - LINE_ABOVE - BAND - DAY
    pitch = twips(min(ROW, room / max(1, len(part.pupils)))) - HAIR
    unused = [_mark(Cell(), column)] * (part.columns - len(part.steps))
    for index, pupil in enumerate(part.pupils, part.first_pupil):
        cells = [
            cell(widths[0], paragraph("Mark", run(pupil.number))),
            cell(widths[1], paragraph("Pupil", fitted(pupil.name, 8.5, name - 2 * PADDING))),
        ]
        cells += [_mark(step.cells[index], column) for step in part.steps]
        rows.append(row(cells + unused, pitch, Rule.EXACT))
    return corners(line, width, outlined=outlined) + table(widths, rows, padding=0.2)


def _marks_head(part: MarksSlice, widths: Sequence[int]) -> Iterator[str]:
    column = widths[2]
    empty = paragraph("Band", "")
    bands: list[str] = []
    days: list[str] = []
    for title, wide in zip(("№\nп/п", "Фамилия, имя обучающегося"), widths, strict=False):
        bands.append(cell(wide, paragraph("GridHead", run(title)), merge=Merge.START))
        days.append(cell(wide, paragraph("GridHead", ""), merge=Merge.REST))
    for month, together in groupby(part.steps, key=_month):
        steps = [*together]
        if month is not None:
            bands.append(_band(month, len(steps), column))
        for step in steps:
            if isinstance(step, LessonStep):
                day = run(step.day) + run(step.corner, Style.BOLD, raised=True)
                days.append(cell(column, paragraph("Mark", day)))
                continue
            title = fitted(step.title, 8.5, BAND + DAY - 1, Style.BOLD)
            head = paragraph("Period", title)
            bands.append(cell(column, head, merge=Merge.START, fill=GREY, turned=True))
            days.append(cell(column, empty, merge=Merge.REST, fill=GREY, turned=True))
    spare = part.columns - len(part.steps)
    bands += [cell(column, empty, merge=Merge.START)] * spare
    days += [cell(column, empty, merge=Merge.REST)] * spare
    yield row(bands, twips(BAND) - HAIR, Rule.EXACT, head=True)
    yield row(days, twips(DAY) - HAIR, Rule.EXACT, head=True)


def _month(step: Step) -> str | None:
    return step.month if isinstance(step, LessonStep) else None


def _band(month: str, count: int, column: int) -> str:
    """Return the head over a month's days; over few of them the name is shortened, not cut."""
    width = count * COLUMN - 0.4
    name = month if measured(month, FLOOR) <= width else SHORT.get(month, month)
    return cell(column * count, paragraph("Band", fitted(name, 7.5, width)), span=count)


@lru_cache(maxsize=8192)
def _mark(found: Cell, width: int) -> str:
    """Return a cell of the grid; what is long is set smaller and narrower, never cut."""
    style = found.style
    text = fitted(found.text, 8.5, width / twips(1) - 0.4, style, corner=found.corner)
    fill = SHADE if style & Style.SHADED else ""
    return cell(width, paragraph("Mark", text), fill=fill, struck=bool(style & Style.STRUCK))


def topics(part: TopicsSlice, width: float) -> str:
    """Return a right page: a row for each lesson of the left page."""
    columns = (LESSON, DATE, width - LESSON - DATE - HOMEWORK, HOMEWORK)
    widths = tuple(twips(one) for one in columns)
    titles = ("№\nурока", "Дата", "Тема урока (что пройдено на уроке)", "Домашнее задание")
    head = [
        cell(wide, paragraph("GridHead", run(title)))
        for title, wide in zip(titles, widths, strict=True)
    ]
    rows = [row(head, twips(TOPICS_HEAD) - HAIR, Rule.EXACT, head=True)]
    rows += [_entry(entry, widths) for entry in part.entries]
    return _teachers(part, width) + table(widths, rows, padding=PADDING)


def _teachers(part: TopicsSlice, width: float) -> str:
    """Return the line over the table, with the names on as many lines as they need."""
    first, *others = broken(part.spreads.teachers, 10, width - LABEL - AGAIN_WIDTH, Style.BOLD)
    stops = tabs(((LABEL, Align.LEFT, "none"), (width, Align.RIGHT, "none")))
    content = run("Фамилия, имя, отчество учителя: ") + run(first, Style.BOLD)
    content += TAB + run(AGAIN) if part.again else ""
    content += "".join(run("\n") + TAB + run(other, Style.BOLD) for other in others)
    return paragraph("Corners", content, stops=stops)


def _entry(entry: Entry, widths: Sequence[int]) -> str:
    """Return a row as high as its lines; a period's line takes the place of topic and homework."""
    first, second, third, fourth = widths
    step = entry.step
    if isinstance(step, PeriodStep):
        cells = [
            cell(first, paragraph("Lesson", "")),
            cell(second, paragraph("Lesson", "")),
            _lines("Topic", entry.topic, third + fourth, Style.BOLD, span=2),
        ]
    else:
        cells = [
            _lines("Lesson", (step.number,), first),
            _lines("Lesson", (step.date,), second),
            _lines("Topic", entry.topic, third),
            _lines("Topic", entry.homework, fourth),
        ]
    return row(cells, twips(LINE * entry.lines) - HAIR, Rule.EXACT)


def _lines(
    voice: str,
    lines: Sequence[str],
    width: int,
    style: Style = Style.PLAIN,
    *,
    span: int = 1,
) -> str:
    """Return a cell whose lines stand on the ruled lines of the page."""
    body = "".join(paragraph(voice, run(line, style)) for line in lines or ("",))
    return cell(width, body, span=span, stands="top")
