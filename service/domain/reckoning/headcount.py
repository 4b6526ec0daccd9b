"""Who is on the roll of a class or in a group on a date, and how the roll changes over a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from service.domain.journal import Group, Movement, SchoolClass, Student
from service.domain.snapshot import Term, Year

TermOrYear = Term | Year


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` to `end`, both included; `date.max` ends what has no end yet."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


def span(first: date, last: date | None) -> Span:
    """Return the days from `first` to `last`, or from `first` on."""
    return Span(first, date.max if last is None else last)


def merged(found: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same days in order of time, spans that overlap made one."""
    ordered: list[Span] = []
    for days in sorted(found, key=lambda days: days.start):
        if ordered and days.start in ordered[-1]:
            ordered[-1] = Span(ordered[-1].start, max(ordered[-1].end, days.end))
        else:
            ordered.append(days)
    return tuple(ordered)


def within(found: Iterable[Span], limit: Span) -> tuple[Span, ...]:
    """Return the part of the days that lies in `limit`."""
    parts = (Span(max(days.start, limit.start), min(days.end, limit.end)) for days in found)
    return tuple(part for part in parts if part.start <= part.end)


def spans(student: Student) -> tuple[Span, ...]:
    """Return when the pupil is on the roll, in order of time; a returned pupil has several."""
    return merged(span(e.from_, e.to) for e in student.enrolments)


def on_roll(student: Student, day: date) -> bool:
    """Tell whether the pupil is on the roll on `day`; the day of departure still counts."""
    return any(e.from_ <= day and (e.to is None or e.to >= day) for e in student.enrolments)


def headcount(journal: SchoolClass, day: date) -> int:
    """Return the number of pupils on the roll on `day`."""
    return sum(on_roll(student, day) for student in journal.students)


def at_start(journal: SchoolClass, period: TermOrYear) -> tuple[Student, ...]:
    """Return who is on the roll on the first day of `period`, before that day's arrivals."""
    first = period.start
    new = {m.student for m in journal.movements if m.type == "ARRIVE" and m.date == first}
    return tuple(
        s
        for s in journal.students
        if any(
            (e.to is None or e.to >= first)
            and (e.from_ < first or (e.from_ == first and s.id not in new))
            for e in s.enrolments
        )
    )


def at_end(journal: SchoolClass, period: TermOrYear) -> tuple[Student, ...]:
    """Return who stays on the roll after the last day of `period` and that day's departures."""
    last = period.end
    return tuple(
        s
        for s in journal.students
        if any(e.from_ <= last and (e.to is None or e.to > last) for e in s.enrolments)
    )


def movements(
    journal: SchoolClass, period: TermOrYear, type_: Literal["ARRIVE", "LEAVE"]
) -> tuple[Movement, ...]:
    """Return the movements of a type dated within `period`, transfers between classes included."""
    return tuple(
        m for m in journal.movements if m.type == type_ and period.start <= m.date <= period.end
    )


def arrivals(journal: SchoolClass, period: TermOrYear) -> tuple[Movement, ...]:
    """Return who arrived from the first to the last day of `period`."""
    return movements(journal, period, "ARRIVE")


def departures(journal: SchoolClass, period: TermOrYear) -> tuple[Movement, ...]:
    """Return who left from the first to the last day of `period`."""
    return movements(journal, period, "LEAVE")


@dataclass(frozen=True, slots=True)
class Balance:
    """Heads at the start, movements and heads at the end of a period; F16 if they disagree."""

    start: int
    arrived: int
    left: int
    end: int

    @property
    def holds(self) -> bool:
        """Whether start + arrived − left is the headcount at the end."""
        return self.start + self.arrived - self.left == self.end


def balance(journal: SchoolClass, period: TermOrYear) -> Balance:
    """Return the movement of the roll over `period`."""
    return Balance(
        start=len(at_start(journal, period)),
        arrived=len(arrivals(journal, period)),
        left=len(departures(journal, period)),
        end=len(at_end(journal, period)),
    )


def attending(journal: SchoolClass, group: Group) -> dict[str, tuple[Span, ...]]:
    """Return, for each pupil who ever belongs to `group`, the days in the group and on the roll.

    A pupil who is never on the roll while in the group stands there with no days.
    """
    rolls = {s.id: spans(s) for s in journal.students}
    found: dict[str, list[Span]] = {}
    for membership in group.members:
        if membership.student in rolls:
            belongs = span(membership.from_, membership.to)
            days = found.setdefault(membership.student, [])
            days += within(rolls[membership.student], belongs)
    return {student: merged(days) for student, days in found.items()}
