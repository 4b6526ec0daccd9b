"""The attendance summary of a register: lessons and full days missed, by term and for the year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from service.documents.parts import (
    Align,
    Block,
    Cell,
    Column,
    ColumnGroup,
    Heading,
    Orientation,
    Paragraph,
    Section,
    Size,
    Start,
    Style,
    Table,
)
from service.domain.journal import Student
from service.domain.reckoning import attendance, grades, periods
from service.domain.reckoning.attendance import Absences
from service.domain.reckoning.headcount import spans
from service.domain.wording.text import plain
from service.reports.class_register.reading import Reading

TITLE = "Сводная ведомость учета посещаемости"
YEAR = "За год"
DAYS = ("всего", "по болезни")
LESSONS = ("всего", "по болезни", "по уважительной причине", "без уважительной причины")
ACROSS = len(DAYS) + len(LESSONS)
PAGE, NUMBER, NAME, LATE = 273, 8, 48, 7  # millimetres: a landscape page, its other columns
OF_YEAR = 8  # a figure's column: a class misses thousands of lessons
WIDEST = 9.0  # a term's
BESIDE_TOTALS = 2  # pupils the totals never leave behind

Interval = tuple[str, date, date]


def section(reading: Reading) -> Section:
    """Return the summary of attendance (FORMS 2.10.6), every pupil of the year in it."""
    record = attendance.record(reading.journal)
    intervals = (*_terms(reading), (YEAR, date.min, date.max))
    missed = {
        student.id: [record.of(student.id, first, last) for _, first, last in intervals]
        for student in reading.pupils
    }
    whole = [attendance.total(own[i] for own in missed.values()) for i in range(len(intervals))]
    rows = [
        tuple(_pupil(reading, missed, intervals, number, student))
        for number, student in enumerate(reading.pupils, start=1)
    ]
    upper = max(0, len(rows) - BESIDE_TOTALS)
    return Section(
        body=(
            Heading(TITLE.upper(), reading.of_class_and_year),
            Table(
                columns=_columns(intervals),
                body=(
                    *(Block((row,)) for row in rows[:upper]),
                    Block((*rows[upper:], _total(whole), _percent(reading, whole))),
                ),
                dense=True,
            ),
            *_footnote(reading, whole[-1]),
        ),
        title=TITLE,
        chapter=TITLE,
        start=Start.ODD,
        orientation=Orientation.LANDSCAPE,
    )


def _terms(reading: Reading) -> Iterator[Interval]:
    for term in periods.terms(reading.snapshot, reading.journal):
        if term.start <= reading.seen_on:
            yield plain(term.title), term.start, term.end


def _columns(intervals: tuple[Interval, ...]) -> tuple[Column | ColumnGroup, ...]:
    terms = len(intervals) - 1
    room = PAGE - NUMBER - NAME - LATE - OF_YEAR * ACROSS
    of_term = min(WIDEST, room * 4 // (ACROSS * terms) / 4) if terms else WIDEST
    widths = [of_term] * terms + [OF_YEAR]
    return (
        Column("№ п/п", NUMBER),
        Column("Фамилия, имя, отчество обучающегося", 0, Align.LEFT),
        *(
            ColumnGroup(
                title,
                (
                    ColumnGroup("Пропущено дней", _turned(DAYS, width)),
                    ColumnGroup("Пропущено уроков", _turned(LESSONS, width)),
                ),
            )
            for (title, _, _), width in zip(intervals, widths, strict=True)
        ),
        Column("Опозданий", LATE, turned=True),
    )


def _turned(titles: tuple[str, ...], width: float) -> tuple[Column, ...]:
    return tuple(Column(title, width, turned=True) for title in titles)


def _pupil(
    reading: Reading,
    missed: Mapping[str, Sequence[Absences]],
    intervals: tuple[Interval, ...],
    number: int,
    student: Student,
) -> Iterator[Cell]:
    yield Cell(str(number))
    yield Cell(reading.full[student.id])
    enrolled = spans(student)
    for (_, first, last), absences in zip(intervals, missed[student.id], strict=True):
        if any(days.start <= last and first <= days.end for days in enrolled):
            yield from _figures(absences)
        else:
            yield from (Cell(style=Style.SHADED) for _ in range(ACROSS))
    yield Cell(str(missed[student.id][-1].late))


def _figures(absences: Absences) -> Iterator[Cell]:
    for figure in (
        absences.days,
        absences.days_ill,
        absences.missed,
        absences.ill,
        absences.valid,
        absences.invalid,
    ):
        yield Cell(str(figure))


def _total(whole: Sequence[Absences]) -> tuple[Cell | None, ...]:
    figures = (cell for absences in whole for cell in _figures(absences))
    late = str(whole[-1].late)
    bold = (Cell(cell.text, style=Style.BOLD) for cell in (*figures, Cell(late)))
    return (Cell("Всего по классу", Align.LEFT, Style.BOLD, across=2), None, *bold)


def _percent(reading: Reading, whole: Sequence[Absences]) -> tuple[Cell | None, ...]:
    row: list[Cell | None] = [Cell("% посещаемости", Align.LEFT, Style.BOLD, across=2), None]
    for absences in whole:
        text = grades.percent(absences.percent, reading.options.percent_digits)
        row += [Cell(text, Align.CENTER, Style.BOLD, across=ACROSS), *[None] * (ACROSS - 1)]
    return (*row, Cell())


def _footnote(reading: Reading, year: Absences) -> tuple[Paragraph, ...]:
    """Tell how many of the lessons missed have no reason in the journal."""
    if not year.unexplained:
        return ()
    return (
        Paragraph(
            f"Причина не указана ({reading.glyphs.ABSENT}): уроков за год — {year.unexplained}; "
            "они вошли только в графу «всего».",
            size=Size.SMALL,
        ),
    )
