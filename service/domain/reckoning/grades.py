"""Averages, percentages and СОУ of marks: exact inside, rounded half up when printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from types import MappingProxyType

from service.domain.codes import MarkValue
from service.domain.wording.text import NBSP

DASH = "—"

Exact = Fraction | Decimal | int

POINTS: Mapping[MarkValue, int] = MappingProxyType(
    {
        MarkValue.FIVE: 5,
        MarkValue.FOUR: 4,
        MarkValue.THREE: 3,
        MarkValue.TWO: 2,
        MarkValue.ONE: 1,
    }
)
SIMONOV: Mapping[MarkValue, int] = MappingProxyType(
    {
        MarkValue.FIVE: 100,
        MarkValue.FOUR: 64,
        MarkValue.THREE: 36,
        MarkValue.TWO: 16,
        MarkValue.ONE: 7,
    }
)


def rounded(x: Exact, digits: int = 2) -> Decimal:
    """Return the number with that many digits after the point; a half goes away from zero."""
    scaled = floor(abs(Fraction(x)) * 10**digits + Fraction(1, 2))
    return Decimal(-scaled if x < 0 else scaled).scaleb(-digits)


def decimal(x: Exact | None, digits: int = 2) -> str:
    """Return «4,37», or «—» where there is no number."""
    if x is None:
        return DASH
    return f"{rounded(x, digits):f}".replace(".", ",").replace("-", "−")


def percent(x: Exact | None, digits: int = 2) -> str:
    """Return «62,50 %» of a number of per cent, or «—» where there is none."""
    return DASH if x is None else f"{decimal(x, digits)}{NBSP}%"


def per(part: Exact, whole: Exact) -> Fraction | None:
    """Return part / whole, or None for a whole of nothing: pupils a class, marks a pupil."""
    return Fraction(part) / Fraction(whole) if whole else None


def share(part: Exact, whole: Exact) -> Fraction | None:
    """Return how many per cent of the whole the part is; None for a whole of nothing."""
    ratio = per(part, whole)
    return None if ratio is None else 100 * ratio


def mean(numbers: Iterable[Exact | None]) -> Fraction | None:
    """Return the arithmetic mean of the numbers there are; None if there are none."""
    known = [Fraction(number) for number in numbers if number is not None]
    return per(sum(known, Fraction(0)), len(known))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of each value, and what follows from it; a double mark counts as two.

    None counts empty places: they enter no figure.
    """

    counts: Mapping[MarkValue | None, int]

    def of(self, *values: MarkValue | None) -> int:
        """Return how many there are of these values together."""
        return sum(self.counts.get(value, 0) for value in values)

    @property
    def marks(self) -> int:
        """Marks from 5 to 1."""
        return self.of(*POINTS)

    @property
    def mean(self) -> Fraction | None:
        """Средний балл over 5 to 1."""
        return per(self._weighed(POINTS), self.marks)

    @property
    def success(self) -> Fraction | None:
        """Успеваемость in per cent: «н/а» fails, «осв» is out; without marks зч of зч and нз."""
        if self.marks:
            good = self.of(MarkValue.FIVE, MarkValue.FOUR, MarkValue.THREE)
            return share(good, self.marks + self.of(MarkValue.NA))
        return share(self.of(MarkValue.PASS), self.of(MarkValue.PASS, MarkValue.FAIL))

    @property
    def quality(self) -> Fraction | None:
        """Качество знаний in per cent: 5 and 4 of the marks and «н/а»."""
        if not self.marks:
            return None
        good = self.of(MarkValue.FIVE, MarkValue.FOUR)
        return share(good, self.marks + self.of(MarkValue.NA))

    @property
    def sou(self) -> Fraction | None:
        """СОУ in per cent by Simonov's weights; «н/а» is left out."""
        return per(self._weighed(SIMONOV), self.marks)

    def _weighed(self, weights: Mapping[MarkValue, int]) -> int:
        return sum(weight * self.of(value) for value, weight in weights.items())


def tally(values: Iterable[MarkValue | None]) -> Tally:
    """Count values of one subject, one pupil or a whole class."""
    return Tally(Counter(values))


_THRESHOLDS = (
    (Fraction(9, 2), MarkValue.FIVE),
    (Fraction(7, 2), MarkValue.FOUR),
    (Fraction(5, 2), MarkValue.THREE),
)


def forecast(average: Fraction | None) -> MarkValue | None:
    """Return the mark a mean of current marks points to, half up; never taken for a real one."""
    if average is None:
        return None
    return next((mark for least, mark in _THRESHOLDS if average >= least), MarkValue.TWO)
