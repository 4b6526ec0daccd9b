"""The left pages of a subject: who is listed, and what stands in each column."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from service.documents.parts import Cell, Pupil, Style
from service.domain.codes import MarkKind, MarkValue
from service.domain.journal import Group, Lesson, Student, TermMark
from service.domain.reckoning import cells
from service.domain.reckoning.attendance import taught_at_school
from service.domain.reckoning.headcount import Span, attending, on_roll
from service.domain.reckoning.periods import Period
from service.reports.class_register.reading import Reading

BLANK = Cell()
OUTSIDE = Cell(style=Style.SHADED)  # not in the class or the group (E04, E05, E20)


@dataclass(frozen=True, slots=True)
class MarkPages:
    """The pupils of a group and their columns."""

    pupils: tuple[Pupil, ...]  # as printed
    students: tuple[Student, ...]  # the same pupils
    days: Mapping[str, tuple[Span, ...]]  # when each of them is in the group
    columns: tuple[tuple[Cell, ...], ...]  # one per lesson, one cell per pupil
    summary: Mapping[tuple[MarkKind, str | None], Mapping[str, TermMark]]
    subject: str

    def has(self, period: Period) -> bool:
        """Tell whether the group has a mark for the period."""
        return (period.kind, period.term_id) in self.summary

    def column(self, period: Period, day: date) -> tuple[Cell, ...]:
        """Return a period's marks.

        Without a mark it is grey for who is not in the group on `day` or has left the class by the
        period's end, «осв» for who was exempt all through (E02), and empty for the others.
        """
        marks = self.summary.get((period.kind, period.term_id), {})
        return tuple(
            _summary_mark(marks[student.id])
            if student.id in marks
            else self._without_mark(student, period, day)
            for student in self.students
        )

    def _without_mark(self, student: Student, period: Period, day: date) -> Cell:
        in_group = any(day in span for span in self.days.get(student.id, ()))
        if not (in_group and on_roll(student, period.end)):
            return OUTSIDE
        exempt = any(
            one.from_ <= period.start and (one.to is None or one.to >= period.end)
            for one in student.exemptions
            if one.subject == self.subject
        )
        return _cell(cells.MARKS[MarkValue.EXEMPT], Style.PLAIN) if exempt else BLANK


def mark_pages(reading: Reading, group: Group, lessons: Sequence[Lesson]) -> MarkPages:
    """Return who is listed in a group's book (E07) and the cells of its lessons, in their order."""
    days = attending(reading.journal, group)
    entered = {cell.student for lesson in lessons for cell in lesson.cells}
    entered |= {mark.student for mark in group.term_marks}
    pupils = [s for s in reading.pupils if days.get(s.id) or s.id in entered]
    summary: dict[tuple[MarkKind, str | None], dict[str, TermMark]] = {}
    if reading.graded:
        for mark in group.term_marks:
            summary.setdefault((mark.kind, mark.term), {})[mark.student] = mark
    return MarkPages(
        pupils=tuple(
            Pupil(str(number), reading.listed[s.id]) for number, s in enumerate(pupils, start=1)
        ),
        students=tuple(pupils),
        days=days,
        columns=_columns(reading, lessons, pupils, days),
        summary=summary,
        subject=group.subject,
    )


def _columns(
    reading: Reading,
    lessons: Sequence[Lesson],
    pupils: Sequence[Student],
    days: Mapping[str, tuple[Span, ...]],
) -> tuple[tuple[Cell, ...], ...]:
    held = [lesson.date for lesson in lessons]
    rows = [_empty_row(held, days.get(pupil.id, ())) for pupil in pupils]
    row_of = {pupil.id: row for pupil, row in zip(pupils, rows, strict=True)}
    at_school = {
        pupil.id: taught_at_school(pupil) for pupil in pupils if pupil.home_schooling is not None
    }
    write = cells.printed if reading.graded else cells.attendance
    known: dict[str, Cell] = {}
    for column, lesson in enumerate(lessons):
        for entry in lesson.cells:
            text = write(entry, reading.glyphs)
            if not text or (
                entry.student in at_school and lesson.date not in at_school[entry.student]
            ):
                continue  # only term marks of a pupil taught at home are shown (E13)
            row = row_of[entry.student]
            if row[column] is not BLANK:
                row[column] = Cell(text, style=row[column].style)
                continue
            if text not in known:
                known[text] = Cell(text)
            row[column] = known[text]
    return tuple(zip(*rows, strict=True)) if rows else ((),) * len(lessons)


def _empty_row(held: list[date], days: Iterable[Span]) -> list[Cell]:
    row = [OUTSIDE] * len(held)
    for span in days:
        first, end = bisect_left(held, span.start), bisect_right(held, span.end)
        row[first:end] = [BLANK] * (end - first)
    return row


def _summary_mark(mark: TermMark) -> Cell:
    return _cell(cells.MARKS[mark.v], Style.ITALIC if mark.transferred else Style.PLAIN)


@lru_cache(maxsize=4096)
def _cell(text: str, style: Style) -> Cell:
    return Cell(text, style=style)
