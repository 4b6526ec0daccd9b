"""The last pages of a register: who checked, certified and accepted it, and its sheets counted."""

from __future__ import annotations

from service.documents import seal
from service.documents.certification import certification_sheet, sheets
from service.documents.parts import (
    Heading,
    Paragraph,
    Section,
    Signature,
    Signatures,
    Size,
    Start,
)
from service.domain.approving.approval import Role
from service.domain.snapshot import Person
from service.domain.wording import names
from service.domain.wording.text import plain
from service.reports.class_register.reading import Reading

TITLE = "Заверительная надпись"


def inscription(reading: Reading) -> Section:
    """Return the page with the deputy's check, the director's certification and the count (3.10).

    Deputy and director have a box for the stamp of an electronic signature if they are on the
    school's signing route, a line otherwise; under the count the director signs by hand and the
    seal has its place, a box if it is on the route.
    """
    school, options = reading.snapshot.school, reading.options
    deputy = _name(school.deputies[0] if school.deputies else None)
    director = _name(school.director)
    director_post = plain(options.director_post)
    text = plain(options.certification_text)
    return Section(
        body=(
            Heading(TITLE.upper()),
            Signatures(
                (
                    Signature(
                        plain(options.deputy_post),
                        deputy,
                        _box(reading, Role.DEPUTY),
                        "Проверено. Соответствует данным электронного журнала.",
                    ),
                    Signature(
                        director_post,
                        director,
                        _box(reading, Role.DIRECTOR),
                        "Правильность переноса данных заверяю.",
                    ),
                    Signature(
                        plain(options.secretary_post),
                        _name(school.secretary),
                        preface="Принято на хранение.",
                    ),
                )
            ),
            Paragraph(lambda totals: f"{text}\n{sheets(totals)}", size=Size.LARGE),
            Signatures(
                (
                    Signature(director_post, director, seal=seal.in_ink(options)),
                    *seal.places(options),
                )
            ),
        ),
        title=TITLE,
        chapter=TITLE,
        start=Start.ODD,
        every_volume=True,
    )


def last_sheet(reading: Reading) -> Section:
    """Return the «лист-заверитель», composed by the secretary."""
    options = reading.options
    return certification_sheet(
        plain(options.case_index_register),
        plain(options.secretary_post),
        _name(reading.snapshot.school.secretary),
    )


def _box(reading: Reading, role: Role) -> Role | None:
    return role if role in reading.options.signing_route else None


def _name(person: Person | None) -> str:
    return names.initials_surname_of(person.name) if person else ""
