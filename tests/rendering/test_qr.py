"""The QR code of a document: where it stands, that it is read, and that nothing moves for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from judges import scanner
from school_8a import make_class_8a

from service.documents.kind import Scope
from service.documents.options import PrintOptions, for_document
from service.documents.parts import (
    Block,
    Cell,
    Column,
    Content,
    Orientation,
    Paragraph,
    Section,
    Signature,
    Signatures,
    Table,
)
from service.domain.approving.approval import Role
from service.domain.extract import Extract, extract
from service.rendering.paper import MM
from service.rendering.printer import Printer
from service.reports import catalogue
from service.workflow.printing.typeset import Task, Typeset, typeset

ROOT = Path(__file__).parents[2]
KINDS = catalogue()
ID = "0123456789abcdef" * 2
USUAL = "https://journal.school18.example"
LONG = "https://vedomost." + "a" * 40 + ".obrazovanie.example/" + "schools/" * 4 + "1"


@pytest.fixture(scope="module")
def printer(tmp_path_factory: pytest.TempPathFactory) -> Printer:
    return Printer(ROOT / "templates", ROOT / "fonts", tmp_path_factory.mktemp("forms"))


@pytest.fixture(scope="module")
def part() -> Extract:
    return Extract.of(extract(make_class_8a(), "c1"))


@pytest.fixture(scope="module")
def made(printer: Printer, part: Extract) -> Callable[..., Typeset]:
    def print_(name: str, address: str | None) -> Typeset:
        options = for_document(PrintOptions(qr=address is not None), address)
        term = "q1" if KINDS[name].scope is Scope.CLASS_TERM else ""
        at = datetime(2027, 6, 15, 6, 0, tzinfo=UTC)
        task = Task(ID, name, "c1", term, options, at, 1, "forms")
        return typeset(task, part, KINDS, printer, lambda *_: None)

    return print_


@pytest.mark.parametrize(
    ("name", "address"),
    [("class-register", LONG), ("class-results", USUAL), ("final-summary", USUAL)],
)
def test_a_telephone_reads_the_address_on_paper(
    name: str,
    address: str,
    made: Callable[..., Typeset],
    libreoffice: Callable[[bytes], bytes],
    openxml_audit: Callable[[bytes], list[str]],
    verapdf: Any,
) -> None:
    printed, plain = made(name, address), made(name, None)
    assert (printed.pages, printed.sheets) == (plain.pages, plain.sheets)
    (paper,) = scanner.codes(printed.pdf)
    (word,) = scanner.codes(libreoffice(printed.docx))
    assert paper.text == word.text == f"{address}/v1/verify/{ID}"
    assert word[1:] == pytest.approx(paper[1:], abs=2), "the same place, to two points"
    assert paper.right - paper.left >= 14.5 * MM
    assert verapdf(printed.pdf, "3u").passed
    assert openxml_audit(printed.docx) == []
    assert made(name, address) == printed


def test_every_kind_is_tried() -> None:
    assert {*KINDS} == {"class-register", "class-results", "final-summary"}


def test_the_caption_stands_by_the_code(
    made: Callable[..., Typeset], pdftotext: Callable[..., list[str]]
) -> None:
    printed = made("class-register", USUAL)
    assert "Проверка документа" in pdftotext(printed.pdf)[0]
    with ZipFile(BytesIO(printed.docx)) as package:
        body = package.read("word/document.xml").decode()
    assert f'descr="QR-код: проверка документа, {USUAL}/v1/verify/{ID}"' in body
    assert "Проверка документа</w:t>" in body


def test_without_the_choice_nothing_is_drawn(made: Callable[..., Typeset]) -> None:
    assert scanner.codes(made("class-register", None).pdf) == []


def content(*body: Any, orientation: Orientation = Orientation.LANDSCAPE, **rest: Any) -> Content:
    return Content("Т", (Section(body, orientation=orientation),), footer="Сформировано", **rest)


def rows(count: int) -> Table:
    line = tuple(Cell(str(number)) for number in range(6))
    return Table(tuple(Column(str(n), 0) for n in range(6)), (Block((line,)),) * count)


def test_it_goes_on_to_the_first_page_with_room(printer: Printer) -> None:
    book = printer.book(content(rows(45)))
    mark = printer.marked(book, ID, f"{USUAL}/v1/verify/{ID}").mark
    assert len(book.pages) == 2
    assert mark is not None
    assert mark.page == 1
    assert mark.shape.side == 24 * MM


def test_a_page_full_to_its_foot_has_a_small_one_in_the_corner(printer: Printer) -> None:
    book = printer.book(content(Paragraph("Школа " * 30), rows(24), bound=True))
    mark = printer.marked(book, ID, f"{USUAL}/v1/verify/{ID}").mark
    assert len(book.pages) == 1
    assert mark is not None
    assert mark.shape.side == 18 * MM
    assert mark.dark[1] + mark.code.modules * mark.module <= (210 - 4 + 0.01) * MM


def test_places_to_sign_are_left_alone_from_edge_to_edge(printer: Printer) -> None:
    line = Signature("Директор", "И.О. Фамилия", role=Role.DIRECTOR, seal=True)
    book = printer.book(content(*[Signatures((line,))] * 4, orientation=Orientation.PORTRAIT))
    mark = printer.marked(book, ID, f"{USUAL}/v1/verify/{ID}").mark
    signed = printer.marked(printer.book(content(Signatures((line,)))), ID, USUAL).mark
    assert mark is not None
    assert signed is not None
    assert mark.y > 20 * MM + 4 * 34 * MM, "under the last of them"
    assert signed.y > (20 + 34) * MM


def test_a_book_full_on_every_page_has_none(printer: Printer) -> None:
    book = printer.book(content(rows(90), orientation=Orientation.PORTRAIT))
    full = replace(book, pages=book.pages[:1])
    assert printer.marked(full, ID, USUAL).mark is None
