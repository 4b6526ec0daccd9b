"""Forms a file is closed with: the count of its sheets and the certification sheet."""

from __future__ import annotations

from service.documents.parts import (
    Align,
    Column,
    Facts,
    Heading,
    Orientation,
    Paragraph,
    Section,
    Signature,
    Signatures,
    Size,
    Start,
    Table,
)
from service.domain.pagination import Totals
from service.domain.wording import words
from service.domain.wording.text import NBSP


def sheets(totals: Totals) -> str:
    """Return «82 (восемьдесят два) листа»."""
    return words.figures_and_words(totals.count.sheets, words.SHEET)


def certification_sheet(case_index: str, post: str, name: str) -> Section:
    """Return the «лист-заверитель дела», the last sheet of a file, neither counted nor numbered.

    `post` and `name` («И.О. Фамилия») are of who composes it.
    """
    return Section(
        body=(
            Heading(f"ЛИСТ-ЗАВЕРИТЕЛЬ ДЕЛА №{NBSP}{case_index}"),
            Paragraph(lambda totals: f"В деле подшито и пронумеровано {sheets(totals)},"),
            Paragraph("(цифрами и прописью)", Align.CENTER, Size.SMALL),
            Paragraph(
                lambda totals: (
                    f"с №{NBSP}1 по №{NBSP}{words.figures(totals.count.sheets)}, в том числе:"
                )
            ),
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
            Signatures((Signature(post, name),)),
        ),
        start=Start.ODD,
        orientation=Orientation.PORTRAIT,
        counted=False,
        every_volume=True,
    )
