"""The grade summary: which cell holds what for whom."""

from datetime import date

import pytest
from contents import grid

from service.documents.grade_summary import (
    LEAST_DECISION,
    LEAST_NAME,
    NARROWEST,
    grade_summary,
)
from service.documents.parts import leaves
from service.domain.codes import MarkKind
from service.domain.journal import ConductMark, Enrolment, Exemption
from service.domain.reckoning import periods
from service.rendering.columns import runs

START = date(2026, 9, 1)


def summary(snapshot, blank=""):
    journal = snapshot.classes[0]
    return grade_summary(snapshot, journal, periods.of_class(snapshot, journal), blank)


def marks(snapshot, blank=""):
    """Return the rows of the only pupil: period and marks."""
    return [row[2:-1] for row in grid(summary(snapshot, blank))]


def test_subgroups_are_one_column(school):
    table = summary(
        school(
            {"Аистов Ян": {"Английский язык": "5"}, "Быков Ян": {"Английский язык": "4"}},
            subgroups={"Английский язык": {"Аистов Ян": "1", "Быков Ян": "2"}},
        )
    )
    assert [column.title for column in leaves(table.columns)][3:-1] == ["Английский язык"]
    assert [row[3] for row in grid(table)[::5]] == ["5", "4"]


def test_who_came_has_old_marks_in_italics_and_grey_before(school):
    snapshot = school(
        {"Аистов Ян": {"Алгебра": "q1=5* q2=4 YEAR=4", "Музыка": "q2=5"}},
        pupils={"Аистов Ян": {"enrolments": (Enrolment(from_=date(2026, 11, 10)),)}},
    )
    assert marks(snapshot)[:2] == [["I четверть", "_5_", "░"], ["II четверть", "4", "5"]]


def test_who_left_keeps_marks_and_is_grey_after(school):
    left = Enrolment(from_=START, to=date(2026, 12, 12), leave="в другую школу")
    snapshot = school(
        {"Аистова Яна": {"Алгебра": "q1=5"}},
        pupils={"Аистова Яна": {"enrolments": (left,), "sex": "F"}},
    )
    table = summary(snapshot)
    assert [row[3] for row in grid(table)] == ["5", "░", "░", "░", "░"]
    assert grid(table)[0][1] == "Аистова Яна ⏎ выбыла 12.12.2026"


def test_who_came_back_has_one_block_of_rows(school):
    stays = (
        Enrolment(from_=START, to=date(2026, 10, 1)),
        Enrolment(from_=date(2027, 1, 11)),
    )
    snapshot = school(
        {"Аистов Ян": {"Алгебра": "q3=5"}}, pupils={"Аистов Ян": {"enrolments": stays}}
    )
    assert [row[1] for row in marks(snapshot, "—")] == ["░", "░", "5", "—", "—"]


def test_an_exempt_pupil_and_an_empty_place(school):
    exempt = Exemption(subject="su1", from_=START, to=date(2027, 1, 31))
    snapshot = school(
        {"Аистов Ян": {"Физическая культура": "YEAR=5"}},
        pupils={"Аистов Ян": {"exemptions": (exempt,)}},
    )
    assert [row[1] for row in marks(snapshot)] == ["осв", "осв", "", "", "**5**"]


def test_conduct_is_a_column_of_its_own_scale(school):
    said = (
        ConductMark(student="s1", kind=MarkKind.TERM, term="q1", v="PASS"),
        ConductMark(student="s1", kind=MarkKind.YEAR, v="неудовлетворительное"),
    )
    table = summary(school({"Аистов Ян": {"Алгебра": "5"}}, conduct=said))
    column = leaves(table.columns)[-2]
    assert (column.title, column.width) == ("Поведение", 36)
    assert [row[-2] for row in grid(table)] == ["зч", "", "", "", "неудовлетворительное"]


def test_class_1_has_names_and_decisions_only(school):
    table = summary(school({"Аистов Ян": {"Музыка": ""}}, grade=1))
    assert [column.title for column in leaves(table.columns)] == [
        "№ п/п",
        "Фамилия, имя, отчество обучающегося",
        "Решение педагогического совета (дата и номер)",
    ]
    assert grid(table) == [["1", "Аистов Ян", ""]]


@pytest.mark.parametrize(
    ("subjects", "width"), [(5, 12), (19, 8), (22, NARROWEST), (30, NARROWEST)]
)
def test_columns_narrow_as_subjects_grow(school, subjects, width):
    table = summary(school({"Аистов Ян": {f"Предмет {n}": "5" for n in range(subjects)}}))
    assert {column.width for column in leaves(table.columns)[3:-1]} == {width}
    assert table.lead == 3


def test_namesakes_and_order(school):
    snapshot = school(
        {
            "Емельянов Ян Ильич": {"Алгебра": "5"},
            "Ёлкин Ян Ильич": {"Алгебра": "4"},
            "Елкин Ян Ильич": {"Алгебра": "3"},
        },
        pupils={
            "Ёлкин Ян Ильич": {"born": date(2012, 5, 1)},
            "Елкин Ян Ильич": {"born": date(2013, 5, 1)},
        },
    )
    assert [(row[0], row[1]) for row in grid(summary(snapshot))[::5]] == [
        ("1", "Елкин Ян Ильич (2013\u00a0г.р.)"),
        ("2", "Ёлкин Ян Ильич (2012\u00a0г.р.)"),
        ("3", "Емельянов Ян Ильич"),
    ]


def test_25_subjects_of_class_9_stand_on_one_page(school):
    snapshot = school({"Аистов Ян": {f"Предмет {n}": "YEAR=5" for n in range(25)}}, grade=9)
    (run,) = runs(summary(snapshot), 273)
    assert len(run.indices) == 3 + 25 + 1
    assert min(run.widths[3:-1]) == NARROWEST
    assert run.widths[1] >= LEAST_NAME
    assert run.widths[-1] >= LEAST_DECISION
