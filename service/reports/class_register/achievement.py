"""The grade summary of a register, on sheets of its own: it is taken out after five years."""

from __future__ import annotations

from service.documents.grade_summary import grade_summary
from service.documents.parts import (
    Heading,
    Orientation,
    Section,
    Signature,
    Signatures,
    Start,
)
from service.domain.reckoning import periods
from service.domain.wording import names
from service.domain.wording.text import plain
from service.reports.class_register.reading import Reading

TITLE = "Сводная ведомость учета успеваемости обучающихся"


def section(reading: Reading) -> Section:
    """Return the grade summary (FORMS 2.10.5) of the periods that are over, all if the year is."""
    snapshot, journal = reading.snapshot, reading.journal
    shown = reading.periods
    if not snapshot.year.closed:
        shown = periods.finished(shown, reading.seen_on)
    return Section(
        body=(
            Heading(TITLE.upper(), reading.of_class_and_year),
            grade_summary(snapshot, journal, shown),
            Signatures(_signatures(reading)),
        ),
        title=TITLE,
        chapter=TITLE,
        start=Start.ODD,
        orientation=Orientation.LANDSCAPE,
        whole_sheets=True,
    )


def _signatures(reading: Reading) -> tuple[Signature, ...]:
    school, options, tutor = reading.snapshot.school, reading.options, reading.journal.tutor
    deputy = names.initials_surname_of(school.deputies[0].name) if school.deputies else ""
    return (
        Signature(
            "Классный руководитель", names.initials_surname(reading.staff[tutor]) if tutor else ""
        ),
        Signature(plain(options.deputy_post), deputy),
        Signature(plain(options.director_post), names.initials_surname_of(school.director.name)),
    )
