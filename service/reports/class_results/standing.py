"""The class and the period a sheet of results is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.documents.kind import Assignment
from service.domain.errors import Rejected
from service.domain.reckoning import attendance, periods
from service.domain.reckoning.attendance import Absences
from service.domain.reckoning.periods import Period
from service.domain.reckoning.results import ClassResults, results
from service.domain.wording import names


class TermOfOthers(Rejected):
    """The term asked for is not one of the class's."""

    code = "term-of-other-grades"
    title = "У этого класса нет такого учебного периода"


@dataclass(frozen=True, slots=True)
class ClassAtEnd:
    """A class at the end of a period, with everything a line about a pupil needs."""

    class_title: str  # «8А»
    period: Period
    title: str  # «I четверть 2026/2027 учебного года», «2026/2027 учебный год»
    results: ClassResults
    printed: Mapping[str, str]  # «Фамилия Имя» by pupil
    absences: Mapping[str, Absences]  # of the period, by pupil

    def subject(self, id_: str) -> str:
        """Return a subject's title."""
        return next(one.title for one in self.results.subjects if one.id == id_)


def class_at_end(assignment: Assignment) -> ClassAtEnd:
    """Work out what the assignment asks: a term's results, or the year's if it names no term."""
    snapshot, journal, term = assignment.snapshot, assignment.journal, assignment.term
    class_title = names.class_title(journal)
    if term is None:
        period = periods.of_year(snapshot.year)
        title = f"{snapshot.year.label} учебный год"
    elif journal.grade in term.grades:
        period = periods.of_term(term)
        title = f"{period.title} {snapshot.year.label} учебного года"
    else:
        raise TermOfOthers(
            f"«{term.title}» не относится к {class_title} классу: выберите другой период."
        )
    record = attendance.record(journal)
    return ClassAtEnd(
        class_title=class_title,
        period=period,
        title=title,
        results=results(snapshot, journal, period),
        printed=names.on_list(journal.students),
        absences={
            student.id: record.of(student.id, period.start, period.end)
            for student in journal.students
        },
    )
