"""What every part of a class register asks of the snapshot, worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from service.documents.kind import Assignment
from service.documents.options import GlyphSet, PrintOptions
from service.domain.journal import Group, SchoolClass, Student
from service.domain.reckoning import curriculum, periods
from service.domain.reckoning.movement import notes
from service.domain.reckoning.periods import Period
from service.domain.snapshot import Glyphs, Snapshot, Staff
from service.domain.wording import dates, names


@dataclass(frozen=True, slots=True)
class Reading:
    """A class's journal as its register reads it."""

    assignment: Assignment
    pupils: tuple[Student, ...]  # in the order of the list, with those who left
    listed: Mapping[str, str]  # «Фамилия Имя» by pupil
    full: Mapping[str, str]  # «Фамилия Имя Отчество» by pupil
    notes: Mapping[str, str]  # «выбыл 12.12.2026, приказ № …» by pupil, where there is one
    staff: Mapping[str, Staff]
    periods: tuple[Period, ...]  # with marks, in the order they are printed
    groups: tuple[Group, ...]  # with a lesson or more, in the order of the curriculum
    glyphs: Glyphs
    seen_on: date  # the day of the snapshot at the school

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot of this class alone."""
        return self.assignment.snapshot

    @property
    def journal(self) -> SchoolClass:
        """The class."""
        return self.assignment.journal

    @property
    def options(self) -> PrintOptions:
        """What the school chose."""
        return self.assignment.options

    @property
    def graded(self) -> bool:
        """Whether marks are given at all; in class 1 they are not (E01)."""
        return not periods.is_unmarked(self.journal)

    @property
    def year_title(self) -> str:
        """«2026/2027 учебный год»."""
        return f"{self.snapshot.year.label} учебный год"

    @property
    def of_class_and_year(self) -> str:
        """«8А класса за 2026/2027 учебный год»."""
        return f"{names.class_title(self.journal)} класса за {self.year_title}"

    def person(self, staff_id: str) -> str:
        """Return a member of staff as «Петров П.П.»."""
        return names.surname_initials(self.staff[staff_id])


def read(assignment: Assignment) -> Reading:
    """Prepare what the parts of the register of the assignment's class are made of."""
    snapshot, journal = assignment.snapshot, assignment.journal
    source = snapshot.source
    return Reading(
        assignment=assignment,
        pupils=names.in_order(journal.students),
        listed=names.on_list(journal.students),
        full=names.in_full(journal.students),
        notes=notes(journal, snapshot.year),
        staff={person.id: person for person in snapshot.staff},
        periods=periods.of_class(snapshot, journal),
        groups=tuple(g for g in curriculum.groups_in_order(snapshot, journal) if g.lessons),
        glyphs=source.glyphs if assignment.options.glyph_set is GlyphSet.SOURCE else Glyphs(),
        seen_on=dates.local(source.exported_at, snapshot.school.timezone).date(),
    )
