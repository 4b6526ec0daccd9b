"""Lessons due and missed, full days, lateness (FORMS 2.4)."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

from service.domain.journal import SchoolClass
from service.domain.reckoning import attendance
from service.domain.reckoning.attendance import Absences

FIRST, SECOND, THIRD = "2026-09-02", "2026-09-03", "2026-09-04"


def lesson(number: int, day: str, *cells: tuple, hours: int = 1) -> dict:
    entries = [
        {"student": student, "att": att, "missed": (missed or (1,))[0]}
        for student, att, *missed in cells
    ]
    return {
        "id": f"l{number}-{day}",
        "n": number,
        "date": day,
        "term": "q1",
        "hours": hours,
        "cells": entries,
    }


def journal(groups: dict[str, list[dict]], **pupils: dict) -> SchoolClass:
    students = [
        {"id": name, "last": name, "enrolments": [{"from": "2026-09-01"}]} | said
        for name, said in pupils.items()
    ]
    return SchoolClass.model_validate_json(
        json.dumps(
            {
                "id": "c",
                "grade": 8,
                "letter": "А",
                "term_scheme": "QUARTER",
                "students": students,
                "groups": [
                    {
                        "id": title,
                        "title": title,
                        "subject": title,
                        "members": [
                            {"student": student, "from": "2026-09-01"}
                            for student in pupils
                            if not title.startswith("only-") or title == f"only-{student}"
                        ],
                        "lessons": lessons,
                    }
                    for title, lessons in groups.items()
                ],
            }
        )
    )


def test_reasons_are_counted_apart_and_late_is_no_absence():
    record = attendance.record(
        journal(
            {
                "alg": [
                    lesson(1, FIRST, ("a", "ABSENT_ILL"), ("b", "LATE")),
                    lesson(2, SECOND, ("a", "ABSENT"), ("b", "ABSENT_VALID")),
                    lesson(3, THIRD, ("b", "ABSENT_INVALID")),
                ]
            },
            a={},
            b={},
        )
    )
    assert record.of("a") == Absences(due=3, ill=1, unexplained=1, days=2, days_ill=1)
    assert record.of("b") == Absences(due=3, valid=1, invalid=1, late=1, days=2)
    whole = attendance.total(record.of(one) for one in ("a", "b"))
    assert (whole.missed, whole.percent) == (4, Fraction(100, 3))


def test_a_period_counts_its_own_days():
    groups = {"alg": [lesson(n, day, ("a", "ABSENT")) for n, day in enumerate((FIRST, SECOND), 1)]}
    record = attendance.record(journal(groups, a={}))
    day = date.fromisoformat(SECOND)
    assert record.of("a", day, day) == Absences(due=1, unexplained=1, days=1)


def test_a_full_day_is_every_lesson_of_the_day():
    groups = {
        "alg": [lesson(1, FIRST, ("a", "ABSENT_ILL")), lesson(2, SECOND, ("a", "ABSENT_ILL"))],
        "geo": [lesson(1, FIRST, ("a", "ABSENT_ILL")), lesson(2, SECOND)],
        "only-b": [lesson(1, FIRST)],
    }
    record = attendance.record(journal(groups, a={}, b={}))
    assert record.of("a") == Absences(due=4, ill=3, days=1, days_ill=1)
    assert record.of("b") == Absences(due=5)


def test_a_day_missed_for_two_reasons_is_not_a_day_of_illness():
    groups = {
        "alg": [lesson(1, FIRST, ("a", "ABSENT_ILL"))],
        "geo": [lesson(1, FIRST, ("a", "ABSENT_VALID"))],
    }
    missed = attendance.record(journal(groups, a={})).of("a")
    assert (missed.days, missed.days_ill) == (1, 0)


def test_only_lessons_while_on_the_roll_are_due():
    late = {"enrolments": [{"from": SECOND, "to": SECOND}]}
    groups = {
        "alg": [lesson(n, day, ("a", "ABSENT")) for n, day in enumerate((FIRST, SECOND, THIRD), 1)]
    }
    record = attendance.record(journal(groups, a=late))
    assert record.of("a") == Absences(due=1, unexplained=1, days=1)


def test_a_double_lesson_is_two():
    groups = {
        "alg": [
            lesson(1, FIRST, ("a", "ABSENT", 2), hours=2),
            lesson(3, SECOND, ("a", "ABSENT"), hours=2),
        ]
    }
    record = attendance.record(journal(groups, a={}))
    assert record.of("a") == Absences(due=4, unexplained=3, days=1)


def test_nothing_is_due_at_school_to_who_learns_at_home():
    home = {"home_schooling": {"order_no": "7", "order_date": SECOND}}
    groups = {"alg": [lesson(1, FIRST, ("a", "ABSENT")), lesson(2, SECOND, ("a", "ABSENT"))]}
    assert attendance.record(journal(groups, a=home)).of("a").due == 1
    always = {"home_schooling": {"order_no": "7"}}
    assert attendance.record(journal(groups, a=always)).of("a") == Absences()


def test_without_lessons_there_is_no_percentage():
    assert attendance.record(journal({}, a={})).of("a").percent is None
