"""The school year and its terms as runs need them: which end when, and for which classes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from service.domain.codes import TermKind

FIRST_MONTH = 8  # of a school year: what is ordered in August is for the year to come
FIRST_MARKED_GRADE = 2


@dataclass(frozen=True, slots=True)
class SchoolTerm:
    """A term of a school year."""

    id: str
    kind: TermKind
    number: int
    title: str
    start: date
    end: date
    grades: tuple[int, ...]

    def concerns(self, grade: int, scheme: TermKind) -> bool:
        """Tell whether a class of this grade and scheme is marked for the term."""
        return grade >= FIRST_MARKED_GRADE and grade in self.grades and scheme is self.kind


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """A school year as the newest snapshot tells it."""

    label: str
    timezone: str
    terms: tuple[SchoolTerm, ...]

    def term(self, id_: str) -> SchoolTerm | None:
        """Return a term by id."""
        return next((one for one in self.terms if one.id == id_), None)


def label_of(day: date) -> str:
    """Return the school year a day belongs to, «2026/2027»: from August to July."""
    first = day.year if day.month >= FIRST_MONTH else day.year - 1
    return f"{first}/{first + 1}"


def is_label(text: str) -> bool:
    """Tell whether a text names a school year: two years, one after the other."""
    found = re.fullmatch(r"([1-9][0-9]{3})/([1-9][0-9]{3})", text)
    return found is not None and int(found[2]) == int(found[1]) + 1


def marked_terms(year: SchoolYear) -> tuple[SchoolTerm, ...]:
    """Return the terms with marks, those that end first first."""
    marked = (one for one in year.terms if any(g >= FIRST_MARKED_GRADE for g in one.grades))
    return tuple(sorted(marked, key=lambda one: (one.end, one.number, one.id)))


def last_over(
    terms: Iterable[SchoolTerm], grade: int, scheme: TermKind, day: date
) -> SchoolTerm | None:
    """Return the last term of a class that is over on a day."""
    over = [one for one in terms if one.concerns(grade, scheme) and one.end < day]
    return max(over, key=lambda one: one.end, default=None)
