"""The final-grade summary of a class: the book that is kept for 25 years (FORMS 3.9)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from service.documents import seal
from service.documents.certification import certification_sheet, sheets
from service.documents.grade_summary import grade_summary
from service.documents.kind import Assignment, DocumentKind, Scope
from service.documents.legend import legend
from service.documents.origin import origin
from service.documents.parts import (
    Align,
    Brick,
    Content,
    Heading,
    Orientation,
    Paragraph,
    Section,
    Signature,
    Signatures,
    Size,
    Start,
)
from service.domain.approving.approval import Role
from service.domain.codes import MarkKind, MarkValue
from service.domain.errors import Fault, Rejected
from service.domain.journal import SchoolClass
from service.domain.reckoning import headcount, periods
from service.domain.reckoning.gradebook import gradebook
from service.domain.reckoning.grades import DASH
from service.domain.retention import Retention
from service.domain.snapshot import Snapshot
from service.domain.wording import names, words
from service.domain.wording.text import NBSP, plain

KEPT = Retention.TWENTY_FIVE_YEARS
BINDING = 30  # millimetres: a file kept for more than ten years
FAULTS_SHOWN = 100
APART = f" {NBSP}{NBSP}{NBSP}"  # between notes on one line

_FINAL = (MarkKind.YEAR, MarkKind.FINAL)


class SummaryNotFinal(Rejected):
    """The journal is not ready for a summary that nobody may change afterwards."""

    code = "summary-not-final"
    title = "Итоги года ещё не полны"


def content(assignment: Assignment) -> Content:
    """Return the summary of the assignment's class.

    Raises SummaryNotFinal, naming pupils by their number on the list, while the year is open, the
    movement does not balance or a year or final mark is missing.
    """
    snapshot, journal = assignment.snapshot, assignment.journal
    _refuse_unfinished(snapshot, journal)
    title = f"Сводная ведомость итоговых {assignment.options.mark_word}"
    class_title = names.class_title(journal)
    return Content(
        title=f"{title} {class_title} класса за {snapshot.year.label} учебный год",
        sections=(
            Section(
                body=tuple(_body(assignment, title.upper())),
                title=title,
                chapter=title,
                start=Start.ODD,
                orientation=Orientation.LANDSCAPE,
            ),
            certification_sheet(
                plain(assignment.options.case_index_summary),
                plain(assignment.options.secretary_post),
                names.initials_surname_of(snapshot.school.secretary.name)
                if snapshot.school.secretary
                else "",
            ),
        ),
        binding=BINDING,
        footer=origin(assignment),
        bound=True,
    )


def _body(assignment: Assignment, title: str) -> Iterator[Brick]:
    snapshot, journal, options = assignment.snapshot, assignment.journal, assignment.options
    rows = periods.of_class(snapshot, journal)
    under = f"{names.class_title(journal)} класса за {snapshot.year.label} учебный год"
    yield Paragraph(plain(snapshot.school.full_name), Align.CENTER)
    yield Heading(title, under)
    if not rows:
        yield Paragraph("Безотметочное обучение", Align.CENTER)
    yield grade_summary(snapshot, journal, rows, blank=DASH)
    yield Paragraph(_legend(journal), size=Size.SMALL)
    yield Signatures(tuple(_signatures(assignment)))
    text = plain(options.certification_text)
    yield Paragraph(lambda totals: f"{text} {sheets(totals)}", size=Size.LARGE)
    yield Paragraph(
        f"Индекс дела по номенклатуре: {plain(options.case_index_summary)}.{APART}"
        f"Срок хранения: {KEPT:d}{NBSP}{words.noun(KEPT, words.YEAR)}.{APART}"
        f"Экземпляр №{NBSP}{assignment.copy}."
    )


def _legend(journal: SchoolClass) -> str:
    marks = [mark for group in journal.groups for mark in group.term_marks]
    italics = ("курсив — отметки из справки прежней школы",)
    return legend(
        (*MarkValue,) if marks else (),
        *(italics if any(mark.transferred for mark in marks) else ()),
        f"«{DASH}» — отметка не выставлялась",
        "затенённая ячейка — обучающийся не числился в классе",
    )


def _signatures(assignment: Assignment) -> Iterator[Signature]:
    snapshot, options = assignment.snapshot, assignment.options
    tutor = next((one for one in snapshot.staff if one.id == assignment.journal.tutor), None)
    deputy = next(iter(snapshot.school.deputies), None)
    route = options.signing_route
    yield Signature("Классный руководитель", names.initials_surname(tutor) if tutor else "")
    yield Signature(
        plain(options.deputy_post),
        names.initials_surname_of(deputy.name) if deputy else "",
        role=Role.DEPUTY if Role.DEPUTY in route else None,
        preface="Проверено. Соответствует данным электронного журнала.",
    )
    yield Signature(
        plain(options.director_post),
        names.initials_surname_of(snapshot.school.director.name),
        role=Role.DIRECTOR if Role.DIRECTOR in route else None,
        seal=seal.in_ink(options),
    )
    yield from seal.places(options)


def _refuse_unfinished(snapshot: Snapshot, journal: SchoolClass) -> None:
    open_ends = tuple(_open_ends(snapshot, journal))
    blanks = tuple(_blanks(snapshot, journal))
    faults = (*open_ends, *(fault for _, fault in blanks))
    if not faults:
        return
    said = [fault.message for fault in open_ends]
    if blanks:
        rows = ", ".join(f"№{NBSP}{number}" for number in dict.fromkeys(n for n, _ in blanks))
        said.append(f"Не выставлены итоговые отметки ({len(blanks)}), номера по списку: {rows}.")
    raise SummaryNotFinal(" ".join(said), faults[:FAULTS_SHOWN], len(faults))


def _open_ends(snapshot: Snapshot, journal: SchoolClass) -> Iterator[Fault]:
    if not snapshot.year.closed:
        yield Fault(
            "/year/closed",
            "F15-YEAR-NOT-CLOSED",
            "Учебный год в журнале не закрыт: закройте год и пришлите новый снимок.",
        )
    balance = headcount.balance(journal, snapshot.year)
    if not balance.holds:
        yield Fault(
            "/classes/0/movements",
            "F16-MOVEMENT-BALANCE",
            f"Движение не сходится: на начало года {balance.start}, прибыло {balance.arrived}, "
            f"выбыло {balance.left}, на конец года {balance.end}. Исправьте в журнале даты "
            "зачисления и выбытия.",
        )


def _blanks(snapshot: Snapshot, journal: SchoolClass) -> Iterator[tuple[int, Fault]]:
    """Yield the missing year and final marks with the pupil's number on the list."""
    book = gradebook(snapshot, journal)
    final = [row for row in periods.of_class(snapshot, journal) if row.kind in _FINAL]
    staying = {student.id for student in headcount.at_end(journal, snapshot.year)}
    places = {student.id: place for place, student in enumerate(journal.students)}
    for number, student in enumerate(names.in_order(journal.students), start=1):
        if student.id not in staying or not student.attestation:
            continue
        for subject, period in product(book.subjects, final):
            expected = book.expected(student, subject, period)
            if expected and book.value(student, subject, period) is None:
                said = (
                    f"№{NBSP}{number} по списку, предмет «{subject.title}»: "
                    f"не выставлена {period.title.lower()} отметка."
                )
                where = f"/classes/0/students/{places[student.id]}"
                yield number, Fault(where, "blank-final-mark", said)


KIND = DocumentKind(
    title="Сводная ведомость итоговых оценок",
    scope=Scope.CLASS,
    retention=KEPT,
    signatories=(Role.DEPUTY, Role.SEAL, Role.DIRECTOR),
    content=content,
    case_index=lambda options: options.case_index_summary,
)
