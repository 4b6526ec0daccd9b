"""Lessons due and missed, full days missed and lateness, by pupil and period (FORMS 2.4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from fractions import Fraction
from operator import attrgetter

from service.domain.codes import Attendance
from service.domain.journal import Group, Lesson, SchoolClass, Student
from service.domain.reckoning.cells import is_absence
from service.domain.reckoning.grades import share
from service.domain.reckoning.headcount import Span, attending, within


@dataclass(frozen=True, slots=True)
class Absences:
    """Lessons due, lessons missed by reason, full days missed, times late; sums are sums of fields.

    `days_ill` are full days missed for illness only.
    """

    due: int = 0
    ill: int = 0
    valid: int = 0
    invalid: int = 0
    unexplained: int = 0
    late: int = 0
    days: int = 0
    days_ill: int = 0

    @property
    def missed(self) -> int:
        """Lessons missed for whatever reason."""
        return self.ill + self.valid + self.invalid + self.unexplained

    @property
    def percent(self) -> Fraction | None:
        """Attendance: lessons attended of lessons due in per cent, exact; None if none were due."""
        return share(self.due - self.missed, self.due)


_FIGURES = attrgetter(*(figure.name for figure in fields(Absences)))


def total(parts: Iterable[Absences]) -> Absences:
    """Return the sum of absences field by field."""
    return Absences(*map(sum, zip(*map(_FIGURES, parts), strict=True)))


@dataclass(frozen=True, slots=True)
class AttendanceRecord:
    """Lessons due to each pupil on each day, and what he missed on the days he missed something."""

    due: Mapping[str, Mapping[date, int]]
    absences: Mapping[str, Mapping[date, Absences]]

    def of(self, student: str, first: date = date.min, last: date = date.max) -> Absences:
        """Return a pupil's attendance from `first` to `last`, both included; all by default."""
        due = sum(n for day, n in self.due.get(student, {}).items() if first <= day <= last)
        days = self.absences.get(student, {}).items()
        return total(
            (Absences(due=due), *(absences for day, absences in days if first <= day <= last))
        )


_REASONS = {
    Attendance.ABSENT: "unexplained",
    Attendance.ABSENT_ILL: "ill",
    Attendance.ABSENT_VALID: "valid",
    Attendance.ABSENT_INVALID: "invalid",
}


def taught_at_school(student: Student) -> Span:
    """Return the days a pupil shares the lessons of the class: all, or those before home schooling.

    Home schooling (E13) begins with the date of its order; an order without a date covers all.
    """
    if student.home_schooling is None:
        return Span(date.min, date.max)
    since = student.home_schooling.order_date
    return Span(date.min, date.min if since is None else since - timedelta(days=1))


def record(journal: SchoolClass) -> AttendanceRecord:
    """Return the attendance of every pupil of a class.

    A lesson is due to who is on the roll, in the group and taught at school on its day; what the
    journal holds about others on that day is no absence. A lesson of two hours is two lessons.
    """
    due: dict[str, dict[date, int]] = {s.id: defaultdict(int) for s in journal.students}
    missed: dict[str, dict[date, Counter[str]]] = {
        s.id: defaultdict(Counter) for s in journal.students
    }
    school = {s.id: taught_at_school(s) for s in journal.students}
    for group in journal.groups:
        spans = {
            student: within(days, school[student])
            for student, days in attending(journal, group).items()
        }
        _count_due(group, spans, due)
        for lesson in group.lessons:
            _count_missed(lesson, spans, due, missed)
    return AttendanceRecord(
        due,
        {
            student: {day: _day(due[student][day], reasons) for day, reasons in days.items()}
            for student, days in missed.items()
        },
    )


def _count_due(
    group: Group, spans: Mapping[str, tuple[Span, ...]], due: dict[str, dict[date, int]]
) -> None:
    hours: dict[date, int] = defaultdict(int)
    for lesson in group.lessons:
        hours[lesson.date] += lesson.hours
    for student, own in spans.items():
        days = due[student]
        for span in own:
            start, end = span.start, span.end
            for day, lessons in hours.items():
                if start <= day <= end:
                    days[day] += lessons


def _count_missed(
    lesson: Lesson,
    spans: Mapping[str, tuple[Span, ...]],
    due: dict[str, dict[date, int]],
    missed: dict[str, dict[date, Counter[str]]],
) -> None:
    day = lesson.date
    for cell in lesson.cells:
        if cell.att is None or not any(day in span for span in spans.get(cell.student, ())):
            continue
        reasons = missed[cell.student][day]
        if is_absence(cell.att):
            reasons[_REASONS[cell.att]] += cell.missed
            due[cell.student][day] += max(0, cell.missed - lesson.hours)
        else:
            reasons["late"] += 1


def _day(due: int, reasons: Counter[str]) -> Absences:
    missed = reasons.total() - reasons["late"]
    return Absences(**reasons, days=int(missed >= due), days_ill=int(reasons["ill"] >= due))
