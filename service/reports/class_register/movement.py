"""The movement summary of a register: heads by period, and who came and left."""

from __future__ import annotations

from service.documents.parts import (
    Align,
    Block,
    Cell,
    Column,
    ColumnGroup,
    Heading,
    Paragraph,
    Section,
    Start,
    Style,
    Table,
)
from service.domain.reckoning import movement, periods
from service.domain.reckoning.movement import Heads, MovementRow
from service.domain.wording import dates
from service.domain.wording.text import plain
from service.reports.class_register.reading import Reading

TITLE = "Сводная ведомость учета движения обучающихся"


def section(reading: Reading) -> Section:
    """Return both movement tables (FORMS 2.10.7)."""
    return Section(
        body=(
            Heading(TITLE.upper(), reading.of_class_and_year),
            _heads(reading),
            Paragraph("Список прибывших и выбывших", Align.CENTER, style=Style.BOLD),
            _events(reading),
        ),
        title=TITLE,
        chapter=TITLE,
        start=Start.ODD,
    )


def _heads(reading: Reading) -> Table:
    snapshot, journal = reading.snapshot, reading.journal
    rows = [
        (plain(term.title), movement.row(journal, term))
        for term in periods.terms(snapshot, journal)
        if term.start <= reading.seen_on
    ]
    rows.append(("За год", movement.row(journal, snapshot.year)))
    titles = ("На начало периода", "Прибыло", "Выбыло", "На конец периода")
    return Table(
        columns=(
            Column("Период", 0, Align.LEFT),
            *(
                ColumnGroup(
                    title,
                    tuple(
                        Column(who, 12, turned=True) for who in ("всего", "мальчиков", "девочек")
                    ),
                )
                for title in titles
            ),
        ),
        body=tuple(Block(((Cell(title), *_row(row)),)) for title, row in rows),
        lead=1,
    )


def _row(row: MovementRow) -> tuple[Cell, ...]:
    return tuple(
        cell for heads in (row.start, row.arrived, row.left, row.end) for cell in _sexes(heads)
    )


def _sexes(heads: Heads) -> tuple[Cell, ...]:
    return tuple(
        Cell("—" if figure is None else str(figure))
        for figure in (heads.total, heads.boys, heads.girls)
    )


def _events(reading: Reading) -> Table | Paragraph:
    events = movement.events(reading.journal)
    if not events:
        return Paragraph("Прибывших и выбывших нет.")
    return Table(
        columns=(
            Column("№ п/п", 10),
            Column("Фамилия, имя, отчество", 0, Align.LEFT),
            Column("Прибыл/выбыл", 24),
            Column("Дата", 22),
            Column("Откуда прибыл / Куда выбыл", 40, Align.LEFT),
            Column("Дата и № приказа", 32),
        ),
        body=tuple(
            Block(
                (
                    (
                        Cell(str(number)),
                        Cell(reading.full[event.student.id]),
                        Cell(movement.verb(event.movement, event.student)),
                        Cell(dates.day(event.movement.date)),
                        Cell(plain(event.movement.counterpart)),
                        Cell(movement.order(event.movement)),
                    ),
                )
            )
            for number, event in enumerate(events, start=1)
        ),
    )
