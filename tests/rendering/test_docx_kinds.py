"""Every kind of document in Word's format: as many pages as its PDF, the same letters on each."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from school_8a import make_class_8a

from service.documents.kind import Assignment, Scope
from service.documents.options import PrintOptions
from service.domain.approving.approval import ROUTE
from service.domain.extract import canonical
from service.rendering.docx import docx
from service.rendering.passport import Passport
from service.rendering.printer import Printer
from service.reports import catalogue

ROOT = Path(__file__).parents[2]
KINDS = catalogue()
IN_INK = PrintOptions()  # «М.П.» for a rubber seal
SEALED = PrintOptions(signing_route=ROUTE)


@pytest.fixture(scope="module")
def printer(tmp_path_factory):
    return Printer(ROOT / "templates", ROOT / "fonts", tmp_path_factory.mktemp("forms"))


@pytest.fixture(scope="module", params=KINDS)
def made(request, printer):
    snapshot = make_class_8a()
    kind = KINDS[request.param]
    assignment = Assignment(
        snapshot=snapshot,
        term=snapshot.terms[0] if kind.scope is Scope.CLASS_TERM else None,
        options=IN_INK if request.param == "class-register" else SEALED,
        issued_at=datetime(2027, 6, 15, 6, 0, tzinfo=UTC),
    )
    book = printer.book(kind.content(assignment))
    passport = Passport(
        document="d-1",
        title=book.content.title,
        kind=request.param,
        issued_at=assignment.issued_at,
        snapshot=canonical(snapshot),
        assignment=b"{}",
    )
    return printer.pdf(book, passport).body, docx(book, passport, printer.faces)


def test_schemas_hold(made, openxml_audit):
    assert openxml_audit(made[1]) == []


def test_pages_lie_as_in_the_pdf_and_say_the_same(made, libreoffice, pdftotext):
    pdf, file = made
    printed = libreoffice(file)
    assert [*sides(printed)] == [*sides(pdf)]
    for here, there in zip(pdftotext(printed), pdftotext(pdf), strict=True):
        assert letters(here) == letters(there)


def sides(pdf):
    """Return width and height of each page as it is seen, in whole points."""
    for page in PdfReader(BytesIO(pdf)).pages:
        size = round(page.mediabox.width), round(page.mediabox.height)
        yield size[::-1] if page.rotation % 180 else size


def letters(text):
    """Return how often each letter and figure stands on a page, however its lines are broken."""
    return Counter(letter for letter in text if letter.isalnum())
