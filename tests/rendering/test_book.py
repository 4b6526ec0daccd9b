"""A book tells the truth about itself: parity, contents, sheets, blanks, the same bytes always."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
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
    Contents,
    Heading,
    LessonStep,
    Orientation,
    Paragraph,
    PeriodStep,
    Pupil,
    Section,
    Signature,
    Signatures,
    Spreads,
    Start,
    Style,
    Table,
    TitlePage,
)
from service.domain.approving.approval import Role
from service.rendering.pages import BlankNote, MarksSlice, TableSlice, TitleSheet, TopicsSlice
from service.rendering.passport import Passport
from service.rendering.printer import Printer

ROOT = Path(__file__).parents[2]
PASSPORT = Passport("d1", "Книга", "test", datetime(2027, 6, 15, tzinfo=UTC), b'{"a":1}', b"{}")


@pytest.fixture(scope="module")
def printer(tmp_path_factory: pytest.TempPathFactory) -> Printer:
    return Printer(ROOT / "templates", ROOT / "fonts", tmp_path_factory.mktemp("forms"))


def spreads(pupils: int, lessons: int, topic: str = "Степень") -> Spreads:
    cells = tuple(Cell("5") for _ in range(pupils))
    steps = [
        LessonStep("сентябрь", f"{n:02}", "", cells, str(n), "02.09", topic, "§ 1")
        for n in range(1, lessons + 1)
    ]
    steps.append(PeriodStep("I четверть", cells, "Итоги I четверти: по плану 1 ч., дано 1 ч."))
    names = tuple(Pupil(str(n), f"Ученик {n}") for n in range(1, pupils + 1))
    return Spreads("8А класс", "Алгебра", "2026/2027", "Петров П.П.", names, tuple(steps))


def table(rows: int, text: str = "слово", columns: int = 3) -> Table:
    heads = tuple(Column(f"К{n}", 0, Align.LEFT) for n in range(columns))
    body = tuple(
        Block((tuple(Cell(f"{row}.{column} {text}") for column in range(columns)),))
        for row in range(rows)
    )
    return Table(heads, body, lead=1)


def book_content(*middle: Section) -> Content:
    title = TitlePage(
        ("Школа",), "ЖУРНАЛ", "(копия)", ("8А",), (("Год:", "2026"),),
        lambda totals: f"листов {totals.count.sheets}, страниц {totals.count.pages}",
        (("Том", "1"),), "Экземпляр № 1",
    )  # fmt: skip
    return Content(
        "Книга",
        (
            Section((title,), start=Start.ODD, every_volume=True),
            Section(
                (Contents("ОГЛАВЛЕНИЕ", ("№", "Наименование", "Учитель", "Страницы")),),
                every_volume=True,
            ),
            *middle,
            Section(
                (
                    Heading("ЗАВЕРИТЕЛЬНАЯ НАДПИСЬ"),
                    Signatures(
                        (
                            Signature("Заместитель", "П.П. Петров", Role.DEPUTY),
                            Signature("Директор", "И.И. Иванов", Role.DIRECTOR, seal=True),
                        )
                    ),
                    Paragraph(lambda totals: f"прошито {totals.count.sheets}"),
                ),
                title="Заверительная надпись",
                chapter="Заверительная надпись",
                start=Start.ODD,
                every_volume=True,
            ),
            Section((Heading("ЛИСТ-ЗАВЕРИТЕЛЬ"),), counted=False, every_volume=True),
        ),
        bound=True,
    )


def subject(title: str, body: Spreads) -> Section:
    return Section((body,), title=title, note="Петров П.П.", chapter="Предметы", start=Start.EVEN)


def test_parts_stand_where_a_bound_book_needs_them(printer: Printer) -> None:
    wide = Section(
        (Heading("СВОДНАЯ"), table(30)),
        title="Сводная",
        chapter="Сводная",
        start=Start.ODD,
        orientation=Orientation.LANDSCAPE,
        whole_sheets=True,
    )
    content = book_content(
        subject("Алгебра", spreads(27, 45)), subject("Химия", spreads(9, 3)), wide
    )
    book = printer.book(content)
    first = {}
    for page in book.pages:
        if page.section.title and not isinstance(page.items[0], BlankNote):
            first.setdefault(page.section.title, page.number)
    assert first["Алгебра"] % 2 == 0
    assert first["Химия"] % 2 == 0
    assert first["Сводная"] % 2 == 1
    assert first["Заверительная надпись"] % 2 == 1
    for left, right in zip(book.pages, book.pages[1:], strict=False):
        if isinstance(left.items[0], MarksSlice):
            assert isinstance(right.items[0], TopicsSlice)
            assert left.items[0].steps[0] is right.items[0].entries[0].step
            assert left.number % 2 == 0
    counted = [page.number for page in book.pages if page.number]
    assert counted == list(range(1, len(counted) + 1))
    assert book.totals.count.pages == counted[-1]
    assert book.totals.count.sheets == -(-counted[-1] // 2)
    uncounted = [index for index, page in enumerate(book.pages) if not page.number]
    assert uncounted[-1] % 2 == 0, "the certification sheet of the file stands on a front"


def test_contents_and_title_tell_the_pages(printer: Printer) -> None:
    content = book_content(subject("Алгебра", spreads(27, 45)), subject("Химия", spreads(9, 3)))
    book = printer.book(content)
    sheet = book.pages[0].items[0]
    assert isinstance(sheet, TitleSheet)
    assert [(part.title, part.pages) for part in sheet.parts] == [
        ("Предметы", "4"),
        ("Заверительная надпись", "13"),
    ]
    listed = book.pages[1].items[1]
    assert isinstance(listed, TableSlice)
    rows = [[cell.text for cell in block.rows[0] if cell] for block in listed.blocks]
    assert rows == [
        ["1", "Алгебра", "Петров П.П.", "4–9"],
        ["2", "Химия", "Петров П.П.", "10–11"],
        ["3", "Заверительная надпись", "", "13"],
    ]
    assert isinstance(book.pages[11].items[0], BlankNote)
    reader = PdfReader(BytesIO(printer.pdf(book, PASSPORT).body))
    for title, index in book.outline:
        assert title in [str(item.title) for item in reader.outline]
        assert reader.pages[index].extract_text()
    assert "листов 7, страниц 13" in reader.pages[0].extract_text()


def test_a_thick_book_is_bound_in_volumes(printer: Printer) -> None:
    subjects = [subject(f"Предмет {n}", spreads(9, 30)) for n in range(9)]
    content = replace(book_content(*subjects), volume_sheets=10)
    books = printer.books(content)
    assert [(b.totals.volume, b.totals.volumes) for b in books] == [(1, 3), (2, 3), (3, 3)]
    assert all(b.totals.count.sheets <= 10 for b in books)
    inside = [title for b in books for title, _ in b.outline if title.startswith("Предмет")]
    assert inside == [f"Предмет {n}" for n in range(9)], "every subject is whole, in one volume"
    for book in books:
        assert isinstance(book.pages[0].items[0], TitleSheet)
        assert book.pages[0].number == 1
        assert book.outline[-1][0] == "Заверительная надпись"
        listed = book.pages[1].items[1]
        assert isinstance(listed, TableSlice)
        rows = [block.rows[0][1].text for block in listed.blocks]  # type: ignore[union-attr]
        assert rows == [title for title, _ in book.outline]


@pytest.mark.parametrize("pupils", [1, 35, 36, 41, 100])
def test_every_pupil_has_a_line(printer: Printer, pupils: int) -> None:
    book = printer.book(book_content(subject("Алгебра", spreads(pupils, 20))))
    marks = [page.items[0] for page in book.pages if isinstance(page.items[0], MarksSlice)]
    numbers = {pupil.number for part in marks for pupil in part.pupils}
    assert numbers == {str(n) for n in range(1, pupils + 1)}
    assert max(len(part.pupils) for part in marks) <= 35


@pytest.mark.parametrize("length", [120, 2000, 4000])
def test_no_word_of_a_topic_is_lost(printer: Printer, length: int, pdftotext) -> None:
    words = [f"слово{n}" for n in range(length // 9)]
    book = printer.book(book_content(subject("Алгебра", spreads(5, 3, " ".join(words)))))
    text = " ".join(pdftotext(printer.pdf(book, PASSPORT).body))
    for word in (words[0], words[len(words) // 2], words[-1]):
        assert text.count(f"{word}\n") + text.count(f"{word} ") >= 3


def test_a_period_stands_beside_the_lesson_before_it(printer: Printer) -> None:
    dealt = spreads(3, 20)
    cells = dealt.steps[-1].cells
    year = (PeriodStep("Годовая", cells, "Итоги года: дано 20 ч."), PeriodStep("Итоговая", cells))
    body = replace(dealt, steps=(*dealt.steps, *year))
    pages = printer.book(book_content(subject("Алгебра", body))).pages
    lefts = [page.items[0] for page in pages if isinstance(page.items[0], MarksSlice)]
    rights = [page.items[0] for page in pages if isinstance(page.items[0], TopicsSlice)]
    assert [len(left.steps) for left in lefts] == [19, 4]
    assert isinstance(lefts[1].steps[0], LessonStep)
    assert [len(right.entries) for right in rights] == [19, 3]


def test_a_row_longer_than_a_page_goes_on_overleaf(printer: Printer, pdftotext) -> None:
    words = [f"слово{n}" for n in range(600)]
    content = Content(
        "Т",
        (
            Section(
                (Heading("ЗАМЕЧАНИЯ"), table(1, " ".join(words), 2)),
            ),
        ),
    )
    text = " ".join(pdftotext(printer.pdf(printer.book(content), PASSPORT).body))
    assert all(text.count(word) >= 2 for word in words)


def test_a_row_longer_than_a_page_stays_within_the_page_under_its_heading(
    printer: Printer,
) -> None:
    words = " ".join(f"слово{n}" for n in range(600))
    body = (Paragraph("Вступление"), Heading("ЗАМЕЧАНИЯ"), table(1, words, 2))
    for page in printer.book(Content("Т", (Section(body),))).pages:
        tall = [part for part in page.items if isinstance(part, TableSlice)]
        headings = sum(isinstance(item, Heading) for item in page.items)
        height = sum(part.head_height + sum(map(sum, part.heights)) for part in tall)
        assert height + headings * 6 <= 260


def test_a_spread_that_goes_on_with_the_list_says_so_on_both_pages(
    printer: Printer, pdftotext
) -> None:
    content = book_content(subject("Алгебра", spreads(41, 3)))
    pages = pdftotext(printer.pdf(printer.book(content), PASSPORT).body)
    said = [text.count("продолжение") for text in pages if "Ученик" in text or "Степень" in text]
    assert said == [0, 0, 1, 1]
    periods = [text for text in pages if "Итоги I четверти: по плану 1 ч., дано 1 ч." in text]
    assert len(periods) == 2


def test_a_table_wider_than_the_page_repeats_its_lead(printer: Printer) -> None:
    columns = (Column("№", 8), Column("Имя", 40), *tuple(Column(f"П{n}", 20) for n in range(12)))
    rows = tuple(Block((tuple(Cell(str(n)) for n in range(14)),)) for _ in range(3))
    book = printer.book(Content("Т", (Section((Table(columns, rows),)),)))
    slices = [page.items[0] for page in book.pages]
    assert len(slices) == 2
    shown = [[column.title for column in part.columns] for part in slices]  # type: ignore[union-attr]
    assert [titles[:2] for titles in shown] == [["№", "Имя"]] * 2
    assert [title for titles in shown for title in titles[2:]] == [f"П{n}" for n in range(12)]


def test_no_run_of_columns_is_left_with_one_of_them(printer: Printer) -> None:
    columns = (Column("№", 8), Column("Имя", 40), *(Column(f"П{n}", 10) for n in range(14)))
    rows = (Block((tuple(Cell(str(n)) for n in range(16)),)),)
    book = printer.book(Content("Т", (Section((Table(columns, rows),)),)))
    assert [len(page.items[0].columns) - 2 for page in book.pages] == [7, 7]  # type: ignore[union-attr]


@pytest.mark.parametrize("rows", [22, 30])
def test_places_to_sign_take_a_table_of_one_row_along_with_its_heading(
    printer: Printer, rows: int
) -> None:
    lines = Signatures((Signature("Директор", "И.И. Иванов", Role.DIRECTOR),) * 3)
    body = (table(rows), Heading("СВОДНЫЕ ДАННЫЕ"), table(1), lines)
    first, second = printer.book(Content("Т", (Section(body),))).pages
    assert [type(item) for item in first.items] == [TableSlice]
    assert [type(item) for item in second.items] == [Heading, TableSlice, Signatures]


@pytest.mark.parametrize("rows", range(22, 40))
def test_places_to_sign_never_stand_alone(printer: Printer, rows: int) -> None:
    lines = Signatures((Signature("Директор", "И.И. Иванов", Role.DIRECTOR),))
    book = printer.book(Content("Т", (Section((table(rows), lines)),)))
    assert len(book.pages[-1].items) == 2
    shown = [len(p.items[0].blocks) for p in book.pages]  # type: ignore[union-attr]
    assert sum(shown) == rows
    assert min(shown) > 0


@pytest.mark.parametrize("rows", range(36, 46))
def test_a_table_never_goes_on_overleaf_with_a_row_or_two(printer: Printer, rows: int) -> None:
    book = printer.book(Content("Т", (Section((table(rows),)),)))
    shown = [len(page.items[0].blocks) for page in book.pages]  # type: ignore[union-attr]
    assert sum(shown) == rows
    assert min(shown) >= 5
    numbers = [
        int(block.rows[0][0].text.split(".")[0])  # type: ignore[union-attr]
        for page in book.pages
        for block in page.items[0].blocks  # type: ignore[union-attr]
    ]
    assert numbers == [*range(rows)]


def test_a_character_without_a_glyph_is_named_not_boxed(printer: Printer, pdftotext) -> None:
    content = Content("Т", (Section((Paragraph("Молодец 😀"), table(1, "漢"))),))
    text = " ".join(pdftotext(printer.pdf(printer.book(content), PASSPORT).body))
    assert "[U+1F600]" in text
    assert "[U+6F22]" in text


def test_fields_stand_before_anybody_signs(printer: Printer) -> None:
    book = printer.book(book_content(subject("Алгебра", spreads(5, 3))))
    reader = PdfReader(BytesIO(printer.pdf(book, PASSPORT).body))
    fields = reader.get_fields() or {}
    assert set(fields) == {"deputy", "director"}
    form = reader.trailer["/Root"]["/AcroForm"]["/Fields"]  # type: ignore[index]
    boxes = [field.get_object()["/Rect"] for field in form]
    for x1, y1, x2, y2 in boxes:
        assert (x2 - x1, y2 - y1) == pytest.approx((75 * 72 / 25.4, 28 * 72 / 25.4), abs=0.05)
    assert [field.get_object().get("/Lock") is not None for field in form] == [False, True]


def test_a_struck_or_shaded_cell_and_a_corner_are_drawn(printer: Printer) -> None:
    cells = (Cell("а", corner="К"), Cell(style=Style.SHADED), Cell(style=Style.STRUCK))
    content = Content("Т", (Section((Table(table(1).columns, (Block((cells,)),)),)),))
    page = PdfReader(BytesIO(printer.pdf(printer.book(content), PASSPORT).body)).pages[0]
    drawn = page.get_contents().get_data().decode()  # type: ignore[union-attr]
    assert "0.87 g" in drawn
    assert "К" in page.extract_text()


SCRIPT = """
import sys
sys.path[:0] = [{root!r}, {here!r}]
from pathlib import Path
from hashlib import sha256
import test_book as t
from service.rendering.printer import Printer
root = Path({root!r})
printer = Printer(root / "templates", root / "fonts", {cache})
book = printer.book(t.book_content(t.subject("Алгебра", t.spreads(27, 45))))
print(sha256(printer.pdf(book, t.PASSPORT).body).hexdigest())
"""


def test_same_bytes_in_another_process_with_another_seed_and_cold_forms(tmp_path: Path) -> None:
    hashes = set()
    for seed, cache in (
        ("1", "None"),
        ("2", f"Path({str(tmp_path)!r})"),
        ("3", f"Path({str(tmp_path)!r})"),
    ):
        script = SCRIPT.format(root=str(ROOT), here=str(Path(__file__).parent), cache=cache)
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "TZ": "Asia/Tokyo" if seed == "2" else "UTC",
            },
            capture_output=True,
            text=True,
            check=True,
        )
        hashes.add(done.stdout.strip())
    assert len(hashes) == 1


def test_books_are_pdf_a_3u(printer: Printer, verapdf) -> None:
    book = printer.book(
        book_content(subject("Алгебра", spreads(27, 45)), subject("Х", spreads(41, 3)))
    )
    verdict = verapdf(printer.pdf(book, PASSPORT).body, "3u")
    assert verdict.passed, verdict.broken


def test_what_it_was_made_from_is_inside(printer: Printer) -> None:
    book = printer.book(book_content(subject("Алгебра", spreads(5, 3))))
    reader = PdfReader(BytesIO(printer.pdf(book, PASSPORT).body))
    assert reader.attachments["snapshot.json"] == [b'{"a":1}']
    relations = [f.get_object()["/AFRelationship"] for f in reader.trailer["/Root"]["/AF"]]  # type: ignore[index]
    assert sorted(relations) == ["/Data", "/Source"]
