"""Summary marks of a class by pupil, subject and period: subgroups of a subject made one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from service.domain.codes import MarkKind, MarkValue
from service.domain.journal import Exemption, Group, SchoolClass, Student, TermMark
from service.domain.reckoning.curriculum import groups_in_order, subject_title
from service.domain.reckoning.headcount import Span, on_roll, span
from service.domain.reckoning.periods import Period
from service.domain.snapshot import Snapshot, Subject

LITTLE_TAUGHT = 1  # hours a week: such a subject may be marked by half-years only (FORMS 2.6)

_Place = tuple[str, str, MarkKind, str | None]
_Row = tuple[str, MarkKind, str | None]


@dataclass(frozen=True, slots=True)
class Gradebook:
    """What a class was marked with; `subjects` are those with any marks, in book order."""

    subjects: tuple[Subject, ...]
    _marks: Mapping[_Place, TermMark]
    _studies: Mapping[tuple[str, str], tuple[Span, ...]]
    _exempt: Mapping[tuple[str, str], tuple[Exemption, ...]]
    _given: frozenset[_Row]
    _owed: frozenset[_Row]

    def mark(self, student: Student, subject: Subject, period: Period) -> TermMark | None:
        """Return the mark the journal holds."""
        return self._marks.get((student.id, subject.id, period.kind, period.term_id))

    def value(self, student: Student, subject: Subject, period: Period) -> MarkValue | None:
        """Return the mark's value; «осв» for who was exempt all through the period (E02)."""
        mark = self.mark(student, subject, period)
        if mark is not None:
            return mark.v
        exempt = any(
            one.from_ <= period.start and (one.to is None or one.to >= period.end)
            for one in self._exempt.get((student.id, subject.id), ())
        )
        return MarkValue.EXEMPT if exempt else None

    def studies(self, student: Student, subject: Subject, day: date) -> bool:
        """Tell whether the pupil belongs to a group of the subject on `day`."""
        return any(day in days for days in self._studies.get((student.id, subject.id), ()))

    def expected(self, student: Student, subject: Subject, period: Period) -> bool:
        """Tell whether a mark has to be there: the pupil is on the roll and studies the subject.

        An exam mark is never expected: not everybody sits every exam. A term's mark is expected
        where others of the class have one, or where lessons were marked more than an hour a week.
        """
        if period.kind is MarkKind.EXAM or not on_roll(student, period.end):
            return False
        if not self.studies(student, subject, period.end):
            return False
        row = (subject.id, period.kind, period.term_id)
        return row in self._given or row in self._owed or period.kind is not MarkKind.TERM


_SUBGROUP = re.compile(r"\s*\([^()]*групп[^()]*\)$", re.IGNORECASE)


def subjects(snapshot: Snapshot, journal: SchoolClass) -> tuple[Subject, ...]:
    """Return the subjects the class is taught, each once, in book order.

    A subject the snapshot does not list is named after its group, without the subgroup.
    """
    titles: dict[str, str] = {}
    for group in groups_in_order(snapshot, journal):
        title = subject_title(snapshot, group)
        titles.setdefault(group.subject, _SUBGROUP.sub("", title) or title)
    return tuple(Subject(id=id_, title=title) for id_, title in titles.items())


def gradebook(snapshot: Snapshot, journal: SchoolClass) -> Gradebook:
    """Return the summary marks of a class.

    Of two marks for one place (the pupil changed the subgroup) the school's own goes before a
    transferred one, the group he is in at the end before one he left, the later before the earlier.
    """
    marked = {group.subject for group in journal.groups if _has_marks(group)}
    ends = {term.id: term.end for term in snapshot.terms}
    best: dict[_Place, tuple[tuple[bool, bool, datetime, int], TermMark]] = {}
    studies: dict[tuple[str, str], list[Span]] = {}
    for group in journal.groups:
        belongs = _belongs(group)
        for student, spans in belongs.items():
            studies.setdefault((student, group.subject), []).extend(spans)
        for order, mark in enumerate(group.term_marks):
            end = ends.get(mark.term or "", snapshot.year.end)
            here = any(end in days for days in belongs.get(mark.student, ()))
            rank = (not mark.transferred, here, mark.at or _LONG_AGO, order)
            place = (mark.student, group.subject, mark.kind, mark.term)
            if place not in best or best[place][0] < rank:
                best[place] = (rank, mark)
    return Gradebook(
        subjects=tuple(one for one in subjects(snapshot, journal) if one.id in marked),
        _marks={place: mark for place, (_, mark) in best.items()},
        _studies={place: tuple(spans) for place, spans in studies.items()},
        _exempt=_exemptions(journal),
        _given=frozenset(
            (subject, kind, term)
            for (_, subject, kind, term), (_, mark) in best.items()
            if not mark.transferred
        ),
        _owed=frozenset(_owed(journal)),
    )


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _has_marks(group: Group) -> bool:
    return bool(group.term_marks) or any(
        cell.marks for lesson in group.lessons for cell in lesson.cells
    )


def _belongs(group: Group) -> dict[str, list[Span]]:
    """Return who belongs to a group and when; who stays to its last lesson never leaves it."""
    last = max((lesson.date for lesson in group.lessons), default=date.max)
    found: dict[str, list[Span]] = {}
    for member in group.members:
        to = None if member.to is None or member.to >= last else member.to
        found.setdefault(member.student, []).append(span(member.from_, to))
    return found


def _exemptions(journal: SchoolClass) -> dict[tuple[str, str], tuple[Exemption, ...]]:
    found: dict[tuple[str, str], tuple[Exemption, ...]] = {}
    for student in journal.students:
        for exemption in student.exemptions:
            place = (student.id, exemption.subject)
            found[place] = (*found.get(place, ()), exemption)
    return found


def _owed(journal: SchoolClass) -> Iterator[_Row]:
    """Yield the subjects and terms whose lessons were marked often enough to be summed up."""
    for group in journal.groups:
        if group.hours_per_week is not None and group.hours_per_week <= LITTLE_TAUGHT:
            continue
        for lesson in group.lessons:
            if any(cell.marks for cell in lesson.cells):
                yield group.subject, MarkKind.TERM, lesson.term
