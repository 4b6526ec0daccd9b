"""The final summary: what it must not be printed without, and what it is closed with."""

from datetime import date

import pytest
from contents import grid

from service.documents.parts import Heading, Orientation, Paragraph, Signatures, Table
from service.domain.approving.approval import Role
from service.domain.journal import Enrolment, Movement
from service.domain.pagination import PageCount, Totals
from service.reports.final_summary import KIND, SummaryNotFinal

YEAR = {"Алгебра": "YEAR=5", "Музыка": "YEAR=зч"}


def refusal(assignment) -> SummaryNotFinal:
    with pytest.raises(SummaryNotFinal) as caught:
        KIND.content(assignment)
    return caught.value


def body(assignment, brick):
    (section, *_) = KIND.content(assignment).sections
    return [one for one in section.body if isinstance(one, brick)]


def test_a_blank_year_mark_is_refused_by_number_not_by_name(school, assign):
    snapshot = school(
        {"Яковлев Ян": YEAR, "Ёлкин Тимофей": YEAR | {"Алгебра": "q1=5"}, "Аистов Ян": YEAR}
    )
    error = refusal(assign(snapshot))
    assert str(error) == "Не выставлены итоговые отметки (1), номера по списку: №\u00a02."
    (fault,) = error.faults
    assert fault.pointer == "/classes/0/students/1"
    assert fault.code == "blank-final-mark"
    assert fault.message == (
        "№\u00a02 по списку, предмет «Алгебра»: не выставлена годовая отметка."
    )
    assert not any(name in f"{error}{error.faults}" for name in ("Ёлкин", "Тимофей"))


def test_class_9_needs_final_marks_too_but_no_exams(school, assign):
    marks = {"Аистов Ян": {"Алгебра": "YEAR=5"}}
    assert "итоговая отметка" in refusal(assign(school(marks, grade=9))).faults[0].message
    content = KIND.content(assign(school({"Аистов Ян": {"Алгебра": "YEAR=5 FINAL=5"}}, grade=9)))
    table = next(brick for brick in content.sections[0].body if isinstance(brick, Table))
    assert [row[3] for row in grid(table)][4:] == ["**5**", "—", "**5**"]


def test_many_blanks_are_counted_and_the_first_hundred_told(school, assign):
    half = {"Алгебра": "q1=5", "Музыка": "q1=5", "Физика": "q1=5", "Химия": "q1=5"}
    error = refusal(assign(school({f"Аистов-{n} Ян": half for n in range(30)})))
    assert (len(error.faults), error.total) == (100, 120)


def test_who_left_or_need_not_be_attested_owes_nothing(school, assign):
    left = date(2026, 12, 12)
    snapshot = school(
        {"Аистов Ян": YEAR, "Быков Ян": {"Алгебра": "q1=3"}, "Волков Ян": {"Алгебра": "q1=3"}},
        pupils={
            "Быков Ян": {"enrolments": (Enrolment(from_=date(2026, 9, 1), to=left),)},
            "Волков Ян": {"attestation": False},
        },
        movements=(Movement(student="s2", type="LEAVE", scope="SCHOOL", date=left),),
    )
    (table,) = body(assign(snapshot), Table)
    assert [row[3] for row in grid(table)[4::5]] == ["**5**", "░", "—"]


def test_an_open_year_and_a_movement_that_does_not_balance_are_refused(school, assign):
    snapshot = school(
        {"Аистов Ян": YEAR},
        closed=False,
        movements=(Movement(student="s1", type="LEAVE", scope="SCHOOL", date=date(2026, 12, 1)),),
    )
    error = refusal(assign(snapshot))
    assert [fault.code for fault in error.faults] == [
        "F15-YEAR-NOT-CLOSED",
        "F16-MOVEMENT-BALANCE",
    ]
    assert "на начало года 1, прибыло 0, выбыло 1, на конец года 1" in str(error)


def test_it_is_bound_for_25_years(school, assign):
    content = KIND.content(assign(school({"Аистов Ян": YEAR}), mark_word="отметок"))
    summary, sheet = content.sections
    assert (KIND.retention, content.binding, content.bound) == (25, 30, True)
    assert summary.orientation is Orientation.LANDSCAPE
    assert summary.title == "Сводная ведомость итоговых отметок"
    assert summary.counted
    assert not sheet.counted
    assert sheet.body[0] == Heading("ЛИСТ-ЗАВЕРИТЕЛЬ ДЕЛА №\u00a005-13")
    totals = Totals(PageCount(11))
    said = [
        one.text(totals)
        for section in content.sections
        for one in section.body
        if isinstance(one, Paragraph) and callable(one.text)
    ]
    assert said == [
        "Прошито, пронумеровано и скреплено печатью 6 (шесть) листов",
        "В деле подшито и пронумеровано 6 (шесть) листов,",
        "с №\u00a01 по №\u00a06, в том числе:",
    ]


def test_boxes_follow_the_route(school, assign):
    snapshot = school({"Аистов Ян": YEAR})
    (signatures,) = body(assign(snapshot), Signatures)
    assert [(line.role, line.name.replace("\u00a0", " ")) for line in signatures.lines] == [
        (None, "М.П. Иванова"),
        (Role.DEPUTY, "Н.П. Орлова"),
        (Role.DIRECTOR, "И.Л. Соколов"),
    ]
    (signatures,) = body(assign(snapshot, signing_route=(Role.DIRECTOR,)), Signatures)
    assert [line.role for line in signatures.lines] == [None, None, Role.DIRECTOR]
    sealed = (Role.DEPUTY, Role.SEAL, Role.DIRECTOR)
    (signatures,) = body(assign(snapshot, signing_route=sealed), Signatures)
    assert [(line.role, line.seal) for line in signatures.lines] == [
        (None, False),
        (Role.DEPUTY, False),
        (Role.DIRECTOR, False),
        (Role.SEAL, False),
    ]


def test_class_1_says_that_it_has_no_marks(school, assign):
    texts = body(assign(school({"Аистов Ян": {}}, grade=1)), Paragraph)
    assert "Безотметочное обучение" in [one.text for one in texts]
