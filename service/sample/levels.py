"""How well a pupil does: a row of the Student Performance data, shifted a little by subject."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from service.domain.codes import MarkValue, TermKind
from service.domain.snapshot import Term
from service.sample.curriculum import EASE
from service.sample.dice import dice

_DATA = Path(__file__).with_name("data") / "student-mat.csv"
_SPREAD = 0.9  # between a pupil's subjects, in points of 20
_PASSING = 10
_THREE, _FOUR, _FIVE = 9.5, 11.5, 15.5  # 0–9 is 2, 10–11 is 3, 12–15 is 4, 16–20 is 5


@dataclass(frozen=True, slots=True)
class Level:
    """One pupil's points of 20 in three periods, and his absences of a year."""

    absences: int
    points: tuple[int, int, int]


@cache
def levels() -> tuple[Level, ...]:
    """Return the 395 pupils of the data set."""
    with _DATA.open(encoding="utf-8", newline="") as file:
        return tuple(
            Level(int(row["absences"]), (int(row["G1"]), int(row["G2"]), int(row["G3"])))
            for row in csv.DictReader(file)
        )


def chosen(random: Random, count: int, graduating: bool) -> Sequence[Level]:
    """Return the levels of a class, none twice; a graduating class holds those who pass."""
    drawn = random.sample(levels(), len(levels()))
    if graduating:
        drawn.sort(key=lambda level: min(level.points[1:]) < _PASSING)
    return drawn[:count]


def mark(points: float) -> MarkValue:
    """Return the mark for points of 20."""
    if points >= _FIVE:
        return MarkValue.FIVE
    if points >= _FOUR:
        return MarkValue.FOUR
    return MarkValue.THREE if points >= _THREE else MarkValue.TWO


def term_mark(student: str, level: Level, subject: str, term: Term) -> MarkValue:
    """Return the mark a pupil gets for a term: the same in whichever class he is then."""
    first, second, third = level.points
    points = {
        (TermKind.QUARTER, 1): first,
        (TermKind.QUARTER, 2): (first + second) / 2,
        (TermKind.QUARTER, 3): second,
        (TermKind.QUARTER, 4): third,
        (TermKind.HALF, 1): (first + second) / 2,
        (TermKind.HALF, 2): third,
    }[term.kind, term.number]
    shift = dice(student, subject).gauss(0, _SPREAD) + EASE.get(subject, 0)
    return mark(points + shift)
