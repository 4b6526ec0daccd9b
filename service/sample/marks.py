"""Marks: current ones around a pupil's level, so that mostly their mean gives the term's mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from service.domain.codes import LessonKind, MarkKind, MarkValue
from service.domain.journal import TermMark
from service.domain.snapshot import Term
from service.sample import levels, year
from service.sample.curriculum import Course
from service.sample.dice import dice
from service.sample.roster import ClassKey, Pupil, Trait

NUMERIC = frozenset({MarkValue.FIVE, MarkValue.FOUR, MarkValue.THREE, MarkValue.TWO})
WITHOUT_FIRST_QUARTER = 2  # the grade that is marked from its second quarter on (E17)

_DISAGREE = 0.04  # of term marks do not follow from the mean
_FEWEST = 3
_SHARE, _SHARE_OF_RARE = 0.27, 0.42  # of lessons bring a mark; of lessons once or twice a week
_RARE = 2
_DOUBLE = 0.5
_CENTS = Decimal("0.01")
_WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class TermOfPupil:
    """A pupil's term in a group: lesson → marks, and the term's mark if there is one."""

    cells: Mapping[int, tuple[MarkValue, ...]]
    mark: TermMark | None


def is_marked(key: ClassKey, course: Course, term: Term) -> bool:
    """Tell whether current marks are given at all."""
    first = key.grade == WITHOUT_FIRST_QUARTER and term.number == 1
    return key.grade > 1 and course.graded and not first


def term_of_pupil(
    pupil: Pupil,
    key: ClassKey,
    course: Course,
    term: Term,
    held: int,
    present: Sequence[tuple[int, LessonKind]],
) -> TermOfPupil:
    """Return a pupil's marks of a term.

    `held` is the number of lessons in it, `present` those he was at, with their kinds.
    """
    unmarked = course.graded and not is_marked(key, course, term)
    if key.grade == 1 or not held or unmarked:
        return TermOfPupil({}, None)
    at_end = pupil.on_roll(term.end)
    if (settled := _settled(pupil, course)) is not None:
        return TermOfPupil({}, _term_mark(pupil, term, settled) if at_end else None)
    value = levels.term_mark(pupil.id, pupil.level, course.subject, term)
    if Trait.HOME_SCHOOLED in pupil.traits:
        return TermOfPupil({}, _term_mark(pupil, term, value))
    if not present:
        mark = _term_mark(pupil, term, MarkValue.NA, reason="VALID") if at_end else None
        return TermOfPupil({}, mark)
    random = dice(pupil.id, course.subject, term.id)
    cells = _spread(int(value.value), course, present, random)
    given = [int(mark.value) for marks in cells.values() for mark in marks]
    mean = (Decimal(sum(given)) / len(given)).quantize(_CENTS, ROUND_HALF_UP)
    return TermOfPupil(cells, _term_mark(pupil, term, value, mean) if at_end else None)


def brought(
    pupil: Pupil, key: ClassKey, course: Course, terms: Sequence[Term]
) -> tuple[TermMark, ...]:
    """Return the marks of terms that ended before the pupil arrived (E06, certificates)."""
    first, _ = pupil.spells[0]
    if not pupil.brings_marks:
        return ()
    return tuple(
        _term_mark(
            pupil,
            term,
            levels.term_mark(pupil.id, pupil.level, course.subject, term),
            transferred=pupil.brought_from_school,
        )
        for term in terms
        if term.end < first and is_marked(key, course, term)
    )


def year_mark(pupil: Pupil, marks: Sequence[TermMark]) -> MarkValue | None:
    """Return the mark for the year: the mean of the terms', half up."""
    if not pupil.on_roll(year.END) or not marks or Trait.NOT_ATTESTED in pupil.traits:
        return None
    values = [mark.v for mark in marks]
    numbers = [int(value.value) for value in values if value in NUMERIC]
    if numbers:
        return MarkValue(str(half_up(numbers)))
    return values[-1]


def half_up(numbers: Sequence[int]) -> int:
    """Return the mean of whole marks, rounded half up."""
    return int((Decimal(sum(numbers)) / len(numbers)).quantize(_WHOLE, ROUND_HALF_UP))


def summed(pupil: Pupil, kind: MarkKind, value: MarkValue) -> TermMark:
    """Return a mark of the year, an exam, or a final one."""
    return TermMark(student=pupil.id, kind=kind, v=value, at=year.moment(year.END, 15))


def _settled(pupil: Pupil, course: Course) -> MarkValue | None:
    """Return the mark that does not depend on how well a pupil does, if there is one."""
    if course.subject == "pe" and Trait.EXEMPT_FROM_PE in pupil.traits:
        return MarkValue.EXEMPT
    return None if course.graded else MarkValue.PASS


def _term_mark(
    pupil: Pupil,
    term: Term,
    value: MarkValue,
    mean: Decimal | None = None,
    *,
    reason: str | None = None,
    transferred: bool = False,
) -> TermMark:
    return TermMark(
        student=pupil.id,
        term=term.id,
        kind=MarkKind.TERM,
        v=value,
        avg=mean,
        na_reason="VALID" if reason else None,
        at=None if transferred else year.moment(term.end, 15),
        transferred=transferred,
    )


def _spread(
    level: int, course: Course, present: Sequence[tuple[int, LessonKind]], random: Random
) -> dict[int, tuple[MarkValue, ...]]:
    share = _SHARE_OF_RARE if course.hours <= _RARE else _SHARE
    works = [lesson for lesson, kind in present if kind is LessonKind.CONTROL]
    others = [lesson for lesson, kind in present if kind is not LessonKind.CONTROL]
    wanted = max(_FEWEST, round(len(present) * share)) - len(works)
    chosen = sorted([*works, *random.sample(others, min(len(others), max(wanted, 0)))])
    double = {
        lesson for lesson in works if course.subject == "rus" and random.random() < _DOUBLE
    }  # E11: for contents and for spelling
    values = _around(level, len(chosen) + len(double), random)
    cells: dict[int, tuple[MarkValue, ...]] = {}
    for lesson in chosen:
        count = 2 if lesson in double else 1
        cells[lesson] = tuple(MarkValue(str(values.pop())) for _ in range(count))
    return cells


def _around(level: int, count: int, random: Random) -> list[int]:
    """Return marks whose mean rounds to a level, but for a few pupils."""
    steps = random.choices((-1, 0, 1), (22, 56, 22), k=count)
    values = [min(5, max(2, level + step)) for step in steps]
    if random.random() < _DISAGREE:
        return values
    while half_up(values) != level:
        worst = max(values) if half_up(values) > level else min(values)
        values[values.index(worst)] = level
    return values
