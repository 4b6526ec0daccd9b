"""Pages filled to the last line in PDF stay single pages in Word's format."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from service.documents.parts import (
    Align,
    Block,
    Cell,
    Column,
    Content,
    Heading,
    LessonStep,
    Orientation,
    Paragraph,
    PeriodStep,
    Pupil,
    Section,
    Signature,
    Signatures,
    Size,
    Spreads,
    Start,
    Table,
    TitlePage,
)
from service.rendering.docx import docx
from service.rendering.passport import Passport
from service.rendering.printer import Printer

ROOT = Path(__file__).parents[2]
SPEECH = (
    "учебный предмет контрольная работа квадратные неравенства и их системы графический способ "
    "решения задач повторение пройденного материала самостоятельная № 12 стр. 45–47 упр."
)
WORDS = SPEECH.split()
ADDRESS = "https://example.org/lessons/algebra/quadratic-inequalities/practice"
PUPILS = tuple(
    Pupil(str(n), ("Белов Борис", "Преображенская-Ковалевская Александра")[n % 2])
    for n in range(1, 71)
)
PASSPORT = Passport("d", "t", "k", datetime(2027, 6, 15, tzinfo=UTC), b"{}", b"{}")


def said(chance: random.Random, most: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, most)))


def lines(chance: random.Random, count: int, *, dense: bool) -> Table:
    """Return rows of one to three, with cells that wrap and words that are too long."""
    columns = (
        Column("№ п/п", 8),
        Column("Наименование", 0, Align.LEFT),
        Column("Кто отвечает", 30, Align.LEFT),
        Column("Когда проведено", 12, turned=True),
        Column("Где записано", 25, Align.LEFT),
    )
    blocks = tuple(
        Block(
            tuple(
                (
                    Cell(str(number)) if row == 0 else None,
                    Cell(said(chance, 20)),
                    Cell(said(chance, 8)),
                    Cell("02.09"),
                    Cell(ADDRESS if chance.random() < 0.2 else said(chance, 3)),
                )
                for row in range(chance.choice((1, 1, 3)))
            )
        )
        for number in range(1, count)
    )
    return Table(columns, blocks, dense=dense, digits=True)


def subject(chance: random.Random) -> Spreads:
    marks = ("", "5", "Н 4", "5/4/3", "осв", "УП 5")

    def cells() -> tuple[Cell, ...]:
        return tuple(Cell(chance.choice(marks)) for _ in PUPILS)

    steps = tuple(
        LessonStep(
            month=("сентябрь", "октябрь")[number > 3],
            day=f"{number % 30 + 1:02d}",
            corner="К" if number % 4 == 0 else "",
            cells=cells(),
            number=str(number),
            date="02.09",
            topic=f"{said(chance, 25)} {ADDRESS if number % 9 == 0 else ''}",
            homework=said(chance, 12),
        )
        for number in range(1, 50)
    )
    return Spreads(
        class_title="11А класс",
        subject="Английский язык (углублённый уровень, 2 группа)",
        year_title="2026/2027 учебный год",
        teachers="Константинопольская Александра Константиновна (с 01.09.2026 по 31.12.2026)",
        pupils=PUPILS,
        steps=(*steps, PeriodStep("Экзаменационная", cells(), f"Итоги: {said(chance, 30)}")),
    )


def sections(chance: random.Random) -> tuple[Section, ...]:
    place = Signature(
        "Заместитель директора по УВР", "И.О. Фамилия", preface="Проверено", seal=True
    )
    across = Orientation.LANDSCAPE
    return (
        Section((Heading("СПИСОК", "за год"), lines(chance, 60, dense=False))),
        Section((subject(chance),), start=Start.EVEN),
        Section((lines(chance, 70, dense=True),), orientation=across, start=Start.ODD),
        Section(tuple(Paragraph(said(chance, 90)) for _ in range(40))),
        Section(
            tuple(Paragraph(said(chance, 90), size=Size.SMALL) for _ in range(60)),
            orientation=across,
        ),
        Section((Signatures((place,)),) * 12),
    )


@pytest.mark.parametrize(("bound", "binding"), [(True, 25), (True, 30), (False, 25)])
def test_no_page_overflows(bound, binding, libreoffice, tmp_path):
    content = Content(
        "Полные страницы",
        sections(random.Random(binding)),
        binding=binding,
        footer="Сформировано 30.10.2026 14:05 (UTC+5) · документ 0190c5a2, версия 1",
        bound=bound,
    )
    printer = Printer(ROOT / "templates", ROOT / "fonts", tmp_path)
    book = printer.book(content)
    assert len(book.pages) > 30
    printed = PdfReader(BytesIO(libreoffice(docx(book, PASSPORT, printer.faces))))
    assert len(printed.pages) == len(book.pages)


@pytest.mark.parametrize("name", ["Школа № 1 города ", "Щ"])
@pytest.mark.parametrize("length", [200, 500])
def test_a_title_page_of_the_longest_names_is_one_page(
    name, length, libreoffice, pdftotext, tmp_path
):
    long = (name * length)[:length].strip()
    title = TitlePage(
        above=(long, long),
        name="КЛАССНЫЙ ЖУРНАЛ",
        under="(печатная копия электронного журнала)",
        lines=("11А класса", "на 2026/2027 учебный год"),
        facts=(("Классный руководитель:", long), ("Источник:", long)),
        count=lambda totals: f"Всего листов: {totals.count.sheets}",
        foot=(("Индекс дела по номенклатуре:", "05-12"), ("Том", "1 из 1")),
        copy="Экземпляр № 1",
    )
    parts = (Section((Paragraph(str(n)),), title=str(n), chapter=f"Часть {n}") for n in range(7))
    printer = Printer(ROOT / "templates", ROOT / "fonts", tmp_path)
    book = printer.book(Content("Титул", (Section((title,)), *parts), bound=True))
    first = "".join(pdftotext(printer.pdf(book, PASSPORT).body)[0].split())
    assert first.count("".join(long.split())) == 4
    printed = PdfReader(BytesIO(libreoffice(docx(book, PASSPORT, printer.faces))))
    assert len(printed.pages) == len(book.pages)
