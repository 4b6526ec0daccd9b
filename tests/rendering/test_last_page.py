"""The page that is signed: rows of the table stand above the places, the inscription under them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from school_8a import make_class_8a

from service.documents.kind import Assignment
from service.documents.options import PrintOptions
from service.documents.parts import Block, Cell, Content, Paragraph, Signature, Signatures, Table
from service.domain.approving.approval import Role
from service.rendering.abreast import abreast
from service.rendering.docx import docx
from service.rendering.pages import Item, TableSlice
from service.rendering.passport import Passport
from service.rendering.printer import Printer
from service.reports import catalogue

ROOT = Path(__file__).parents[2]
PASSPORT = Passport("d1", "Книга", "test", datetime(2027, 6, 15, tzinfo=UTC), b'{"a":1}', b"{}")
BOXED = (Role.DEPUTY, Role.DIRECTOR)
NINTH = ("Экзаменационная", "Итоговая")  # rows a pupil of class 9 has beyond those of class 8


@pytest.fixture(scope="module")
def printer(tmp_path_factory: pytest.TempPathFactory) -> Printer:
    return Printer(ROOT / "templates", ROOT / "fonts", tmp_path_factory.mktemp("forms"))


@pytest.fixture(scope="module")
def summary() -> Content:
    assignment = Assignment(
        snapshot=make_class_8a(),
        term=None,
        options=PrintOptions(),
        issued_at=datetime(2027, 6, 15, 6, 0, tzinfo=UTC),
    )
    return catalogue()["final-summary"].content(assignment)


def of(content: Content, pupils: int, more: tuple[str, ...]) -> Content:
    """Return the summary for so many pupils, each with more rows than in class 8."""
    first, *others = content.sections
    table = next(brick for brick in first.body if isinstance(brick, Table))
    covered = tuple(None if cell is None else Cell("5") for cell in table.body[0].rows[1])
    grown = [
        Block((*block.rows, *((*covered[:2], Cell(title), *covered[3:]) for title in more)))
        for block in table.body
    ]
    blocks = tuple(grown[number % len(grown)] for number in range(pupils))
    body = tuple(replace(table, body=blocks) if brick is table else brick for brick in first.body)
    return replace(content, sections=(replace(first, body=body), *others))


@pytest.mark.parametrize(
    ("pupils", "more"), [*product(range(1, 12), [()]), *product(range(2, 12), [NINTH])]
)
def test_rows_places_and_inscription_stand_on_one_page(printer, summary, pupils, more) -> None:
    book = printer.book(of(summary, pupils, more))
    counted = [page.items for page in book.pages if page.number]
    assert all(any(isinstance(item, TableSlice) for item in items) for items in counted)
    signed = [items for items in counted if any(isinstance(item, Signatures) for item in items)]
    assert signed == counted[-1:]
    assert rows(counted[-1]) > 0
    assert kinds(counted[-1])[-3:] == [Signatures, Paragraph, Paragraph]
    assert sum(map(rows, counted)) == pupils


def test_no_page_is_left_with_the_name_of_the_school_alone(printer, summary) -> None:
    alone = printer.book(of(summary, 1, NINTH))
    assert rows(alone.pages[0].items) == 1
    assert Signatures in kinds(alone.pages[0].items)


def rows(items: tuple[Item, ...]) -> int:
    return sum(len(item.blocks) for item in items if isinstance(item, TableSlice))


def kinds(items: tuple[Item, ...]) -> list[type]:
    return [type(item) for item in items]


def test_word_shows_the_same_page(printer, summary, libreoffice, pdftotext, openxml_audit) -> None:
    book = printer.book(of(summary, 4, ()))
    file = docx(book, PASSPORT, printer.faces)
    assert openxml_audit(file) == []
    ours, words = (pdftotext(pdf) for pdf in (printer.pdf(book, PASSPORT).body, libreoffice(file)))
    assert [sorted(filter(str.isalnum, page)) for page in words] == [
        sorted(filter(str.isalnum, page)) for page in ours
    ]
    (signed,) = [page for page in words if "Директор" in page]
    assert all(
        said in signed for said in ("Годовая", "М.П.", "Прошито, пронумеровано", "Экземпляр")
    )


def test_two_boxes_share_a_row_on_a_wide_page_only() -> None:
    tutor, deputy, director = (Signature(str(role), role=role) for role in (None, *BOXED))
    lines = (tutor, deputy, director)
    assert [*abreast(lines, 267)] == [(tutor,), (deputy, director)]
    assert [*abreast(lines, 175)] == [(tutor,), (deputy,), (director,)]
    assert [*abreast((deputy, tutor, director), 267)] == [(deputy,), (tutor,), (director,)]
