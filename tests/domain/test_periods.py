"""Which periods a class is marked for."""

from datetime import date

import pytest

from service.domain.codes import TermKind
from service.domain.reckoning import periods
from service.domain.snapshot import Term

QUARTERS = ["I четверть", "II четверть", "III четверть", "IV четверть"]


def titles(snapshot):
    return [period.title for period in periods.of_class(snapshot, snapshot.classes[0])]


@pytest.mark.parametrize(
    ("grade", "expected"),
    [
        (1, []),
        (2, [*QUARTERS, "Годовая"]),
        (9, [*QUARTERS, "Годовая", "Экзаменационная", "Итоговая"]),
        (10, ["I полугодие", "II полугодие", "Годовая"]),
        (11, ["I полугодие", "II полугодие", "Годовая", "Итоговая"]),
    ],
)
def test_periods_by_grade(school, grade, expected):
    assert titles(school({"Аистов": {"Алгебра": ""}}, grade=grade)) == expected


def test_a_class_has_what_it_was_marked_for(school):
    snapshot = school({"Аистов": {"Химия": "h1=5 EXAM=4"}}, grade=11)
    assert titles(snapshot)[-2:] == ["Экзаменационная", "Итоговая"]
    assert titles(school({"Аистов": {"Химия": "5"}}, mark_system="NONE")) == []


def test_a_half_year_of_a_little_taught_subject_follows_its_quarter(school):
    half = Term(
        id="p1", kind=TermKind.HALF, number=1, title="I полугодие", short="1 п.",
        start=date(2026, 9, 1), end=date(2026, 12, 29), grades=(8,),
    )  # fmt: skip
    snapshot = school({"Аистов": {"Музыка": "p1=5", "Алгебра": "q1=5"}})
    snapshot = snapshot.model_copy(update={"terms": (half, *snapshot.terms)})
    assert titles(snapshot)[:3] == ["I четверть", "II четверть", "I полугодие"]
    without = school({"Аистов": {"Музыка": "q2=5"}})
    assert "I полугодие" not in titles(without.model_copy(update={"terms": (half, *without.terms)}))


def test_class_1_has_quarters_for_attendance(school):
    snapshot = school({"Аистов": {}}, grade=1)
    terms = periods.terms(snapshot, snapshot.classes[0])
    assert [term.id for term in terms] == ["q1", "q2", "q3", "q4"]


def test_what_is_over(school):
    snapshot = school({"Аистов": {}})
    all_year = periods.of_class(snapshot, snapshot.classes[0])
    shown = [period.short for period in periods.finished(all_year, date(2026, 12, 29))]
    assert shown == ["1 ч.", "2 ч."]
