"""A book as DOCX: programs nobody here wrote open it and see the book's own pages."""

from __future__ import annotations

import base64
import html
import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx as python_docx
import pytest
from lxml import etree
from pypdf import PdfReader

from service.documents.parts import Orientation
from service.rendering.docx import docx
from service.rendering.typeface import Faces

ROOT = Path(__file__).parents[2]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OTHER_PROCESS = """
import runpy, sys
from hashlib import sha256
from pathlib import Path
from service.rendering.docx import docx
from service.rendering.typeface import Faces
found = runpy.run_path(sys.argv[1])
whole = found["book"].__wrapped__(), found["passport"].__wrapped__()
print(sha256(docx(*whole, Faces(Path(sys.argv[2])))).hexdigest())
"""


@pytest.fixture(scope="module")
def file(book, passport):
    return docx(book, passport, Faces(ROOT / "fonts"))


@pytest.fixture(scope="module")
def printed(file, libreoffice):
    return libreoffice(file)


@pytest.fixture(scope="module")
def texts(printed, pdftotext):
    return [" ".join(page.split()) for page in pdftotext(printed)]


def test_schemas_and_relationships_hold(file, book, passport, openxml_audit):
    assert openxml_audit(file) == []
    assert openxml_audit(docx(book, passport)) == []


def test_a_page_of_the_book_is_a_page_on_paper(printed, book):
    lying = [
        page.mediabox.width > page.mediabox.height for page in PdfReader(BytesIO(printed)).pages
    ]
    assert lying == [page.orientation is Orientation.LANDSCAPE for page in book.pages]


def test_fonts_come_along(printed):
    used = {
        font["/BaseFont"].split("+")[1]
        for page in PdfReader(BytesIO(printed)).pages
        for font in (one.get_object() for one in page["/Resources"]["/Font"].values())
    }
    assert used >= {"PTSans-Regular", "PTSans-Bold", "PTSerif-Regular", "PTSerif-Bold"}
    assert all(name.startswith("PT") for name in used)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (1, "КЛАССНЫЙ ЖУРНАЛ (печатная копия электронного журнала) 8А класс"),
        (1, "Всего листов: 6, страниц: 11 Индекс дела: 05-12 Срок хранения: 5 лет"),
        (2, "1 Алгебра 2 Английский язык"),
        (3, "вторая <строка> & конец"),
        (4, "8А класс"),
        (4, "Наименование предмета: Алгебра 2026/2027 учебный год"),
        (5, "Фамилия, имя, отчество учителя: Петров Пётр Петрович"),
        (5, "Теорема Виета & <обратная> теорема"),
        (5, "Итоги I четверти: по плану 24 ч., дано 24 ч."),
        (8, "Страница оставлена пустой"),
        (11, "27 Яковлев Ярослав"),
        (13, "(подпись) (расшифровка подписи)"),
        (11, "документ 8a-2027 · стр. 11 из 11"),
    ],
)
def test_page_says_what_it_should(texts, page, words):
    assert words in texts[page - 1]


def test_every_pupil_and_mark_stands_on_the_left_page(texts, book):
    (left,) = book.pages[3].items
    for pupil in left.pupils:
        assert pupil.name.split("-")[0] in texts[3]
    assert texts[3].count("5/4") == sum(
        cell.text == "5/4" for step in left.steps for cell in step.cells
    )


def test_numbers_stand_above_counted_pages_only(texts):
    assert texts[0].startswith("Управление")
    assert texts[1].startswith("2 ОГЛАВЛЕНИЕ")
    assert texts[2].startswith("3 л. 2 УСЛОВНЫЕ")
    assert texts[8].startswith("9 л. 5 СВОДНАЯ")
    assert texts[12].startswith("ЗАВЕРИТЕЛЬНАЯ")
    assert "документ 8a-2027" in texts[12]
    assert "стр." not in texts[12]


def test_margins_change_sides_and_a_landscape_page_is_bound_above_or_below(file):
    sections = list(etree.fromstring(part(file, "word/document.xml")).iter(f"{W}pgMar"))
    inside = {margins.get(f"{W}left") for margins in sections[:8]}
    top, small_print = sections[8].get(f"{W}top"), sections[9].get(f"{W}footer")
    assert inside == {"1417"}  # 25 mm; w:mirrorMargins turns it on even pages
    assert (top, small_print) == ("1417", "1417")  # nothing stands nearer to the bound edge
    assert int(sections[9].get(f"{W}bottom")) > int(small_print)
    assert {sections[index].get(f"{W}left") for index in (10, 11, 12)} == {"1417"}
    assert b"<w:mirrorMargins/>" in part(file, "word/settings.xml")


def test_same_book_same_bytes_in_another_process(file):
    program = [sys.executable, "-c", OTHER_PROCESS, ROOT / "tests/rendering/conftest.py"]
    said = subprocess.run(
        [*program, ROOT / "fonts"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Kamchatka"},
    )
    assert said.stdout.strip() == sha256(file).hexdigest()


def test_properties_come_from_the_passport(file, book, passport):
    properties = python_docx.Document(BytesIO(file)).core_properties
    assert properties.title == passport.title
    assert properties.identifier == passport.document
    assert properties.created == properties.modified == passport.issued_at
    assert f"<Pages>{len(book.pages)}</Pages>".encode() in part(file, "docProps/app.xml")
    with ZipFile(BytesIO(file)) as archive:
        assert {member.date_time[:3] for member in archive.infolist()} == {(2027, 6, 15)}


@pytest.mark.parametrize("snapshot", [b'{"a":"<&>"}', "\ufffe".encode(), b"\xff\x00"])
def test_the_data_it_was_made_from_comes_out_as_it_went_in(book, passport, snapshot):
    item = etree.fromstring(
        part(docx(book, replace(passport, snapshot=snapshot)), "customXml/item1.xml")
    )
    held = item[0]
    assert held.get("sha256") == sha256(snapshot).hexdigest()
    body = held.text.encode()
    assert (base64.b64decode(body) if held.get("encoding") == "base64" else body) == snapshot


def test_no_text_can_break_the_file(book, passport, openxml_audit):
    evil = "\x00\x01\x0b]]>\ud800&<w:p/>\ufffe\x85" + html.escape("ё")
    title = replace(book.pages[0].items[0].title, name=evil, copy=evil, above=(evil,))
    page = replace(book.pages[0], items=(replace(book.pages[0].items[0], title=title),))
    content = replace(book.content, footer=evil)
    file = docx(
        replace(book, pages=(page,), content=content, outline=()),
        replace(passport, title=evil, kind=evil, document=evil),
    )
    assert openxml_audit(file) == []
    assert "]]>&<w:p/>ё" in "".join(etree.fromstring(part(file, "word/document.xml")).itertext())


def part(file: bytes, name: str) -> bytes:
    with ZipFile(BytesIO(file)) as archive:
        return archive.read(name)
