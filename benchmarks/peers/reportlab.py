"""ReportLab: tables and paragraphs of its page layout library (platypus)."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from pypdf import PdfReader
from reportlab.lib.colors import Color, black
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Table,
    TableStyle,
)

from benchmarks.harness.places import FONTS
from benchmarks.harness.task import Watch
from benchmarks.peers import sheet
from benchmarks.peers.sheet import Spread

PLAIN = ParagraphStyle("plain", fontName="PT", fontSize=sheet.TEXT, leading=sheet.TEXT * 1.1)
STRONG = ParagraphStyle("strong", parent=PLAIN, fontName="PTB")
SHADE = Color(sheet.SHADE, sheet.SHADE, sheet.SHADE)
ACROSS = (sheet.WIDTH - sheet.LEFT - sheet.RIGHT) * mm
GRID = (
    ("GRID", (0, 0), (-1, -1), sheet.RULE, black),
    ("FONT", (0, 0), (-1, -1), "PT", sheet.TEXT, sheet.TEXT * 1.1),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("ALIGN", (0, 0), (-1, -1), "CENTER"),
)
MARKS = (
    *GRID,
    ("SPAN", (0, 0), (0, 1)),
    ("SPAN", (1, 0), (1, 1)),
    ("ALIGN", (1, 2), (1, -1), "LEFT"),
    ("LEFTPADDING", (1, 2), (1, -1), mm),
)
TOPICS = (
    *GRID,
    ("ALIGN", (2, 1), (3, -1), "LEFT"),
    ("LEFTPADDING", (2, 1), (3, -1), mm),
    ("RIGHTPADDING", (2, 1), (3, -1), mm),
    ("TOPPADDING", (2, 1), (3, -1), 0.7 * mm),
    ("BOTTOMPADDING", (2, 1), (3, -1), 0.7 * mm),
)
TOP = TableStyle([("FONT", (0, 0), (-1, -1), "PT", sheet.TITLE), ("FONT", (1, 0), (1, 0), "PTB")])


class Turned(Flowable):
    """Text that reads upwards."""

    def __init__(self, text: str):
        super().__init__()
        self.text = text
        self.width, self.height = sheet.COLUMN * mm, (sheet.BAND + sheet.DAY) * mm

    def draw(self) -> None:
        """Draw the text from the lower edge upwards."""
        canvas: Canvas = self.canv
        canvas.setFont("PTB", sheet.TEXT)
        canvas.rotate(90)
        canvas.drawString(mm, -self.width / 2 - sheet.TEXT / 3, self.text)


def pdf(watch: Watch, source: str, warm: str) -> dict[str, Any]:
    """Print a register after another class's."""
    pdfmetrics.registerFont(TTFont("PT", FONTS / sheet.REGULAR))
    pdfmetrics.registerFont(TTFont("PTB", FONTS / sheet.BOLD))
    _made(sheet.read(warm))
    spreads = sheet.read(source)
    with watch.running():
        body = _made(spreads)
    return {"pages": len(PdfReader(BytesIO(body)).pages), "bytes": len(body)}


def _made(spreads: list[Spread]) -> bytes:
    output = BytesIO()
    document = SimpleDocTemplate(
        output,
        pagesize=(sheet.WIDTH * mm, sheet.HEIGHT * mm),
        leftMargin=sheet.LEFT * mm - 6,  # the frame's own padding
        rightMargin=sheet.RIGHT * mm - 6,
        topMargin=sheet.TOP * mm - 6,
        bottomMargin=sheet.BOTTOM * mm - 6,
        pageCompression=1,
    )
    document.build([part for spread in spreads for part in _spread(spread)])
    return output.getvalue()


def _spread(spread: Spread) -> Iterator[Flowable]:
    third = ACROSS / 3
    yield Table(
        [[spread["class"], spread["subject"], spread["year"]]],
        [third / 2, 2 * third, third / 2],
        [11 * mm],
        TOP,
    )
    yield _marks(spread)
    yield PageBreak()
    yield Table(
        [["Фамилия, имя, отчество учителя:", spread["teachers"]]],
        [third, 2 * third],
        [11 * mm],
        TOP,
    )
    yield _topics(spread)
    yield PageBreak()


def _marks(spread: Spread) -> Table:
    bands: list[Any] = ["№\nп/п", "Фамилия, имя обучающегося"]
    days: list[str] = ["", ""]
    style: list[tuple[Any, ...]] = list(MARKS)
    for band in spread["bands"]:
        place = len(bands)
        if band["turned"]:
            style.append(("SPAN", (place, 0), (place, 1)))
            bands.append(Turned(band["text"]))
            continue
        style.append(("SPAN", (place, 0), (place + band["span"] - 1, 0)))
        bands += [band["text"], *[""] * (band["span"] - 1)]
    days += [f"{day[1]}\n{day[0]}" if day else "" for day in spread["days"]]
    days += [""] * (len(bands) - len(days))
    rows = []
    for down, row in enumerate(spread["rows"], start=2):
        rows.append([row["number"], row["name"], *(text for text, _ in row["cells"])])
        for across, (_, shaded) in enumerate(row["cells"], start=2):
            if shaded:
                style.append(("BACKGROUND", (across, down), (across, down), SHADE))
    widths = [sheet.NUMBER * mm, sheet.NAME * mm, *[sheet.COLUMN * mm] * sheet.COLUMNS]
    heights = [sheet.BAND * mm, sheet.DAY * mm, *[sheet.ROW * mm] * len(rows)]
    return Table([bands, days, *rows], widths, heights, TableStyle(style))


def _topics(spread: Spread) -> Table:
    style: list[tuple[Any, ...]] = list(TOPICS)
    rows: list[list[Any]] = [
        ["№\nурока", "Дата", "Тема урока (что пройдено на уроке)", "Домашнее задание"]
    ]
    for entry in spread["entries"]:
        if len(entry) == 1:
            style.append(("SPAN", (2, len(rows)), (3, len(rows))))
            rows.append(["", "", Paragraph(escape(entry[0]), STRONG), ""])
            continue
        number, date, topic, homework = entry
        texts = Paragraph(escape(topic), PLAIN), Paragraph(escape(homework), PLAIN)
        rows.append([number, date, *texts])
    widths = [width * mm for width in (sheet.LESSON, sheet.DATE, sheet.TOPIC, sheet.HOMEWORK)]
    heights = [9 * mm, *[None] * (len(rows) - 1), *[sheet.LINE * mm] * spread["blank"]]
    rows += [[""] * 4] * spread["blank"]
    return Table(rows, widths, heights, TableStyle(style))
