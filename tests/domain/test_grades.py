"""Rounding and the formulas, one by one."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.codes import MarkValue
from service.domain.reckoning import grades
from service.domain.reckoning.grades import decimal, percent, tally

FIVE, FOUR, THREE, TWO = (MarkValue(str(n)) for n in (5, 4, 3, 2))
NA, EXEMPT, PASS, FAIL = MarkValue.NA, MarkValue.EXEMPT, MarkValue.PASS, MarkValue.FAIL


@pytest.mark.parametrize(
    ("x", "digits", "shown"),
    [
        (Fraction(437, 100), 2, "4,37"),
        (Decimal("2.675"), 2, "2,68"),
        (Fraction(1, 8), 2, "0,13"),
        (Fraction(-1, 8), 2, "−0,13"),
        (Fraction(5, 2), 0, "3"),
        (4, 2, "4,00"),
        (Fraction(1, 3), 1, "0,3"),
        (None, 2, "—"),
    ],
)
def test_half_goes_up_and_zeros_stay(x, digits, shown):
    assert decimal(x, digits) == shown


def test_percent_keeps_its_sign_close():
    assert percent(Fraction(125, 2), 2) == "62,50\u00a0%"
    assert percent(Decimal(100), 0) == "100\u00a0%"
    assert percent(None) == "—"


@given(st.integers(0, 5000), st.integers(1, 5000), st.integers(0, 3))
def test_rounding_is_never_off_by_more_than_half(part, whole, digits):
    exact = Fraction(part, whole)
    off = Fraction(grades.rounded(exact, digits)) - exact
    assert -Fraction(1, 2 * 10**digits) < off <= Fraction(1, 2 * 10**digits)


def test_means_of_thirds_stay_exact():
    thirds = [Fraction(100, 3), Fraction(200, 3), Fraction(37, 1000)]
    assert decimal(grades.mean(thirds), 3) == decimal(Fraction(100037, 3000), 3)
    assert grades.mean([None, 4, None]) == 4
    assert grades.mean([None]) is None


def test_what_is_no_mark_stays_out_of_the_mean():
    counted = tally([FIVE, FOUR, NA, EXEMPT, PASS, FAIL, None])
    assert counted.mean == Fraction(9, 2)
    assert counted.success == counted.quality == Fraction(200, 3)
    assert counted.sou == 82


def test_a_pass_fail_subject_has_success_only():
    counted = tally([PASS, PASS, FAIL, EXEMPT])
    assert counted.success == Fraction(200, 3)
    assert (counted.mean, counted.quality, counted.sou) == (None, None, None)


@pytest.mark.parametrize("values", [[], [NA, NA], [EXEMPT], [None]])
def test_nothing_to_divide_by_is_a_dash(values):
    counted = tally(values)
    figures = counted.mean, counted.success, counted.quality, counted.sou
    assert {percent(figure) for figure in figures} == {"—"}


def test_one_counts_as_a_two_but_weighs_less():
    counted = tally([MarkValue.ONE, FIVE])
    assert (counted.success, counted.sou) == (50, Fraction(107, 2))


@pytest.mark.parametrize(
    ("average", "mark"),
    [("4.5", FIVE), ("4.49", FOUR), ("3.5", FOUR), ("2.5", THREE), ("2.49", TWO)],
)
def test_forecast(average, mark):
    assert grades.forecast(Fraction(average)) is mark
    assert grades.forecast(None) is None


def test_shares():
    assert grades.share(5, 8) == Fraction(125, 2)
    assert grades.per(27, 0) is None
