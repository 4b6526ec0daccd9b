"""The remarks on how the journal was kept, if there are any."""

from __future__ import annotations

from service.documents.parts import Align, Block, Cell, Column, Heading, Section, Start, Table
from service.domain.journal import Remark
from service.domain.wording import dates
from service.domain.wording.text import plain
from service.reports.class_register.reading import Reading

TITLE = "Замечания по ведению журнала"


def sections(reading: Reading) -> tuple[Section, ...]:
    """Return the remarks in order of time; no remarks, no section."""
    remarks = sorted(reading.journal.remarks, key=lambda remark: remark.date)
    if not remarks:
        return ()
    table = Table(
        columns=(
            Column("Дата", 22),
            Column("Замечания и предложения проверяющих", 0, Align.LEFT),
            Column("Отметка о выполнении, подпись", 55, Align.LEFT),
        ),
        body=tuple(Block((_row(remark),)) for remark in remarks),
        lead=1,
    )
    return (
        Section(
            body=(Heading(TITLE.upper()), table),
            title=TITLE,
            chapter=TITLE,
            start=Start.ODD,
        ),
    )


def _row(remark: Remark) -> tuple[Cell, ...]:
    author = plain(remark.author)
    text = f"{plain(remark.text)} ({author})" if author else plain(remark.text)
    return Cell(dates.day(remark.date)), Cell(text), Cell(plain(remark.done))
