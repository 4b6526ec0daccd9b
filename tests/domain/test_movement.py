"""Arrivals and departures as tables and notes tell them (FORMS 2.10.7, E04, E05, E13, E20)."""

from __future__ import annotations

import json
from datetime import date

from service.domain.journal import SchoolClass
from service.domain.reckoning import movement
from service.domain.reckoning.movement import Heads, MovementRow
from service.domain.snapshot import Year

YEAR = Year(label="2026/2027", start=date(2026, 9, 1), end=date(2027, 5, 26), closed=True)
ALL_YEAR = {"enrolments": [{"from": "2026-09-01"}]}
FROM_OCTOBER = {"enrolments": [{"from": "2026-10-10"}]}
TO_DECEMBER = {"enrolments": [{"from": "2026-09-01", "to": "2026-12-12"}]}
CAME = {
    "student": "b",
    "type": "ARRIVE",
    "scope": "SCHOOL",
    "date": "2026-10-10",
    "order_no": "45-У",
    "order_date": "2026-10-09",
    "counterpart": "МАОУ СОШ № 5",
}


def journal(pupils: dict[str, dict], *movements: dict) -> SchoolClass:
    return SchoolClass.model_validate_json(
        json.dumps(
            {
                "id": "c",
                "grade": 8,
                "letter": "А",
                "term_scheme": "QUARTER",
                "students": [{"id": n, "last": n, **said} for n, said in pupils.items()],
                "movements": movements,
            }
        )
    )


def test_heads_are_told_by_sex():
    found = journal({"a": ALL_YEAR | {"sex": "F"}, "b": FROM_OCTOBER | {"sex": "M"}}, CAME)
    assert movement.row(found, YEAR) == MovementRow(
        start=Heads(1, 0, 1), arrived=Heads(1, 1, 0), left=Heads(0, 0, 0), end=Heads(2, 1, 1)
    )


def test_unknown_sex_is_not_guessed():
    found = journal({"a": ALL_YEAR, "b": ALL_YEAR | {"sex": "M"}})
    assert movement.row(found, YEAR).start == Heads(2, None, None)


def test_events_stand_in_order_of_time():
    left = CAME | {"type": "LEAVE", "date": "2026-09-20"}
    found = journal({"b": FROM_OCTOBER}, CAME, left)
    assert [event.movement.type for event in movement.events(found)] == ["LEAVE", "ARRIVE"]


def test_an_order_is_its_date_and_number():
    (came,) = journal({"b": FROM_OCTOBER}, CAME).movements
    assert movement.order(came) == "09.10.2026 №\u00a045-У"
    assert movement.order(came.model_copy(update={"order_date": None})) == "№\u00a045-У"
    assert movement.order(came.model_copy(update={"order_no": ""})) == "09.10.2026"


def test_notes_say_who_came_left_or_learns_at_home():
    home = ALL_YEAR | {"home_schooling": {"order_no": "7"}}
    found = journal(
        {
            "a": ALL_YEAR,
            "b": FROM_OCTOBER | {"sex": "F"},
            "c": TO_DECEMBER | {"sex": "M"},
            "d": home,
        },
        CAME,
        {"student": "c", "type": "LEAVE", "scope": "CLASS", "date": "2026-12-12"},
    )
    assert movement.notes(found, YEAR) == {
        "b": "прибыла 10.10.2026, приказ №\u00a045-У",
        "c": "выбыл 12.12.2026",
        "d": "надомное обучение, приказ №\u00a07",
    }


def test_without_movements_the_enrolments_speak():
    returned = {"enrolments": [{"from": "2026-09-01", "to": "2026-10-10"}, {"from": "2027-03-29"}]}
    found = journal({"a": ALL_YEAR, "b": returned})
    assert movement.notes(found, YEAR) == {"b": "выбыл(а) 10.10.2026; прибыл(а) 29.03.2027"}


def test_the_first_school_day_is_no_arrival():
    began = {"enrolments": [{"from": "2026-09-02"}]}
    assert movement.notes(journal({"a": began, "b": began}), YEAR) == {}
