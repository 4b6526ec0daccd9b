"""How a class stands at the end of a term or of the year (FORMS 2.10.4)."""

from __future__ import annotations

from collections.abc import Iterator

from service.documents import seal
from service.documents.kind import Assignment, DocumentKind, Scope
from service.documents.legend import legend
from service.documents.origin import origin
from service.documents.parts import (
    Align,
    Brick,
    Content,
    Facts,
    Heading,
    Orientation,
    Paragraph,
    Section,
    Signature,
    Signatures,
    Size,
)
from service.domain.approving.approval import Role
from service.domain.codes import MarkValue
from service.domain.reckoning import periods
from service.domain.retention import Retention
from service.domain.wording import dates, names
from service.domain.wording.text import plain
from service.reports.class_results import sheet, summary_line
from service.reports.class_results.standing import ClassAtEnd, class_at_end

TITLE = "Итоги успеваемости класса за учебный период"


def content(assignment: Assignment) -> Content:
    """Return the class sheet and the class's line of the school's summary.

    Without a term the results are those of the year. Raises TermOfOthers for another grade's term.
    """
    at_end = class_at_end(assignment)
    return Content(
        title=f"{TITLE}: {names.class_title(assignment.journal)} класс, {at_end.title}",
        sections=(
            Section(
                body=tuple(_body(assignment, at_end)),
                title=TITLE,
                orientation=Orientation.LANDSCAPE,
            ),
        ),
        footer=origin(assignment),
    )


def _body(assignment: Assignment, at_end: ClassAtEnd) -> Iterator[Brick]:
    snapshot, journal = assignment.snapshot, assignment.journal
    period = at_end.period
    tutor = next((one for one in snapshot.staff if one.id == journal.tutor), None)
    yield Paragraph(plain(snapshot.school.full_name), Align.CENTER)
    yield Heading(
        TITLE.upper(),
        f"{names.class_title(journal)} класс, {at_end.title} "
        f"({dates.span(period.start, period.end)})",
    )
    if tutor:
        yield Paragraph(f"Классный руководитель: {names.surname_initials(tutor)}")
    if periods.is_unmarked(journal):
        yield Paragraph("Безотметочное обучение", Align.CENTER)
    yield Facts(tuple(sheet.figures(at_end, assignment.options)))
    yield sheet.table(at_end, assignment.options)
    yield Heading("Сводные данные об успеваемости класса")
    yield summary_line.table(at_end)
    if unjudged := summary_line.unjudged(at_end):
        yield Paragraph(unjudged, size=Size.SMALL)
    if signs := _legend(at_end):
        yield Paragraph(signs, size=Size.SMALL)
    yield Signatures(tuple(_signatures(assignment, names.initials_surname(tutor) if tutor else "")))


def _legend(at_end: ClassAtEnd) -> str:
    used = {value for pupil in at_end.results.pupils for value in pupil.values.values()}
    return legend({value for value in MarkValue if value in used})


def _signatures(assignment: Assignment, tutor: str) -> Iterator[Signature]:
    """The class teacher prepares, the deputy checks; the director signs where the route has him."""
    school, options = assignment.snapshot.school, assignment.options
    deputy = next(iter(school.deputies), None)
    yield Signature("Классный руководитель", tutor)
    yield Signature(
        plain(options.deputy_post),
        names.initials_surname_of(deputy.name) if deputy else "",
        role=Role.DEPUTY if Role.DEPUTY in options.signing_route else None,
    )
    if Role.DIRECTOR in options.signing_route:
        yield Signature(
            plain(options.director_post),
            names.initials_surname_of(school.director.name),
            role=Role.DIRECTOR,
        )
        yield from seal.places(options)


KIND = DocumentKind(
    title=TITLE,
    scope=Scope.CLASS_TERM,
    retention=Retention.FIVE_YEARS,
    signatories=(Role.DEPUTY, Role.SEAL, Role.DIRECTOR),
    content=content,
    case_index=lambda options: options.case_index_reports,
)
