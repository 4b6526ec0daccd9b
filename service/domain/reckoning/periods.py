"""The periods a class is marked for: its terms, the year, exams and final marks (FORMS 2.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.domain.codes import MarkKind, TermKind
from service.domain.journal import SchoolClass
from service.domain.snapshot import Snapshot, Term, Year
from service.domain.wording.text import plain

UNMARKED_GRADE = 1
YEARLY, EXAM, FINAL = "Годовая", "Экзаменационная", "Итоговая"


@dataclass(frozen=True, slots=True)
class Period:
    """What one summary mark sums up; `term` only where `kind` is TERM."""

    kind: MarkKind
    title: str  # «I четверть», «Годовая»
    short: str  # «1 ч.», «Год»
    start: date
    end: date
    term: Term | None = None

    @property
    def term_id(self) -> str | None:
        """The term's id, as summary marks name it."""
        return self.term.id if self.term else None


def is_unmarked(journal: SchoolClass) -> bool:
    """Tell whether the class is taught without marks: class 1, or a class that says so (E01)."""
    return journal.grade == UNMARKED_GRADE or journal.mark_system == "NONE"


def terms(snapshot: Snapshot, journal: SchoolClass) -> tuple[Term, ...]:
    """Return the terms of the class's own scheme in order of time; class 1 has them as well."""
    return tuple(
        term
        for term in _in_order(snapshot)
        if term.kind is journal.term_scheme and journal.grade in term.grades
    )


def of_class(snapshot: Snapshot, journal: SchoolClass) -> tuple[Period, ...]:
    """Return every period with marks, in the order they are printed; none for class 1.

    Terms of another scheme (half-years of a one-hour subject) count where the class has marks for
    them. Exam and final marks belong to class 9, final marks to class 11, and to whoever has some.
    """
    if is_unmarked(journal):
        return ()
    given = {(mark.kind, mark.term) for group in journal.groups for mark in group.term_marks}
    given |= {(mark.kind, mark.term) for mark in journal.conduct}
    kinds = {kind for kind, _ in given}
    own = {term.id for term in terms(snapshot, journal)}
    rows = [
        of_term(term)
        for term in _in_order(snapshot)
        if term.id in own or (MarkKind.TERM, term.id) in given
    ]
    rows.append(of_year(snapshot.year))
    if journal.grade in _WITH_EXAMS or MarkKind.EXAM in kinds:
        rows.append(_over_the_year(MarkKind.EXAM, EXAM, "Экз.", snapshot.year))
    if journal.grade in _WITH_FINAL_MARKS or MarkKind.FINAL in kinds:
        rows.append(_over_the_year(MarkKind.FINAL, FINAL, "Итог.", snapshot.year))
    return tuple(rows)


def of_term(term: Term) -> Period:
    """Return the period of a term's marks."""
    return Period(MarkKind.TERM, plain(term.title), plain(term.short), term.start, term.end, term)


def of_year(year: Year) -> Period:
    """Return the period of the year's marks."""
    return _over_the_year(MarkKind.YEAR, YEARLY, "Год", year)


def finished(periods: tuple[Period, ...], day: date) -> tuple[Period, ...]:
    """Return the periods that are over on `day`, its evening included."""
    return tuple(period for period in periods if period.end <= day)


def scheme_name(scheme: TermKind) -> str:
    """Return how a year is divided, in the plural: «четверти»."""
    return _SCHEMES[scheme]


_WITH_EXAMS = (9,)
_WITH_FINAL_MARKS = (9, 11)
_SCHEMES = {
    TermKind.QUARTER: "четверти",
    TermKind.HALF: "полугодия",
    TermKind.TRIMESTER: "триместры",
    TermKind.MODULE: "модули",
}


def _over_the_year(kind: MarkKind, title: str, short: str, year: Year) -> Period:
    return Period(kind, title, short, year.start, year.end)


def _in_order(snapshot: Snapshot) -> tuple[Term, ...]:
    """Of two terms that end together the shorter stands first: II четверть, I полугодие."""
    return tuple(sorted(snapshot.terms, key=lambda term: (term.end, -term.start.toordinal())))
