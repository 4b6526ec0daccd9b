"""The class register as a book: the certified paper copy of an electronic journal (FORMS 3)."""

from __future__ import annotations

from service.documents.kind import Assignment, DocumentKind, Scope
from service.documents.parts import Content
from service.domain import dates, names
from service.domain.approval import Role
from service.domain.retention import Retention
from service.reports.class_register import (
    attendance,
    certification,
    legend,
    movement,
    remarks,
    spreads,
    title,
)
from service.reports.class_register.reading import Reading, read


def content(assignment: Assignment) -> Content:
    """Return the whole register of the assignment's class, in the order it is bound."""
    reading = read(assignment)
    return Content(
        title=f"Классный журнал {names.class_title(reading.journal)} класса, {reading.year_title}",
        sections=(
            title.title(reading),
            title.contents(),
            legend.section(reading),
            *spreads.sections(reading),
            attendance.section(reading),
            movement.section(reading),
            *remarks.sections(reading),
            certification.inscription(reading),
            certification.sheet_of_file(reading),
        ),
        footer=_footer(reading),
        bound=True,
    )


def _footer(reading: Reading) -> str:
    assignment, snapshot = reading.assignment, reading.snapshot
    taken = dates.local(snapshot.source.exported_at, snapshot.school.timezone)
    return (
        f"Сформировано {dates.moment(assignment.issued_at)} · документ {assignment.document}, "
        f"версия {assignment.version} · снимок от {dates.moment(taken)}"
    )


KIND = DocumentKind(
    title="Классный журнал",
    scope=Scope.CLASS,
    retention=Retention.FIVE_YEARS,
    signatories=(Role.DEPUTY, Role.DIRECTOR),
    content=content,
)
