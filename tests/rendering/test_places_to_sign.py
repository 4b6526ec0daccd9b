"""Boxes of signatures: each in its own place, no text under any of them, whatever is written."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from pypdf import PdfReader
from school_8a import make_class_8a

from service.documents.kind import Assignment, Scope
from service.documents.options import PrintOptions
from service.documents.parts import (
    Content,
    Orientation,
    Paragraph,
    Section,
    Signature,
    Signatures,
)
from service.documents.seal import places
from service.domain.approving.approval import ROUTE, Role
from service.rendering.passport import Passport
from service.rendering.printer import Printer
from service.reports import catalogue

ROOT = Path(__file__).parents[2]
PASSPORT = Passport("d1", "Книга", "test", datetime(2027, 6, 15, tzinfo=UTC), b'{"a":1}', b"{}")
WORDS = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.+?)</word>')
LONG = "Исполняющий обязанности заместителя директора по учебно-воспитательной работе " * 3

Box = tuple[float, float, float, float]  # left, top, right, bottom; points from the upper left


@pytest.fixture(scope="module")
def printer(tmp_path_factory: pytest.TempPathFactory) -> Printer:
    return Printer(ROOT / "templates", ROOT / "fonts", tmp_path_factory.mktemp("forms"))


def boxes(pdf: bytes) -> dict[str, tuple[int, Box]]:
    """Return page and box of every field by its name."""
    reader = PdfReader(BytesIO(pdf))
    found = {}
    for number, page in enumerate(reader.pages):
        high = float(page.mediabox.height)
        for widget in page.get("/Annots", ()):
            field = widget.get_object()
            left, bottom, right, top = map(float, field["/Rect"])
            found[field["/T"]] = (number, (left, high - top, right, high - bottom))
    return found


def words(pdf: bytes, folder: Path) -> list[list[tuple[Box, str]]]:
    """Return the words of each page as poppler reads them."""
    file = folder / "file.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(
        ["pdftotext", "-bbox", file, "-"], capture_output=True, text=True, check=True
    ).stdout
    return [
        [((float(a), float(b), float(c), float(d)), word) for a, b, c, d, word in WORDS.findall(p)]
        for p in said.split("<page ")[1:]
    ]


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def stands_free(pdf: bytes, folder: Path) -> None:
    """Every box is on its page and 75 × 28 mm, and nothing lies under it."""
    found = boxes(pdf)
    pages = PdfReader(BytesIO(pdf)).pages
    said = words(pdf, folder)
    for name, (number, box) in found.items():
        assert (box[2] - box[0], box[3] - box[1]) == pytest.approx((212.6, 79.37), abs=0.05)
        page = pages[number].mediabox
        assert 0 < box[0] < box[2] < page.width, name
        assert 0 < box[1] < box[3] < page.height, name
        assert not [word for under, word in said[number] if overlap(box, under)], name
    for (first, (page_, one)), (second, (other_page, other)) in combinations(found.items(), 2):
        assert page_ != other_page or not overlap(one, other), (first, second)


@pytest.mark.parametrize("post", ["Директор", LONG])
@pytest.mark.parametrize("lines", [0, 25])
@pytest.mark.parametrize("bound", [True, False])
@pytest.mark.parametrize("orientation", Orientation)
def test_three_boxes_stand_free(printer, tmp_path, orientation, bound, lines, post) -> None:
    signed = Signatures(
        (
            Signature("Классный руководитель", "М.П. Иванова"),
            Signature(post, "Н.П. Орлова", Role.DEPUTY, preface="Проверено. " * 12),
            Signature(post, "И.Л. Соколов", Role.DIRECTOR),
            *places(PrintOptions(signing_route=ROUTE)),
        )
    )
    text = Paragraph("Строка над подписями.\n" * lines)
    body = (text, signed, Paragraph("Под подписями."))
    content = Content("Т", (Section(body, orientation=orientation),), bound=bound)
    pdf = printer.pdf(printer.book(content), PASSPORT).body
    assert set(boxes(pdf)) == {"deputy", "seal", "director"}
    stands_free(pdf, tmp_path)


def is_signed(section: Section) -> bool:
    """Say whether somebody on the route signs there; the other pages only take time to print."""
    found = [brick for brick in section.body if isinstance(brick, Signatures)]
    return any(line.role for brick in found for line in brick.lines)


@pytest.mark.parametrize("kind", [one for one in catalogue().values() if one.signatories])
def test_boxes_of_every_kind_stand_free(printer, tmp_path, kind) -> None:
    snapshot = make_class_8a()
    assignment = Assignment(
        snapshot=snapshot,
        term=snapshot.terms[0] if kind.scope is Scope.CLASS_TERM else None,
        options=PrintOptions(signing_route=ROUTE),
        issued_at=datetime(2027, 6, 15, 6, 0, tzinfo=UTC),
    )
    whole = kind.content(assignment)
    content = replace(whole, sections=tuple(filter(is_signed, whole.sections)))
    pdf = printer.pdf(printer.book(content), PASSPORT).body
    assert set(boxes(pdf)) == {role.value for role in ROUTE if role in kind.signatories}
    stands_free(pdf, tmp_path)
