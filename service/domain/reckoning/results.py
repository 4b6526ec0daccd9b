"""How pupils of a class stand by their marks, in nine groups, and its figures (FORMS 2.3-2.5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from types import MappingProxyType

from service.domain.codes import MarkValue
from service.domain.journal import SchoolClass, Student
from service.domain.reckoning.gradebook import Gradebook, gradebook
from service.domain.reckoning.grades import POINTS, SIMONOV, Tally, mean, per, share, tally
from service.domain.reckoning.headcount import at_end
from service.domain.reckoning.periods import Period, is_unmarked
from service.domain.snapshot import Snapshot, Subject
from service.domain.wording.names import in_order


class Standing(Enum):
    """How a pupil stands; everybody falls into exactly one group, tested from top to bottom."""

    FAILING = "Не успевают"
    NOT_ATTESTED = "Не аттестованы"
    UNMARKED = "Не выставлено отметок"
    NOT_SUBJECT = "Не подлежат аттестации"
    EXCELLENT = "Успевают на «5»"
    ONE_FOUR = "Успевают с одной «4»"
    GOOD = "Успевают на «4» и «5»"
    ONE_THREE = "Успевают с одной «3»"
    FAIR = "Успевают на «3», «4» и «5»"


class Cause(Enum):
    """Why a pupil is not attested."""

    VALID = "по уважительной причине"
    TRUANCY = "по прогулам"


_FAILED = frozenset({MarkValue.TWO, MarkValue.ONE, MarkValue.FAIL})
_GOOD = (Standing.EXCELLENT, Standing.ONE_FOUR, Standing.GOOD)
_SUCCEEDING = (*_GOOD, Standing.ONE_THREE, Standing.FAIR)
_WEIGHTS: Mapping[Standing, int] = MappingProxyType(
    {
        Standing.EXCELLENT: SIMONOV[MarkValue.FIVE],
        Standing.ONE_FOUR: SIMONOV[MarkValue.FOUR],
        Standing.GOOD: SIMONOV[MarkValue.FOUR],
        Standing.ONE_THREE: SIMONOV[MarkValue.THREE],
        Standing.FAIR: SIMONOV[MarkValue.THREE],
        Standing.FAILING: SIMONOV[MarkValue.TWO],
    }
)


def standing(values: Collection[MarkValue | None]) -> Standing:
    """Return the group of a pupil with these marks, one per subject; None is an empty place."""
    if _FAILED.intersection(values):
        return Standing.FAILING
    if MarkValue.NA in values:
        return Standing.NOT_ATTESTED
    if None in values:
        return Standing.UNMARKED
    points = [POINTS[value] for value in values if value is not None and value in POINTS]
    if not points:
        return Standing.NOT_SUBJECT
    once = points.count(min(points)) == 1
    return {
        POINTS[MarkValue.FIVE]: Standing.EXCELLENT,
        POINTS[MarkValue.FOUR]: Standing.ONE_FOUR if once else Standing.GOOD,
        POINTS[MarkValue.THREE]: Standing.ONE_THREE if once else Standing.FAIR,
    }[min(points)]


@dataclass(frozen=True, slots=True)
class PupilResult:
    """A pupil's marks of a period by subject id, in book order; None where one is expected."""

    student: Student
    values: Mapping[str, MarkValue | None]
    standing: Standing
    judged: bool  # False: not to be attested by the school's decision; enters no figure
    cause: Cause | None  # of who is not attested

    @property
    def failed(self) -> tuple[str, ...]:
        """Ids of the subjects with 2, 1 or нз."""
        return self.with_value(*_FAILED)

    @property
    def mean(self) -> Fraction | None:
        """Средний балл of the pupil."""
        return tally(self.values.values()).mean

    def with_value(self, *values: MarkValue) -> tuple[str, ...]:
        """Return the ids of the subjects marked with one of these values."""
        return tuple(subject for subject, value in self.values.items() if value in values)


@dataclass(frozen=True, slots=True)
class ClassResults:
    """A class at the end of a period: everybody on the roll, in the order of the list."""

    subjects: tuple[Subject, ...]
    pupils: tuple[PupilResult, ...]

    def those(self, *standings: Standing) -> tuple[PupilResult, ...]:
        """Return the pupils of these groups."""
        return tuple(pupil for pupil in self.pupils if pupil.standing in standings)

    def number(self, *standings: Standing) -> int:
        """Return how many pupils these groups hold together."""
        return len(self.those(*standings))

    @property
    def attested(self) -> int:
        """N, подлежат аттестации; who is not attested stays in N."""
        return len(self.pupils) - self.number(Standing.NOT_SUBJECT)

    @property
    def succeeding(self) -> int:
        """Pupils who succeed in everything."""
        return self.number(*_SUCCEEDING)

    @property
    def good(self) -> int:
        """Pupils with 5 and 4 only."""
        return self.number(*_GOOD)

    @property
    def success(self) -> Fraction | None:
        """Абсолютная успеваемость of the class in per cent of N."""
        return share(self.succeeding, self._whole)

    @property
    def quality(self) -> Fraction | None:
        """«Общий % кач. зн. класса»: by pupils, in per cent of N."""
        return share(self.good, self._whole)

    @property
    def quality_by_subjects(self) -> Fraction | None:
        """«Общий % кач. зн. по предметам»: the mean of the subjects' percentages."""
        return mean(self.of_subject(subject).quality for subject in self.subjects)

    @property
    def sou(self) -> Fraction | None:
        """СОУ of the class by the groups of pupils, in per cent of N."""
        points = sum(_WEIGHTS.get(pupil.standing, 0) for pupil in self.pupils)
        return per(points, self._whole)

    @property
    def sou_by_subjects(self) -> Fraction | None:
        """СОУ of the class as the mean of the subjects' СОУ."""
        return mean(self.of_subject(subject).sou for subject in self.subjects)

    @property
    def mean(self) -> Fraction | None:
        """Общий средний балл: over all marks of the class together."""
        return self.all.mean

    @property
    def all(self) -> Tally:
        """Every mark of the class together."""
        return tally(value for pupil in self._counted for value in pupil.values.values())

    def of_subject(self, subject: Subject) -> Tally:
        """Return the marks of one subject."""
        return tally(
            pupil.values[subject.id] for pupil in self._counted if subject.id in pupil.values
        )

    @property
    def _counted(self) -> tuple[PupilResult, ...]:
        return tuple(pupil for pupil in self.pupils if pupil.judged)

    @property
    def _whole(self) -> int:
        """N, or 0 where the class has no marks 5 to 1: its figures are «—» then (E01, E17)."""
        return self.attested if self.all.marks else 0


def results(snapshot: Snapshot, journal: SchoolClass, period: Period) -> ClassResults:
    """Return how a class stands at the end of a period; who left before is not there."""
    book = gradebook(snapshot, journal)
    students = in_order(at_end(journal, period.term or snapshot.year))
    unmarked = is_unmarked(journal)
    return ClassResults(
        book.subjects,
        tuple(
            _result(book, student, period, judged=student.attestation and not unmarked)
            for student in students
        ),
    )


def _result(book: Gradebook, student: Student, period: Period, *, judged: bool) -> PupilResult:
    values = {
        subject.id: value
        for subject in book.subjects
        if (value := book.value(student, subject, period)) is not None
        or book.expected(student, subject, period)
    }
    found = standing(values.values()) if judged else Standing.NOT_SUBJECT
    cause = _cause(book, student, period) if found is Standing.NOT_ATTESTED else None
    return PupilResult(student, values, found, judged, cause)


def _cause(book: Gradebook, student: Student, period: Period) -> Cause | None:
    """One subject missed by truancy weighs more than any excuse."""
    marks = (book.mark(student, subject, period) for subject in book.subjects)
    given = {mark.na_reason for mark in marks if mark and mark.v is MarkValue.NA}
    if "TRUANCY" in given:
        return Cause.TRUANCY
    return Cause.VALID if "VALID" in given else None
