"""An archived file says what it was made of; printed again it must be the same, byte for byte."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfWriter
from school_8a import make_class_8a

from service.bootstrap.press import forms
from service.documents.options import PrintOptions, for_document
from service.domain.extract import Extract, extract
from service.rendering.printer import Printer
from service.reports import catalogue
from service.workflow.printing.reproduce import NotReproducible, Outcome, Reproduce
from service.workflow.printing.typeset import Task, typeset

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def printer() -> Printer:
    return Printer(ROOT / "templates", ROOT / "fonts")


@pytest.fixture(scope="module")
def reproduce(printer: Printer) -> Reproduce:
    return Reproduce(catalogue(), printer, forms(printer))


@pytest.fixture(scope="module")
def pdf(printer: Printer, reproduce: Reproduce) -> bytes:
    part = Extract.of(extract(make_class_8a(), "c1"))
    options = for_document(PrintOptions(percent_digits=1, qr=True), "https://school.example")
    moment = datetime(2027, 6, 15, 5, 32, tzinfo=UTC)
    task = Task("d1", "class-results", "c1", "q1", options, moment, 3, reproduce.forms)
    return typeset(task, part, catalogue(), printer, lambda _stage: None).pdf


def test_the_same_file_comes_out_again(reproduce: Reproduce, pdf: bytes) -> None:
    found = reproduce(pdf)
    assert (found.outcome, found.differs_at, found.size) == (Outcome.SAME, None, len(pdf))
    assert (found.document, found.kind, found.version) == ("d1", "class-results", 3)


def test_what_was_added_after_does_not_count(reproduce: Reproduce, pdf: bytes) -> None:
    later = PdfWriter(BytesIO(pdf), incremental=True)
    later.add_metadata({"/Remark": "added by an increment, as a signature is"})
    out = BytesIO()
    later.write(out)
    assert len(out.getvalue()) > len(pdf)
    assert reproduce(out.getvalue()).outcome is Outcome.SAME


def test_a_changed_byte_is_found(reproduce: Reproduce, pdf: bytes) -> None:
    place = pdf.index(b"/FontBBox")
    changed = pdf[:place] + b"/FontBBux" + pdf[place + 9 :]
    found = reproduce(changed)
    assert found.outcome is Outcome.DIFFERENT
    assert found.differs_at == place + 7


def test_another_edition_is_not_called_a_forgery(
    printer: Printer, reproduce: Reproduce, pdf: bytes
) -> None:
    place = pdf.index(b"/FontBBox")
    changed = pdf[:place] + b"/FontBBux" + pdf[place + 9 :]
    newer = Reproduce(catalogue(), printer, "another")
    assert newer(changed).outcome is Outcome.OTHER_EDITION


@pytest.mark.parametrize("foreign", [b"", b"%PDF-1.7 nothing", b"text"])
def test_a_foreign_file_is_refused_in_words(reproduce: Reproduce, foreign: bytes) -> None:
    with pytest.raises(NotReproducible, match="не документ этой службы"):
        reproduce(foreign)
