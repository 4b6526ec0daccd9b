"""The spreads as DOCX tables by python-docx's own table API, a row at a time."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.shared import Mm

from benchmarks.harness.task import Watch
from benchmarks.peers import sheet
from benchmarks.peers.sheet import Spread


def docx(watch: Watch, source: str, spreads: int) -> dict[str, Any]:
    """Make a DOCX of the first spreads."""
    told = sheet.read(source)[:spreads]
    with watch.running():
        document = Document()
        for spread in told:
            _page(document, spread["subject"], _marks(spread))
            _page(document, spread["teachers"], _topics(spread))
        output = BytesIO()
        document.save(output)
    return {"pages": 2 * len(told), "bytes": len(output.getvalue())}


def _page(document: Any, title: str, rows: list[list[str]]) -> None:
    document.add_paragraph(title)
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        added = table.add_row()
        added.height = Mm(sheet.LINE)
        for cell, text in zip(added.cells, row, strict=True):
            cell.text = text
    document.add_page_break()


def _marks(spread: Spread) -> list[list[str]]:
    days = [" ".join(filter(None, reversed(day))) if day else "" for day in spread["days"]]
    days += [""] * (sheet.COLUMNS - len(days))
    rows = [
        [row["number"], row["name"], *(text for text, _ in row["cells"])] for row in spread["rows"]
    ]
    return [["№ п/п", "Фамилия, имя обучающегося", *days], *rows]


def _topics(spread: Spread) -> list[list[str]]:
    head = ["№ урока", "Дата", "Тема урока", "Домашнее задание"]
    rows = [
        entry if len(entry) == len(head) else ["", "", *entry, ""] for entry in spread["entries"]
    ]
    return [head, *rows, *[[""] * len(head)] * spread["blank"]]
