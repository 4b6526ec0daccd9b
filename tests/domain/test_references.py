"""A snapshot that contradicts itself is refused with the place of the contradiction."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.domain.intake.parsing import SnapshotInvalid, parse

BODY = Path(__file__).with_name("section9.json").read_bytes()
CLASS = "/classes/0"
GROUP = f"{CLASS}/groups/0"
LESSON = f"{GROUP}/lessons/0"


def journal(document: Any) -> Any:
    return document["classes"][0]


def group(document: Any) -> Any:
    return journal(document)["groups"][0]


def lesson(document: Any) -> Any:
    return group(document)["lessons"][0]


def first_mark(document: Any) -> Any:
    return group(document)["term_marks"][0]


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        (lambda d: journal(d).update(tutor="t9"), f"{CLASS}/tutor", "unknown-id"),
        (lambda d: d["staff"].append(d["staff"][0]), "/staff/3/id", "duplicate-id"),
        (lambda d: d["terms"].append(d["terms"][0]), "/terms/1/id", "duplicate-id"),
        (lambda d: d["classes"].append(d["classes"][0]), "/classes/1/id", "duplicate-id"),
        (lambda d: journal(d)["movements"][0].update(student="x"),
         f"{CLASS}/movements/0/student", "unknown-id"),
        (lambda d: d.update(subjects=[{"id": "pe", "title": "Физкультура"}]),
         f"{GROUP}/subject", "unknown-id"),
        (lambda d: group(d)["teachers"][0].update(id="t9"), f"{GROUP}/teachers/0/id", "unknown-id"),
        (lambda d: group(d)["teachers"][0].update(to="2025-01-01"),
         f"{GROUP}/teachers/0", "dates-reversed"),
        (lambda d: group(d)["members"][0].update(to="2025-01-01"),
         f"{GROUP}/members/0", "dates-reversed"),
        (lambda d: group(d)["members"].append({"student": "s1", "from": "2026-11-01"}),
         f"{GROUP}/members/1/from", "overlap"),
        (lambda d: journal(d)["students"][0]["enrolments"].append({"from": "2026-11-01"}),
         f"{CLASS}/students/0/enrolments/1/from", "overlap"),
        (lambda d: lesson(d)["substitute"].update(teacher="t9"),
         f"{LESSON}/substitute/teacher", "unknown-id"),
        (lambda d: lesson(d).update(term="q9"), f"{LESSON}/term", "unknown-id"),
        (lambda d: lesson(d).update(date="2025-09-02"), f"{LESSON}/date", "outside-year"),
        (lambda d: lesson(d)["cells"].append({"student": "s1"}),
         f"{LESSON}/cells/1/student", "duplicate-cell"),
        (lambda d: lesson(d)["cells"].append({"student": "s9"}),
         f"{LESSON}/cells/1/student", "not-in-group"),
        (lambda d: group(d)["lessons"].append(lesson(d)), f"{GROUP}/lessons/1/id", "duplicate-id"),
        (lambda d: first_mark(d).update(student="s9"), f"{GROUP}/term_marks/0/student",
         "not-in-group"),
        (lambda d: first_mark(d).update(term=None), f"{GROUP}/term_marks/0", "term-missing"),
        (lambda d: first_mark(d).update(kind="YEAR"), f"{GROUP}/term_marks/0/term",
         "term-unexpected"),
        (lambda d: group(d)["term_marks"].append(first_mark(d)), f"{GROUP}/term_marks/1",
         "duplicate-mark"),
        (lambda d: d["school"].update(timezone="Mars/Olympus"), "/school/timezone",
         "unknown-timezone"),
        (lambda d: d["year"].update(label="2025/2026"), "/year/label", "year-label"),
        (lambda d: d["year"].update(end="9999-12-31"), "/year/end", "bad-date"),
        (lambda d: d["source"].update(exported_at="9999-12-31T23:59:59-11:00"),
         "/source/exported_at", "bad-time"),
        (lambda d: journal(d)["students"][0].update(home_schooling={"order_date": "0001-01-01"}),
         f"{CLASS}/students/0/home_schooling/order_date", "bad-date"),
        (lambda d: d["terms"][0].update(end="2026-08-01"), "/terms/0", "dates-reversed"),
    ],
)  # fmt: skip
def test_fault(change: Callable[[Any], object], place: str, code: str):
    document = json.loads(BODY)
    change(document)
    with pytest.raises(SnapshotInvalid) as refusal:
        parse(json.dumps(document).encode())
    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [(place, code)]


def test_a_term_of_another_grade_is_a_fault_wherever_it_is_named():
    document = json.loads(BODY)
    document["terms"][0]["grades"] = [10, 11]
    with pytest.raises(SnapshotInvalid) as refusal:
        parse(json.dumps(document).encode())
    assert [fault.pointer for fault in refusal.value.faults] == [
        f"{LESSON}/term",
        f"{GROUP}/term_marks/0/term",
    ]
    assert {fault.code for fault in refusal.value.faults} == {"term-of-another-grade"}


def test_a_pupil_who_came_back_has_two_spells():
    document = json.loads(BODY)
    spells = [
        {"from": "2027-02-01"},
        {"from": "2026-09-01", "to": "2026-12-12"},
    ]
    journal(document)["students"][0]["enrolments"] = spells
    assert len(parse(json.dumps(document).encode()).classes[0].students[0].enrolments) == 2
