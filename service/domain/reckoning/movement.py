"""Arrivals and departures of a class: heads by sex over a period, the list of events, the notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from service.domain.journal import Movement, SchoolClass, Student
from service.domain.reckoning.headcount import TermOrYear, arrivals, at_end, at_start, departures
from service.domain.snapshot import Year
from service.domain.wording import dates
from service.domain.wording.text import NBSP, plain
from service.domain.wording.words import by_sex

_VERBS = {"ARRIVE": "прибыл(а)", "LEAVE": "выбыл(а)"}


@dataclass(frozen=True, slots=True)
class Heads:
    """A number of pupils; `boys` and `girls` are None when the sex of any of them is unknown."""

    total: int
    boys: int | None
    girls: int | None


@dataclass(frozen=True, slots=True)
class MovementRow:
    """A period's row of the movement table."""

    start: Heads
    arrived: Heads
    left: Heads
    end: Heads


@dataclass(frozen=True, slots=True)
class Event:
    """Somebody arrived or left."""

    student: Student
    movement: Movement


def heads(students: Iterable[Student]) -> Heads:
    """Count pupils, and boys and girls if the sex of all is known."""
    sexes = [student.sex for student in students]
    if None in sexes:
        return Heads(len(sexes), None, None)
    return Heads(len(sexes), sexes.count("M"), sexes.count("F"))


def row(journal: SchoolClass, period: TermOrYear) -> MovementRow:
    """Return how many were there at the start and the end of a period, came and left."""
    by_id = {student.id: student for student in journal.students}
    return MovementRow(
        start=heads(at_start(journal, period)),
        arrived=heads(by_id[m.student] for m in arrivals(journal, period)),
        left=heads(by_id[m.student] for m in departures(journal, period)),
        end=heads(at_end(journal, period)),
    )


def events(journal: SchoolClass) -> tuple[Event, ...]:
    """Return all arrivals and departures in order of time; on one day arrivals come first."""
    by_id = {student.id: student for student in journal.students}
    ordered = sorted(journal.movements, key=lambda m: (m.date, m.type))
    return tuple(Event(by_id[movement.student], movement) for movement in ordered)


def order(movement: Movement) -> str:
    """Return «10.10.2026 № 45-У», the date and number of the order, as far as they are known."""
    day = dates.day(movement.order_date) if movement.order_date else ""
    number = plain(movement.order_no)
    return " ".join(filter(None, (day, f"№{NBSP}{number}" if number else "")))


def verb(movement: Movement, student: Student) -> str:
    """Return «прибыл», «прибыла» or «прибыл(а)» for unknown sex; «выбыл» likewise."""
    return by_sex(_VERBS[movement.type], student.sex)


def notes(journal: SchoolClass, year: Year) -> dict[str, str]:
    """Return by pupil id what a list of the class says of him (E04, E05, E13); most have no note.

    «прибыл(а) 10.10.2026, приказ № 45», «выбыл(а) …», «надомное обучение, приказ № …». If the
    journal holds no movement of a pupil, the dates of his enrolments alone speak.
    """
    said: dict[str, list[str]] = {student.id: [] for student in journal.students}
    for event in events(journal):
        movement, student = event.movement, event.student
        text = f"{verb(movement, student)} {dates.day(movement.date)}"
        said[student.id].append(_with_order(text, movement.order_no))
    first_day = min((e.from_ for s in journal.students for e in s.enrolments), default=year.start)
    for student in journal.students:
        if not said[student.id]:
            said[student.id] += _dated(student, max(first_day, year.start), year.end)
        if student.home_schooling is not None:
            number = student.home_schooling.order_no
            said[student.id].append(_with_order("надомное обучение", number))
    return {student: "; ".join(texts) for student, texts in said.items() if texts}


def _dated(student: Student, first: date, last: date) -> list[str]:
    moves = [("ARRIVE", e.from_) for e in student.enrolments if e.from_ > first]
    moves += [("LEAVE", e.to) for e in student.enrolments if e.to is not None and e.to < last]
    return [
        f"{by_sex(_VERBS[type_], student.sex)} {dates.day(day)}"
        for type_, day in sorted(moves, key=lambda move: move[1])
    ]


def _with_order(text: str, order_no: str) -> str:
    number = plain(order_no)
    return f"{text}, приказ №{NBSP}{number}" if number else text
