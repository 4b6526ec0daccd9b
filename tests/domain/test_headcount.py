"""Who is on the roll, and F16: start + arrived − left is the headcount at the end."""

from __future__ import annotations

from datetime import date

import pytest

from service.domain.codes import TermKind
from service.domain.journal import Enrolment, Group, Membership, Movement, SchoolClass, Student
from service.domain.reckoning import headcount
from service.domain.reckoning.headcount import Span
from service.domain.snapshot import Year

YEAR = Year(label="2026/2027", start=date(2026, 9, 1), end=date(2027, 5, 26), closed=True)
START, OCTOBER, DECEMBER = date(2026, 9, 1), date(2026, 10, 10), date(2026, 12, 12)
MARCH = date(2027, 3, 29)


def pupil(name: str, *stays: tuple[date, date | None]) -> Student:
    enrolments = tuple(Enrolment.model_validate({"from": a, "to": b}) for a, b in stays)
    return Student(id=name, last=name, enrolments=enrolments)


def moved(student: str, kind: str, day: date) -> Movement:
    return Movement.model_validate(
        {"student": student, "type": kind, "scope": "SCHOOL", "date": day}
    )


def journal(students: tuple[Student, ...], *movements: Movement) -> SchoolClass:
    return SchoolClass(
        id="c8a",
        grade=8,
        letter="А",
        term_scheme=TermKind.QUARTER,
        students=students,
        movements=movements,
    )


STAYS = pupil("stays", (START, None))
CAME = pupil("came", (OCTOBER, None))
LEFT = pupil("left", (START, DECEMBER))
RETURNED = pupil("returned", (START, OCTOBER), (MARCH, None))
CLASS = journal(
    (STAYS, CAME, LEFT, RETURNED),
    moved("came", "ARRIVE", OCTOBER),
    moved("left", "LEAVE", DECEMBER),
    moved("returned", "LEAVE", OCTOBER),
    moved("returned", "ARRIVE", MARCH),
)


@pytest.mark.parametrize(
    ("day", "count"),
    [
        (START, 3),
        (OCTOBER, 4),  # one came, one leaves: both are there that day
        (date(2026, 10, 11), 3),
        (DECEMBER, 3),
        (date(2026, 12, 13), 2),
        (MARCH, 3),
    ],
)
def test_the_first_and_the_last_day_count(day, count):
    assert headcount.headcount(CLASS, day) == count


def test_a_year_balances():
    balance = headcount.balance(CLASS, YEAR)
    assert (balance.start, balance.arrived, balance.left, balance.end) == (3, 2, 2, 3)
    assert balance.holds


def test_a_departure_without_a_movement_does_not_balance():
    assert not headcount.balance(journal((STAYS, LEFT)), YEAR).holds


def test_who_arrives_on_the_first_day_of_a_period_is_an_arrival():
    term = YEAR.model_copy(update={"start": OCTOBER, "end": DECEMBER})
    balance = headcount.balance(CLASS, term)
    assert (balance.start, balance.arrived, balance.left, balance.end) == (3, 1, 2, 2)
    assert balance.holds


def test_who_returns_on_the_first_day_was_not_there_before():
    term = YEAR.model_copy(update={"start": MARCH})
    assert [s.id for s in headcount.at_start(CLASS, term)] == ["stays", "came"]
    assert headcount.balance(CLASS, term).holds


def test_a_member_attends_while_in_the_group_and_on_the_roll():
    members = (
        {"student": "stays", "from": START, "to": OCTOBER},
        {"student": "left", "from": OCTOBER},
        {"student": "returned", "from": START},
        {"student": "came", "from": START, "to": date(2026, 9, 30)},
    )
    group = Group(
        id="g",
        title="Английский язык (1 группа)",
        subject="eng",
        members=tuple(Membership.model_validate(m) for m in members),
    )
    assert headcount.attending(CLASS, group) == {
        "stays": (Span(START, OCTOBER),),
        "left": (Span(OCTOBER, DECEMBER),),
        "returned": (Span(START, OCTOBER), Span(MARCH, date.max)),
        "came": (),
    }


def test_days_told_twice_count_once():
    assert headcount.merged([Span(OCTOBER, MARCH), Span(START, DECEMBER)]) == (Span(START, MARCH),)
