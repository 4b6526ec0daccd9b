"""The results of a class: golden figures, the sixteen columns, what a school may switch."""

import json
from datetime import date
from pathlib import Path

import pytest
from contents import by_column, grid

from service.documents.parts import Facts, Paragraph, Signatures, Table, leaves
from service.domain.approving.approval import Role
from service.domain.journal import Enrolment
from service.reports.class_results import KIND
from service.reports.class_results.standing import TermOfOthers

GOLDEN = json.loads((Path(__file__).parents[1] / "domain" / "golden.json").read_text("utf-8"))[
    "golden_class"
]
MARKS = {
    name: {title: str(mark) for title, mark in zip(GOLDEN["subjects"], row, strict=True)}
    for name, row in GOLDEN["marks"].items()
}


def bricks(assignment, kind):
    (section,) = KIND.content(assignment).sections
    return [brick for brick in section.body if isinstance(brick, kind)]


def facts(assignment) -> dict[str, str]:
    (found,) = bricks(assignment, Facts)
    return {label: value.replace("\u00a0", " ") for label, value in found.items}


def test_the_lines_above_the_table(school, assign):
    assert facts(assign(school(MARKS), "q1")) == {
        "Общий средний балл класса": "3,97",
        "Общий % кач. зн. по предметам": "64,64 %",
        "Общий % СОУ (степень обученности учащихся), по группам обучающихся": "41,50 %",
        "Общий % успеваемости": "62,50 %",
        "Общий % кач. зн. класса": "37,50 %",
        "На конец периода": "8",
        "Нет отметок": "0",
    }


def test_the_other_convention_says_its_name(school, assign):
    said = facts(assign(school(MARKS), "q1", sou_mode="subjects_mean", percent_digits=0))
    assert said["Общий % СОУ (степень обученности учащихся), среднее по предметам"] == "67 %"
    assert said["Общий % кач. зн. класса"] == "38 %"


def test_the_rows_under_the_pupils(school, assign):
    table, _ = bricks(assign(school(MARKS), "q1"), Table)
    rows = {row[0].strip("*"): row[2:7] for row in grid(table)[8:]}
    expected = GOLDEN["subjects_expected"]
    for title, key in {
        "Средний балл по предмету": "avg",
        "% успеваемости по предмету": "usp",
        "% кач. зн. по предмету": "kach",
        "СОУ (%) по предмету": "sou",
    }.items():
        golden = [expected[subject][key].replace(".", ",") for subject in GOLDEN["subjects"]]
        assert rows[title] == golden


def test_the_sixteen_columns(school, assign):
    _, line = bricks(assign(school(MARKS), "q1"), Table)
    row = by_column(line, 0)
    assert line.digits
    assert list(row.values()) == [
        "8А", "8", "5", "1", "2", "1", "1", "1", "1", "0", "0", "2",
        "1 ⏎ Ёлкин (Литература)", "1 ⏎ Зайцева (Алгебра, Физическая культура)", "0", "0",
    ]  # fmt: skip
    whole, succeeding, best, good, _, once, fair = (int(row_) for row_ in list(row.values())[1:8])
    assert succeeding == best + good + once + fair
    assert whole == succeeding + 1 + 2 + 0


def test_who_is_in_no_column_is_told_below(school, assign):
    snapshot = school(MARKS, pupils={"Громова": {"attestation": False}})
    texts = [one.text for one in bricks(assign(snapshot, "q1"), Paragraph)]
    assert "Не подлежат аттестации: 1." in texts


def test_absences_and_places_are_the_schools_choice(school, assign):
    snapshot = school(
        MARKS,
        lessons={"Алгебра": {"2026-09-02": {"Борисов": "Б"}, "2026-09-03": {"Борисов": "НП"}}},
    )
    table, _ = bricks(assign(snapshot, "q1", ratings=True), Table)
    row = by_column(table, 1)
    assert (row["Пропущено уроков › всего"], row["Пропущено уроков › по болезни"]) == ("2", "1")
    assert [by_column(table, n)["Рейтинг"] for n in range(8)] == list("12345768")
    plain, _ = bricks(assign(snapshot, "q1", absences_in_results=False), Table)
    assert len(by_column(plain, 0)) == len(row) - 3
    assert "Рейтинг" not in by_column(plain, 0)


def test_without_a_term_the_year_is_summed_up(school, assign):
    snapshot = school({"Аистов Ян": {"Алгебра": "q1=2 YEAR=4"}})
    content = KIND.content(assign(snapshot))
    assert content.title.endswith("8А класс, 2026/2027 учебный год")
    assert facts(assign(snapshot))["Общий средний балл класса"] == "4,00"


def test_only_who_stays_to_the_end_counts(school, assign):
    left = (Enrolment(from_=date(2026, 9, 1), to=date(2026, 10, 25)),)
    snapshot = school(MARKS, pupils={"Алексеева": {"enrolments": left}})
    assert facts(assign(snapshot, "q1"))["На конец периода"] == "7"


def test_class_1_has_dashes_and_says_why(school, assign):
    assignment = assign(school({"Аистов Ян": {}}, grade=1), "q1")
    assert "Безотметочное обучение" in [one.text for one in bricks(assignment, Paragraph)]
    assert set(facts(assignment).values()) == {"—", "0", "1"}


def test_a_term_of_other_grades_is_refused(school, assign):
    with pytest.raises(TermOfOthers, match="I полугодие"):
        KIND.content(assign(school(MARKS), "h1"))


def test_the_director_signs_where_the_route_has_him(school, assign):
    roles = {
        route: [
            line.role for line in bricks(assign(school(MARKS), "q1", **given), Signatures)[0].lines
        ]
        for route, given in (
            ("all", {}),
            ("deputy", {"signing_route": (Role.DEPUTY,)}),
            ("sealed", {"signing_route": (Role.SEAL, Role.DIRECTOR)}),
        )
    }
    assert roles == {
        "all": [None, Role.DEPUTY, Role.DIRECTOR],
        "deputy": [None, Role.DEPUTY],
        "sealed": [None, None, Role.DIRECTOR, Role.SEAL],
    }


def test_a_hundred_per_cent_fits_under_each_of_22_subjects(school, assign):
    marks = {"Белов Борис": {f"Предмет {n}": "5" for n in range(22)}}
    table, _ = bricks(assign(school(marks), "q1"), Table)
    assert {column.width > 8.2 for column in leaves(table.columns) if column.turned} == {True}
