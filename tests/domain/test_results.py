"""How pupils stand and the figures of a class, against the golden class."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from service.domain.codes import MarkValue
from service.domain.journal import Enrolment, Exemption
from service.domain.reckoning import periods
from service.domain.reckoning.grades import decimal
from service.domain.reckoning.results import Cause, Standing, results, standing

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text("utf-8"))["golden_class"]
GOLDEN_GROUPS = {
    "отличник": Standing.EXCELLENT,
    "хорошист(1x4)": Standing.ONE_FOUR,
    "хорошист": Standing.GOOD,
    "на 3(1x3)": Standing.ONE_THREE,
    "на 3": Standing.FAIR,
    "неуспевающий": Standing.FAILING,
    "не аттестован": Standing.NOT_ATTESTED,
}
MARKS = {
    name: {title: str(mark) for title, mark in zip(GOLDEN["subjects"], row, strict=True)}
    for name, row in GOLDEN["marks"].items()
}


def of_quarter(snapshot):
    return results(snapshot, snapshot.classes[0], periods.of_term(snapshot.terms[0]))


def values(written: str) -> list[MarkValue | None]:
    other = {"зч": MarkValue.PASS, "нз": MarkValue.FAIL, "осв": MarkValue.EXEMPT, ".": None}
    other["н/а"] = MarkValue.NA
    return [other[v] if v in other else MarkValue(v) for v in written.split()]


@pytest.fixture
def golden(school):
    return of_quarter(school(MARKS))


def test_golden_groups_and_means(golden):
    assert {p.student.last: p.standing for p in golden.pupils} == {
        name: GOLDEN_GROUPS[group] for name, group in GOLDEN["group"].items()
    }
    means = ["5,00", "4,80", "4,50", "4,20", "3,60", "3,20", "3,50", "2,80"]
    assert [decimal(pupil.mean) for pupil in golden.pupils] == means


def test_golden_class(golden):
    assert golden.attested == GOLDEN["class"]["N"]
    figures = {
        "uspevaemost": golden.success,
        "kachestvo_students": golden.quality,
        "kachestvo_subjects_mean": golden.quality_by_subjects,
        "sou_students": golden.sou,
        "sou_subjects_mean": golden.sou_by_subjects,
        "avg_pooled": golden.mean,
    }
    shown = {name: decimal(figure).replace(",", ".") for name, figure in figures.items()}
    assert shown == {name: GOLDEN["class"][name] for name in figures}


@pytest.mark.parametrize("title", GOLDEN["subjects"])
def test_golden_subjects(golden, title):
    subject = next(one for one in golden.subjects if one.title == title)
    counted = golden.of_subject(subject)
    figures = {
        "avg": counted.mean,
        "usp": counted.success,
        "kach": counted.quality,
        "sou": counted.sou,
    }
    shown = {name: decimal(figure).replace(",", ".") for name, figure in figures.items()}
    assert shown == GOLDEN["subjects_expected"][title]


@pytest.mark.parametrize(
    ("written", "group"),
    [
        ("2 н/а .", Standing.FAILING),
        ("5 нз", Standing.FAILING),
        ("5 1", Standing.FAILING),
        ("н/а . 5", Standing.NOT_ATTESTED),
        (". 5", Standing.UNMARKED),
        ("осв зч", Standing.NOT_SUBJECT),
        ("", Standing.NOT_SUBJECT),
        ("5 осв зч", Standing.EXCELLENT),
        ("5 4 5", Standing.ONE_FOUR),
        ("4", Standing.ONE_FOUR),
        ("4 4 5", Standing.GOOD),
        ("3 4 5", Standing.ONE_THREE),
        ("3 3 5", Standing.FAIR),
    ],
)
def test_the_first_group_that_fits(written, group):
    assert standing(values(written)) is group


def test_who_left_who_need_not_and_who_has_nothing(school):
    results_ = of_quarter(
        school(
            {
                "Быков": {"Алгебра": "2", "Музыка": "5"},
                "Волков": {"Алгебра": "2", "Музыка": "5"},
                "Гусев": {"Алгебра": "5", "Музыка": ""},
                "Дятлов": {"Алгебра": "", "Музыка": "осв"},
                "Енотов": {"Алгебра": "4"},
            },
            pupils={
                "Быков": {
                    "enrolments": (Enrolment(from_=date(2026, 9, 1), to=date(2026, 10, 25)),)
                },
                "Волков": {"attestation": False},
                "Дятлов": {"exemptions": (Exemption(subject="su1", from_=date(2026, 9, 1)),)},
            },
        )
    )
    assert {pupil.student.last: pupil.standing for pupil in results_.pupils} == {
        "Волков": Standing.NOT_SUBJECT,
        "Гусев": Standing.UNMARKED,
        "Дятлов": Standing.NOT_SUBJECT,
        "Енотов": Standing.ONE_FOUR,
    }
    assert results_.attested == 2
    assert results_.success == 50
    assert results_.mean == Fraction(9, 2)


def test_a_truancy_outweighs_an_excuse(school):
    found = of_quarter(
        school(
            {
                "Аистов": {"Алгебра": "н/а+", "Музыка": "н/а-"},
                "Быков": {"Алгебра": "н/а+", "Музыка": "н/а"},
                "Волков": {"Алгебра": "н/а", "Музыка": "5"},
            }
        )
    )
    assert [pupil.cause for pupil in found.pupils] == [Cause.TRUANCY, Cause.VALID, None]
    assert decimal(found.success) == "0,00"


def test_class_1_and_a_class_without_marks_have_no_figures(school):
    for snapshot in (
        school({"Аистов": {"Музыка": "5"}}, grade=1),
        school({"Аистов": {"Музыка": "н/а"}}),
    ):
        found = of_quarter(snapshot)
        assert {found.success, found.quality, found.sou, found.mean, found.sou_by_subjects} == {
            None
        }
