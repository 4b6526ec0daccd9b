"""The last pages of a register: who checked, certified and accepted it, and its sheets counted."""

from __future__ import annotations

from service.documents.parts import (
    Align,
    Column,
    Facts,
    Heading,
    Paragraph,
    Section,
    Signature,
    Signatures,
    Size,
    Start,
    Table,
)
from service.domain import names, words
from service.domain.approval import Role
from service.domain.pagination import Totals
from service.domain.snapshot import Person
from service.domain.text import plain
from service.reports.class_register.reading import Reading

TITLE = "Заверительная надпись"
NBSP = "\u00a0"


def inscription(reading: Reading) -> Section:
    """Return the page with the deputy's check, the director's certification and the count (3.10).

    Deputy and director have a box for the stamp of an electronic signature if they are on the
    school's signing route, a line otherwise; under the count the director signs by hand.
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
            Signatures((Signature(director_post, director, seal=options.seal_block),)),
        ),
        title=TITLE,
        chapter=TITLE,
        start=Start.ODD,
    )


def sheet_of_file(reading: Reading) -> Section:
    """Return the «лист-заверитель», a last sheet that is neither counted nor numbered (3.11)."""
    index = plain(reading.options.case_index_register)
    return Section(
        body=(
            Heading(f"ЛИСТ-ЗАВЕРИТЕЛЬ ДЕЛА №{NBSP}{index}"),
            Paragraph(lambda totals: f"В деле подшито и пронумеровано {sheets(totals)},"),
            Paragraph("(цифрами и прописью)", Align.CENTER, Size.SMALL),
            Paragraph(lambda totals: f"{_numbers(totals)}, в том числе:"),
            Facts(
                (
                    ("литерные номера листов", "нет"),
                    ("пропущенные номера листов", "нет"),
                    ("+ листов внутренней описи", "нет"),
                )
            ),
            Table(
                columns=(
                    Column("Особенности физического состояния и формирования дела", 0, Align.LEFT),
                    Column("Номера листов", 50),
                ),
                body=(),
                lead=0,
                digits=True,
                fill_blank=3,
            ),
            Signatures(
                (
                    Signature(
                        plain(reading.options.secretary_post),
                        _name(reading.snapshot.school.secretary),
                        preface="Наименование должности работника, "
                        "составившего заверительную надпись",
                    ),
                )
            ),
        ),
        start=Start.ODD,
        counted=False,
    )


def sheets(totals: Totals) -> str:
    """Return «82 (восемьдесят два) листа»."""
    return words.figures_and_words(totals.count.sheets, words.SHEET)


def _numbers(totals: Totals) -> str:
    return f"с №{NBSP}1 по №{NBSP}{totals.count.sheets}"


def _box(reading: Reading, role: Role) -> Role | None:
    return role if role in reading.options.signing_route else None


def _name(person: Person | None) -> str:
    return names.initials_surname_of(person.name) if person else ""
