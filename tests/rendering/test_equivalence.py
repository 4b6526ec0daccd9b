"""A filled form and the same page set by WeasyPrint alone: nobody may tell which is which."""

from __future__ import annotations

import re
import subprocess
from dataclasses import astuple
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter
from weasyprint import HTML

from service.documents.parts import (
    Align,
    Block,
    Cell,
    Column,
    ColumnGroup,
    Content,
    Corners,
    Facts,
    Heading,
    Orientation,
    Paragraph,
    Pupil,
    Section,
    Signature,
    Signatures,
    Size,
    Style,
    Table,
)
from service.domain.approving.approval import Role
from service.domain.pagination import PageCount, Totals
from service.rendering.canvas import Canvas
from service.rendering.capture import Capture
from service.rendering.forms import Forms
from service.rendering.pages import Book, Page
from service.rendering.paper import MM, paper
from service.rendering.passport import Passport
from service.rendering.press import Press, _Job
from service.rendering.prose import Prose, ends
from service.rendering.setting import set_block, set_line
from service.rendering.spreads import SpreadPages
from service.rendering.tables import Tables
from service.rendering.typeface import Faces
from service.rendering.typesetter import Typesetter

ROOT = Path(__file__).parents[2]
PASSPORT = Passport("d", "Форма", "k", datetime(2027, 6, 15, tzinfo=UTC), b"{}", b"{}")
HALF_PIXEL = 72 / 150 / 2  # points
MARKS = {"width": 175.0, "height": 260.0, "rows": 12, "columns": 20, "column": 6.0}
TOPICS = {"width": 175.0, "height": 260.0, "lines": 48, "line": 5.0}
MARKS_TEXT = {
    "left": "8А класс",
    "middle": "Наименование предмета: Башкорт теле (1 группа)",
    "right": "2026/2027 учебный год",
    "n0": "1",
    "p0": "Гусев-Ҕаҕарин Тарас",
    "p1": "Ёлкин Ўткир",
    "p2": "Ӑшпай Уҫӑп, № 7",
    "m0.0": "5",
    "m0.1": "5/4",
    "m1.2": "Н\u00a04",
    "m2.19": "УП",
    "day3": "02",
    "band4": "май",
    "corner3": "К",
    "turn5": "I четверть",
    "turn6": "Годовая",
}
TOPICS_TEXT = {
    "teachers": "Петров Пётр Петрович (по 12.01.2027)",
    "n0": "1",
    "d0": "02.09",
    "t0": "Квадратные уравнения. Теорема Виета «туда» и «обратно»",
    "h0": "§ 12, упр. 4–8, повторить правило",
    "t47": "Ёжик в тумане — У Лукоморья дуб зелёный, ГОСТ, fi fl",
}


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(ROOT / "templates", Faces(ROOT / "fonts"))


def _whole(typesetter: Typesetter, template: str, values: dict, texts: dict[str, str]) -> bytes:
    """Return the page with its texts in place, set by WeasyPrint alone."""
    html = typesetter._environment.get_template(template).render(**values)

    def put(match: re.Match[str]) -> str:
        return f"{match[1]}{escape(texts.get(match[2], ''))}<"

    html = re.sub(r'(<[^>]* data-slot="([^"]+)"[^>]*>)0<', put, html)
    document = HTML(string=html, base_url=typesetter.templates.as_uri() + "/")
    return document.write_pdf(stylesheets=[typesetter._face_css], font_config=typesetter._fonts)


def _book() -> Book:
    page = Page((), Section(()), 1, Section(()).orientation)
    return Book(Content("Форма", ()), (page,), Totals(PageCount(1)), ())


def _filled(typesetter: Typesetter, template: str, values: dict, texts: dict[str, str]) -> bytes:
    """Return the page as the press makes it: a form and runs of text in its slots."""
    forms = Forms(typesetter, None)
    form = forms.form(template, **values)
    job = _Job(Press(forms, None, None, None), _book(), PASSPORT)  # type: ignore[arg-type]
    canvas = Canvas(form.height, job.ink)
    job._place(canvas, form, 0, 0)
    for name, text in texts.items():
        canvas.runs(set_line(form.slots[name], text, typesetter.faces))
    side = type("Side", (), {"width": form.width, "height": form.height})()
    job._add(canvas, side, turned=False)
    return job.bind()


TABLE = Table(
    (
        Column("№ п/п", 8),
        Column("Фамилия, имя, отчество обучающегося", 48, Align.LEFT),
        ColumnGroup(
            "I четверть",
            (
                ColumnGroup("Пропущено дней", (Column("всего", 9, turned=True), Column("Б", 9))),
                Column("по уважительной причине", 9, turned=True),
            ),
        ),
        *(Column(title, 8, turned=True) for title in ("Русский язык", "Физическая культура")),
        Column("Решение педагогического совета (дата и номер)", 0, Align.LEFT),
    ),
    tuple(
        Block((tuple(map(Cell, (str(n), name, "2", "", "осв", "4", "н/а", said))),))
        for n, name, said in (
            (1, "Ёлкин Тимофей Андреевич", "переведён в 9 класс, протокол от 29.05.2027 №\u00a08"),
            (2, "Константинопольский-Задунайский Вольдемар Иннокентьевич", "выбыл"),
            (3, "О'Коннор Шон", "оставлен на повторное обучение, " * 6),
        )
    ),
    dense=True,
)


def _table_filled(typesetter: Typesetter) -> bytes:
    """Return the table as the press makes it: a head, and rows under it."""
    forms = Forms(typesetter, None)
    tables = Tables(forms)
    (part,) = tables.slices(TABLE, 175 * MM, 400 * MM, 400 * MM)
    form = tables.form(TABLE, part.columns, part.widths)
    job = _Job(Press(forms, None, tables, None), _book(), PASSPORT)  # type: ignore[arg-type]
    canvas = Canvas(400 * MM, job.ink)
    canvas.capture(form.head)
    tables.draw(canvas, part, form, 0, 0)
    side = type("Side", (), {"width": 175 * MM, "height": 400 * MM})()
    job._add(canvas, side, turned=False)
    return job.bind()


def _table_whole(typesetter: Typesetter) -> bytes:
    """Return the same table set by WeasyPrint alone: the template's one row becomes all of them."""
    seen: dict = {}

    class Looking(Forms):
        def form(self, template: str, **values: object) -> Capture:
            seen.update(template=template, values=values)
            return super().form(template, **values)

    tables = Tables(Looking(typesetter, None))
    (part,) = tables.slices(TABLE, 175 * MM, 400 * MM, 400 * MM)
    tables.form(TABLE, part.columns, part.widths)
    html = typesetter._environment.get_template(seen["template"]).render(**seen["values"])
    cells = re.findall(r'<td class="(\w+)" data-slot="column-\d+">0</td>', html)
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td class="{align}">{escape(cell.text)}</td>'
            for align, cell in zip(cells, block.rows[0], strict=True)
        )
        + "</tr>"
        for block in TABLE.body
    )
    html = re.sub(r'<tr>(<td class="\w+" data-slot="column-\d+">0</td>)+</tr>', rows, html)
    html = re.sub(r'<div class="turned-type".*?</div>', "", html)
    document = HTML(string=html, base_url=typesetter.templates.as_uri() + "/")
    return document.write_pdf(stylesheets=[typesetter._face_css], font_config=typesetter._fonts)


def _words(pdf: bytes, tmp_path: Path) -> list[tuple[str, tuple[float, ...]]]:
    (tmp_path / "w.pdf").write_bytes(pdf)
    said = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "w.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    found = re.findall(
        r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', said
    )
    return sorted((word, tuple(map(float, box))) for *box, word in found)


def _picture(pdf: bytes, tmp_path: Path) -> Image.Image:
    (tmp_path / "p.pdf").write_bytes(pdf)
    png = subprocess.run(
        ["pdftoppm", "-r", "150", "-gray", "-png", tmp_path / "p.pdf"],
        capture_output=True,
        check=True,
    ).stdout
    return Image.open(BytesIO(png)).convert("L")


@pytest.mark.parametrize(
    ("template", "values", "texts"),
    [
        ("shared/marks.html", MARKS, MARKS_TEXT),
        ("shared/topics.html", TOPICS, TOPICS_TEXT),
    ],
    ids=["marks", "topics"],
)
def test_filled_page_is_the_page_weasyprint_would_set(
    typesetter: Typesetter, template: str, values: dict, texts: dict, tmp_path: Path
) -> None:
    whole = _whole(typesetter, template, values, texts)
    _same(_filled(typesetter, template, values, texts), whole, tmp_path)


def test_filled_table_is_the_table_weasyprint_would_set(
    typesetter: Typesetter, tmp_path: Path
) -> None:
    _same(_table_filled(typesetter), _table_whole(typesetter), tmp_path)


def _same(filled: bytes, whole: bytes, tmp_path: Path) -> None:
    """Hold every word within half a pixel, and all ink within a pixel, at 150 dpi."""
    ours, theirs = _words(filled, tmp_path), _words(whole, tmp_path)
    assert [word for word, _ in ours] == [word for word, _ in theirs]
    for (word, box), (_, other) in zip(ours, theirs, strict=True):
        assert box == pytest.approx(other, abs=HALF_PIXEL), word
    one, two = _picture(filled, tmp_path), _picture(whole, tmp_path)
    assert one.size == two.size
    for here, there in ((one, two), (two, one)):
        near = there.filter(ImageFilter.MinFilter(3))
        missing = ImageChops.subtract(near, here)
        assert missing.getextrema()[1] < 110, "ink without its twin"


RUNNING_TEXT = (
    Heading("ЗАВЕРИТЕЛЬНАЯ НАДПИСЬ", "8А класса за 2026/2027 учебный год"),
    Paragraph("Проверено: ошибок нет.", Align.RIGHT, Size.SMALL, Style.ITALIC),
    Paragraph("Прошито, пронумеровано и скреплено печатью\n82 (восемьдесят два) листа"),
    Paragraph("Слово за словом, строка за строкой. " * 12),
    Facts((("Индекс дела по номенклатуре:", "05-12"), ("Срок:", "5 лет " * 30), ("Копия:", "№ 1"))),
    Corners("8А класс", "СПИСОК ОБУЧАЮЩИХСЯ", "2026/2027"),
    Signatures(
        (
            Signature("Заместитель директора по УВР", "А.А. Смирнова", Role.DEPUTY, "Проверено."),
            Signature("Директор", "Константинопольский-Задунайский В.И.", Role.DIRECTOR, seal=True),
            Signature("Секретарь", ""),
        )
    ),
)


@pytest.mark.parametrize("width", [175, 273])
def test_text_set_into_a_blank_stands_where_weasyprint_would_set_it(
    typesetter: Typesetter, width: float
) -> None:
    filled = Prose(Forms(typesetter, None)).lay_out(
        RUNNING_TEXT, width * MM, Totals(PageCount(163))
    )
    whole = Prose(Forms(typesetter, None))
    whole._blanks._fits = lambda *_: False  # type: ignore[method-assign]
    laid_out = whole.lay_out(RUNNING_TEXT, width * MM, Totals(PageCount(163)))
    ours, theirs = (sorted(c.runs, key=lambda run: (run.text, run.y)) for c in (filled, laid_out))
    assert [run.text for run in ours] == [run.text for run in theirs]
    for run, other in zip(ours, theirs, strict=True):
        assert run[:2] == other[:2]
        assert run[2:4] == pytest.approx(other[2:4], abs=0.05), run.text
    assert filled.rules == laid_out.rules
    assert ends(filled, len(RUNNING_TEXT)) == ends(laid_out, len(RUNNING_TEXT))


def test_one_blank_serves_every_class(typesetter: Typesetter) -> None:
    forms = Forms(typesetter, None)
    prose = Prose(forms)
    for name in ("8А", "11Б"):
        prose.lay_out((Heading("ИТОГИ", f"{name} класса"),), 175 * MM, Totals(PageCount(1)))
    assert len(forms._known) == 1


def test_texts_copy_as_they_were_written(typesetter: Typesetter, pdftotext, tmp_path: Path) -> None:
    filled = _filled(typesetter, "shared/marks.html", MARKS, MARKS_TEXT)
    (page,) = pdftotext(filled)
    for text in ("Гусев-Ҕаҕарин Тарас", "Ёлкин Ўткир", "Ӑшпай Уҫӑп, № 7", "5/4"):
        assert text in page


@pytest.mark.parametrize("way", Orientation)
@pytest.mark.parametrize("front", [True, False])
def test_small_print_is_of_8_points_and_leaves_the_bound_edge_alone(typesetter, way, front):
    moment = "15.06.2027 10:32 (UTC+5)"
    said = f"Сформировано {moment} · документ {'8' * 32}, версия 1 · снимок от {moment}"
    page = Page((), Section(()), 124, way)
    side = paper(Forms(typesetter, None), Content("Т", (), bound=True), way, front)
    printed = page.small_print(said, Totals(PageCount(249)))
    runs = set_line(side.footer, printed, typesetter.faces)
    assert {run.size for run in runs} == {8}
    assert printed.replace("\n", " · ") == f"{said} · стр.\u00a0124 из\u00a0249"
    frame = side.frame
    assert frame.y + frame.height < min(run.y - run.size for run in runs)
    bound_below = way is Orientation.LANDSCAPE and not front
    edge = (25 if bound_below else 6) * MM
    assert max(run.y for run in runs) < side.height - edge
    above = set_line(side.page, "124", typesetter.faces)
    assert 10 * MM < above[0].y - above[0].size * 0.8 < above[0].y < frame.y


@pytest.mark.parametrize("count", [0, 3])
def test_a_left_page_is_ruled_as_one_laid_out_for_so_many_pupils(typesetter, count):
    side = paper(Forms(typesetter, None), Content("Т", (), bound=True), Orientation.PORTRAIT, False)
    pupils = tuple(Pupil(str(number + 1), "Ёлкин Ўткир") for number in range(count))
    listed = SpreadPages(Forms(typesetter, None)).marks_page(side).listed(pupils)
    values = MARKS | dict(zip(("width", "height"), side.size, strict=True))
    (laid_out,) = typesetter.pages("shared/marks.html", **values | {"rows": max(count, 1)})
    assert len(listed.rules) == len(laid_out.rules)
    for ours, theirs in zip(listed.rules, laid_out.rules, strict=True):
        assert astuple(ours) == pytest.approx(astuple(theirs), abs=0.001)


def test_a_right_page_is_ruled_as_far_as_its_lessons_go(typesetter):
    side = paper(Forms(typesetter, None), Content("Т", (), bound=True), Orientation.PORTRAIT, True)
    right = SpreadPages(Forms(typesetter, None)).topics_page(side)
    whole, part = right.ruled(48), right.ruled(3)
    lowest = [max(rule.y2 for rule in form.rules) for form in (whole, part)]
    assert lowest[0] - lowest[1] == pytest.approx(45 * 5 * MM, abs=0.5)
    uprights = [rule for rule in part.rules if rule.x1 == rule.x2 and rule.y2 == lowest[1]]
    assert len({rule.x1 for rule in uprights}) == 4  # topic and homework are parted on the page


def test_a_long_subject_stands_on_two_lines_before_it_is_set_small(typesetter):
    slot = typesetter.pages("shared/marks.html", **MARKS)[0].slots["middle"]
    subject = "Наименование предмета: Основы духовно-нравственной культуры народов России"
    short, long = (set_block(slot, said, typesetter.faces) for said in (subject[:30], subject))
    assert [(len(short), short[0].size), (len(long), long[0].size)] == [(1, 11), (2, 11)]
    assert long[0].y < short[0].y < long[1].y
    assert short == set_line(slot, subject[:30], typesetter.faces)
