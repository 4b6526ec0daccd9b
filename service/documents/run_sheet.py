"""«Лист прогона»: how far the documents of a school are, as a paper to hang up or take along.

It is not one of the kinds printed from a snapshot: it tells how these stand at one moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from service.documents.parts import (
    Align,
    Block,
    Brick,
    Cell,
    Column,
    Content,
    Heading,
    Paragraph,
    Section,
    Size,
    Style,
    Table,
)
from service.domain.wording import dates

TITLE = "Лист прогона"
LONGEST = 300  # characters of a remark


@dataclass(frozen=True, slots=True)
class LineFact:
    """A document of a class, in words; `done` ones stand back."""

    class_title: str
    kind: str
    status: str
    pages: str
    remark: str
    done: bool


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """All that is printed."""

    number: str  # the run's id
    school: str  # what it is called in lists, or its id
    name: str  # «Конец 2026/2027 учебного года»
    told_at: datetime  # aware, by the school's clocks
    state: str
    deadlines: tuple[tuple[str, date], ...]
    clocks: str  # by which the deadlines end
    totals: tuple[tuple[str, int], ...]
    lines: tuple[LineFact, ...]
    problem: str = ""  # why the journal that was asked gave no snapshot


def content(facts: SheetFacts) -> Content:
    """Return the sheet as a document of one section."""
    return Content(
        title=f"{TITLE}: {facts.school}, {facts.name}",
        sections=(Section(body=tuple(_body(facts)), title=TITLE),),
        footer=f"{TITLE} · {facts.number} · {dates.moment(facts.told_at)}",
    )


def _body(facts: SheetFacts) -> Iterator[Brick]:
    yield Heading(TITLE.upper(), f"{facts.school}. {facts.name}")
    yield Paragraph(
        f"На {dates.moment(facts.told_at)}: {facts.state}.", size=Size.LARGE, style=Style.BOLD
    )
    yield Paragraph(
        f"Сроки {facts.clocks}: "
        + "; ".join(f"{what} — до {dates.day(day)}" for what, day in facts.deadlines)
    )
    if facts.totals:
        yield Paragraph(
            "Документов: " + ", ".join(f"{what} — {count}" for what, count in facts.totals)
        )
    if facts.problem:
        yield Paragraph(f"Снимок у журнала не получен. {_short(facts.problem)}")
    if not facts.lines:
        yield Paragraph("Снимков журнала за этот учебный год ещё нет.")
        return
    yield Table(
        columns=(
            Column("Класс", 18),
            Column("Документ", 0, Align.LEFT),
            Column("Страниц", 18),
            Column("Состояние", 40, Align.LEFT),
            Column("Что нужно", 50, Align.LEFT),
        ),
        body=tuple(_blocks(facts.lines)),
        lead=1,
        dense=True,
    )


def _blocks(lines: tuple[LineFact, ...]) -> Iterator[Block]:
    """Yield the documents of each class together."""
    for title, each in groupby(lines, key=lambda line: line.class_title):
        yield Block(
            tuple(
                (
                    None if place else Cell(title),
                    Cell(line.kind),
                    Cell(line.pages),
                    Cell(line.status, style=Style.PLAIN if line.done else Style.BOLD),
                    Cell(_short(line.remark)),
                )
                for place, line in enumerate(each)
            )
        )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
