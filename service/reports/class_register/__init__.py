"""The class register as a book: the certified paper copy of an electronic journal (FORMS 3)."""

from __future__ import annotations

from service.documents.kind import Assignment, DocumentKind, Scope
from service.documents.origin import origin
from service.documents.parts import Content
from service.domain.approving.approval import Role
from service.domain.retention import Retention
from service.domain.wording import names
from service.reports.class_register import (
    achievement,
    attendance,
    certification,
    legend,
    movement,
    remarks,
    spreads,
    title,
)
from service.reports.class_register.reading import read


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
            achievement.section(reading),
            *remarks.sections(reading),
            certification.inscription(reading),
            certification.last_sheet(reading),
        ),
        footer=origin(assignment),
        bound=True,
        volume_sheets=assignment.options.volume_sheets,
    )


KIND = DocumentKind(
    title="Классный журнал",
    scope=Scope.CLASS,
    retention=Retention.FIVE_YEARS,
    signatories=(Role.DEPUTY, Role.SEAL, Role.DIRECTOR),
    content=content,
    case_index=lambda options: options.case_index_register,
)
