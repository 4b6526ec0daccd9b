"""The attendance summary of a register: lessons and full days missed, by term and for the year."""

from __future__ import annotations

from collections.abc import Iterator
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
from service.domain import attendance, grades, periods
from service.domain.attendance import Absences, AttendanceRecord
from service.domain.headcount import spans
from service.domain.snapshot import Student
from service.domain.text import plain
from service.reports.class_register.reading import Reading

TITLE = "Сводная ведомость учета посещаемости"
DAYS = ("всего", "по болезни")
LESSONS = ("всего", "по болезни", "по уважительной причине", "без уважительной причины")
TERM_WIDTHS = (7.2, 7.2, 7.5, 6, 6, 6)  # millimetres
YEAR_WIDTHS = (7.2, 7.2, 9, 7.5, 7.5, 7.5)  # a class misses thousands of lessons
ACROSS = len(DAYS) + len(LESSONS)

Interval = tuple[str, date, date]


def section(reading: Reading) -> Section:
    """Return the summary of attendance (FORMS 2.10.6), every pupil of the year in it."""
    record = attendance.record(reading.journal)
    intervals = (*_terms(reading), ("За год", date.min, date.max))
    return Section(
        body=(
            Heading(TITLE.upper(), reading.of_class_and_year),
            Table(
                columns=_columns(intervals),
                body=(
                    *(
                        Block((tuple(_pupil(reading, record, intervals, number, student)),))
                        for number, student in enumerate(reading.pupils, start=1)
                    ),
                    Block((_total(record, intervals), _percent(reading, record, intervals))),
                ),
                dense=True,
            ),
            *_footnote(reading, record),
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
    widths = [TERM_WIDTHS] * (len(intervals) - 1) + [YEAR_WIDTHS]
    return (
        Column("№ п/п", 8),
        Column("Фамилия, имя, отчество обучающегося", 0, Align.LEFT),
        *(
            ColumnGroup(
                title,
                (
                    ColumnGroup("Пропущено дней", _turned(DAYS, own[:2])),
                    ColumnGroup("Пропущено уроков", _turned(LESSONS, own[2:])),
                ),
            )
            for (title, _, _), own in zip(intervals, widths, strict=True)
        ),
        Column("Опозданий", 7, turned=True),
    )


def _turned(titles: tuple[str, ...], widths: tuple[float, ...]) -> tuple[Column, ...]:
    return tuple(
        Column(title, width, turned=True) for title, width in zip(titles, widths, strict=True)
    )


def _pupil(
    reading: Reading,
    record: AttendanceRecord,
    intervals: tuple[Interval, ...],
    number: int,
    student: Student,
) -> Iterator[Cell]:
    yield Cell(str(number))
    yield Cell(reading.full[student.id])
    enrolled = spans(student)
    for _, first, last in intervals:
        if any(days.start <= last and first <= days.end for days in enrolled):
            yield from _figures(record.of(student.id, first, last))
        else:
            yield from (Cell(style=Style.SHADED) for _ in range(ACROSS))
    yield Cell(str(record.of(student.id).late))


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


def _total(record: AttendanceRecord, intervals: tuple[Interval, ...]) -> tuple[Cell | None, ...]:
    figures = (cell for _, *days in intervals for cell in _figures(record.of_all(*days)))
    late = str(record.of_all().late)
    bold = (Cell(cell.text, style=Style.BOLD) for cell in (*figures, Cell(late)))
    return (Cell("Всего по классу", Align.LEFT, Style.BOLD, across=2), None, *bold)


def _percent(
    reading: Reading, record: AttendanceRecord, intervals: tuple[Interval, ...]
) -> tuple[Cell | None, ...]:
    row: list[Cell | None] = [Cell("% посещаемости", Align.LEFT, Style.BOLD, across=2), None]
    for _, first, last in intervals:
        share = record.of_all(first, last).percent
        text = grades.percent(share, reading.options.percent_digits)
        row += [Cell(text, Align.CENTER, Style.BOLD, across=ACROSS), *[None] * (ACROSS - 1)]
    return (*row, Cell())


def _footnote(reading: Reading, record: AttendanceRecord) -> tuple[Paragraph, ...]:
    """Tell how many of the lessons missed have no reason in the journal."""
    unexplained = record.of_all().unexplained
    if not unexplained:
        return ()
    return (
        Paragraph(
            f"Причина не указана ({reading.glyphs.ABSENT}): уроков за год — {unexplained}; "
            "они вошли только в графу «всего».",
            size=Size.SMALL,
        ),
    )
