"""The grade summary as a paper register has it: pupils × periods down, subjects across.

Layout A of FORMS 2.10.5; the register and the final summary print it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.documents.parts import Align, Block, Cell, Column, Style, Table
from service.domain.codes import MarkKind
from service.domain.journal import SchoolClass, Student
from service.domain.reckoning import decisions
from service.domain.reckoning.cells import MARKS
from service.domain.reckoning.gradebook import Gradebook, gradebook
from service.domain.reckoning.headcount import on_roll
from service.domain.reckoning.movement import notes
from service.domain.reckoning.periods import Period
from service.domain.snapshot import Snapshot, Subject
from service.domain.wording import names
from service.domain.wording.text import plain

NUMBER, NAME, PERIOD, LONG_PERIOD, DECISION = 8, 48, 18, 25, 35  # millimetres
ACROSS = 267  # a landscape page between its margins
NARROWEST, WIDEST = 7.0, 12.0  # a subject's column
LEAST_NAME, LEAST_DECISION = 36, 20  # what these are content with before columns go overleaf
LETTER = 1.7  # of a word in the conduct column

_SUMMING_UP = (MarkKind.YEAR, MarkKind.FINAL)
_SIGNS = {value.value: sign for value, sign in MARKS.items()}


@dataclass(frozen=True, slots=True)
class _Summary:
    """What every row of the table is made from."""

    journal: SchoolClass
    periods: tuple[Period, ...]
    book: Gradebook
    conduct: dict[tuple[str, MarkKind, str | None], str]
    blank: str


def grade_summary(
    snapshot: Snapshot, journal: SchoolClass, periods: tuple[Period, ...], blank: str = ""
) -> Table:
    """Return the summary of these periods: a block of rows per pupil, who left included.

    A subject is one column however many subgroups it has. Marks of the previous school stand in
    italics; where a pupil was not on the roll at a period's end the cell is grey. `blank` is what
    stands where there is no mark. Without periods (class 1) names and decisions alone are left.
    """
    summary = _Summary(
        journal,
        periods,
        gradebook(snapshot, journal),
        {
            (mark.student, mark.kind, mark.term): _SIGNS.get(mark.v, plain(mark.v))
            for mark in journal.conduct
        },
        blank,
    )
    printed = names.in_full(journal.students)
    notes_ = notes(journal, snapshot.year)
    return Table(
        columns=_columns(summary),
        body=tuple(
            Block(
                tuple(
                    _rows(
                        summary,
                        student,
                        Cell(str(number)),
                        Cell(
                            "\n".join(filter(None, (printed[student.id], notes_.get(student.id))))
                        ),
                    )
                )
            )
            for number, student in enumerate(names.in_order(journal.students), start=1)
        ),
        lead=3 if periods else 2,
        dense=True,
    )


def _columns(summary: _Summary) -> tuple[Column, ...]:
    name = "Фамилия, имя, отчество обучающегося"
    decision = Column("Решение педагогического совета (дата и номер)", 0, Align.LEFT)
    if not summary.periods:
        return (Column("№ п/п", NUMBER), Column(name, 0, Align.LEFT), decision)
    conduct = _conduct_width(summary)
    count = len(summary.book.subjects)
    exams = any(period.kind is MarkKind.EXAM for period in summary.periods)
    period = LONG_PERIOD if exams else PERIOD
    room = ACROSS - NUMBER - NAME - period - DECISION - conduct
    width = min(WIDEST, max(NARROWEST, room // count if count else WIDEST))
    lacking = max(0, width * count - room - (DECISION - LEAST_DECISION))
    return (
        Column("№ п/п", NUMBER),
        Column(name, max(LEAST_NAME, NAME - lacking), Align.LEFT),
        Column("Периоды", period, Align.LEFT),
        *(Column(subject.title, width, turned=True) for subject in summary.book.subjects),
        *((Column("Поведение", conduct, turned=True),) if conduct else ()),
        decision,
    )


def _conduct_width(summary: _Summary) -> float:
    if not summary.conduct:
        return 0
    longest = max(len(word) for value in summary.conduct.values() for word in value.split(" "))
    return max(NARROWEST, round(longest * LETTER + 2))


def _rows(
    summary: _Summary, student: Student, number: Cell, name: Cell
) -> Iterator[tuple[Cell | None, ...]]:
    decision = Cell(decisions.text(student, summary.journal.grade) or summary.blank)
    if not summary.periods:
        yield number, name, decision
        return
    lead: tuple[Cell | None, ...] = (number, name)
    end: Cell | None = decision
    for period in summary.periods:
        yield (
            *lead,
            Cell(period.title, style=_weight(period)),
            *(_mark(summary, student, subject, period) for subject in summary.book.subjects),
            *_conduct(summary, student, period),
            end,
        )
        lead, end = (None, None), None


def _mark(summary: _Summary, student: Student, subject: Subject, period: Period) -> Cell:
    mark = summary.book.mark(student, subject, period)
    if mark is None and not on_roll(student, period.end):
        return Cell(style=Style.SHADED)
    value = mark.v if mark else summary.book.value(student, subject, period)
    if value is None:
        return Cell(summary.blank)
    style = _weight(period)
    if mark and mark.transferred:
        style |= Style.ITALIC
    return Cell(MARKS[value], style=style)


def _weight(period: Period) -> Style:
    return Style.BOLD if period.kind in _SUMMING_UP else Style.PLAIN


def _conduct(summary: _Summary, student: Student, period: Period) -> tuple[Cell, ...]:
    if not summary.conduct:
        return ()
    value = summary.conduct.get((student.id, period.kind, period.term_id))
    if value is None and not on_roll(student, period.end):
        return (Cell(style=Style.SHADED),)
    return (Cell(summary.blank if value is None else value),)
