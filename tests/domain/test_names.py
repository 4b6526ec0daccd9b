"""How people and classes are named and ordered."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from service.domain.codes import TermKind
from service.domain.journal import Enrolment, SchoolClass, Student
from service.domain.wording import names

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text("utf-8"))
ALL_YEAR = (Enrolment(**{"from": date(2026, 9, 1)}),)


def student(name: str, id_: str = "s", born: date | None = None) -> Student:
    taken = names.parts(name)
    return Student(
        id=id_, last=taken.last, first=taken.first, middle=taken.middle, born=born,
        enrolments=ALL_YEAR,
    )  # fmt: skip


def school_class(grade: int, letter: str) -> SchoolClass:
    return SchoolClass(
        id="c", grade=grade, letter=letter, students=(), term_scheme=TermKind.QUARTER
    )


def test_golden_order():
    golden = GOLDEN["collation"]
    pupils = [student(name, f"s{place}") for place, name in enumerate(reversed(golden))]
    assert [pupil.last for pupil in names.in_order(pupils)] == golden


def test_order_of_the_same_name():
    pupils = [
        student("Елкин Пётр", "c", date(2013, 1, 1)),
        student("Ёлкин Пётр", "b"),
        student("Елкин Пётр", "a", date(2013, 1, 1)),
        student("Елкин Пётр", "d", date(2012, 1, 1)),
        student("Ёлкин Андрей", "e"),
    ]
    assert [pupil.id for pupil in names.in_order(pupils)] == ["e", "d", "a", "c", "b"]


def test_letters_of_other_languages_follow_their_own():
    given = ["Бикбаев", "Ялалов", "Ахметов", "Әхмәтов", "Қаримов", "Лапин", "Каримов", "Petrov"]
    ordered = names.in_order(student(name, f"s{place}") for place, name in enumerate(given))
    assert [pupil.last for pupil in ordered] == [
        "Petrov", "Ахметов", "Әхмәтов", "Бикбаев", "Каримов", "Қаримов", "Лапин", "Ялалов",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "short", "signed"),
    [
        ("Петров Пётр Петрович", "Петров П.П.", "П.П. Петров"),
        ("Сидорова Анна-Мария", "Сидорова А.-М.", "А.-М. Сидорова"),
        ("Алиева Нигяр Рустам кызы", "Алиева Н.Р.", "Н.Р. Алиева"),
        ("О'Нил-Юсупов Ёсиф", "О'Нил-Юсупов Ё.", "Ё. О'Нил-Юсупов"),
        ("Мадонна", "Мадонна", "Мадонна"),
    ],
)
def test_initials_come_from_what_there_is(name, short, signed):
    assert names.surname_initials(names.parts(name)).replace("\u00a0", " ") == short
    assert names.initials_surname_of(name).replace("\u00a0", " ") == signed
    assert " " not in names.initials_surname_of(name)


def test_full_names_have_no_holes():
    person = SimpleNamespace(last="Ёлкин", first="", middle=" Иванович")
    assert names.full(person) == "Ёлкин Иванович"
    assert names.surname_first(person) == "Ёлкин"


def test_namesakes_are_told_apart():
    pupils = [
        student("Иванов Алёша Петрович", "1"),
        student("Иванов Алеша Ильич", "2", date(2012, 3, 1)),
        student("Иванов Алёша Ильич", "3", date(2013, 3, 1)),
        student("Ким Ян Ли", "4", date(2013, 3, 1)),
        student("Ким Ян Ли", "5", date(2013, 4, 1)),
        student("Яковлев Ян Янович", "6"),
    ]
    assert names.on_list(pupils) == {
        "1": "Иванов Алёша Петрович",
        "2": "Иванов Алеша Ильич (2012\u00a0г.р.)",
        "3": "Иванов Алёша Ильич (2013\u00a0г.р.)",
        "4": "Ким Ян Ли (01.03.2013\u00a0г.р.)",
        "5": "Ким Ян Ли (01.04.2013\u00a0г.р.)",
        "6": "Яковлев Ян",
    }
    assert names.in_full(pupils)["1"] == "Иванов Алёша Петрович"
    assert names.in_full(pupils)["2"] == "Иванов Алеша Ильич (2012\u00a0г.р.)"


def test_classes_count_before_they_spell():
    titles = ["10А", "9Б", "1А", "11А", "9А"]
    classes = [school_class(int(title[:-1]), title[-1]) for title in titles]
    ordered = [names.class_title(journal) for journal in sorted(classes, key=names.class_key)]
    assert ordered == ["1А", "9А", "9Б", "10А", "11А"]
