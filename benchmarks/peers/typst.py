"""Typst: a compiled typesetter with real tables, the quickest general engine we know."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from pypdf import PdfReader

from benchmarks.harness.places import FONTS
from benchmarks.harness.task import Watch
from benchmarks.peers import sheet

MARKUP = f"""
#set document(title: "Классный журнал", date: none)
#set page(width: {sheet.WIDTH}mm, height: {sheet.HEIGHT}mm, margin: (top: {sheet.TOP}mm,
  right: {sheet.RIGHT}mm, bottom: {sheet.BOTTOM}mm, left: {sheet.LEFT}mm))
#set text(font: "PT Sans", size: {sheet.TEXT}pt, lang: "ru", hyphenate: false)
#set text(top-edge: "ascender", bottom-edge: "descender")
#set par(leading: 0pt)
#set table(stroke: {sheet.RULE}pt, inset: 0pt, align: center + horizon)
#let shade = luma({sheet.SHADE:.0%})
#let top(..parts) = block(height: 11mm, width: 100%, text(size: {sheet.TITLE}pt,
  grid(columns: parts.pos().map(_ => auto), column-gutter: 1fr, ..parts)))
#let band(it) = if it.turned {{
  table.cell(rowspan: 2, rotate(-90deg, reflow: true, strong(it.text)))
}} else {{ table.cell(colspan: it.span, it.text) }}
#let day(it) = [#text(size: 6.5pt, strong(it.at(1)))#linebreak()#it.at(0)]
#let mark(it) = if it.at(1) {{ table.cell(fill: shade, it.at(0)) }} else {{ it.at(0) }}
#let cell = table.cell.with(align: left + horizon, inset: (x: 1mm, y: 0.65mm))
#let entry(it) = if it.len() == 1 {{
  ([], [], cell(colspan: 2, strong(it.at(0))))
}} else {{
  (it.at(0), it.at(1), cell(it.at(2)), cell(it.at(3)))
}}
#for s in json("register.json") {{
  top(s.class, strong(s.subject), s.year)
  table(columns: ({sheet.NUMBER}mm, {sheet.NAME}mm) + ({sheet.COLUMN}mm,) * {sheet.COLUMNS},
    rows: ({sheet.BAND}mm, {sheet.DAY}mm) + ({sheet.ROW}mm,) * s.rows.len(),
    table.cell(rowspan: 2)[№ п/п], table.cell(rowspan: 2)[Фамилия, имя обучающегося],
    ..s.bands.map(band), ..s.days.filter(it => it != none).map(day),
    ..s.rows.map(r => (r.number, table.cell(align: left + horizon, inset: (x: 1mm), r.name))
      + r.cells.map(mark)).flatten())
  pagebreak()
  top([Фамилия, имя, отчество учителя:], strong(s.teachers))
  table(columns: ({sheet.LESSON}mm, {sheet.DATE}mm, {sheet.TOPIC}mm, {sheet.HOMEWORK}mm),
    rows: (9mm,) + (auto,) * s.entries.len() + ({sheet.LINE}mm,) * s.blank,
    [№ урока], [Дата], [Тема урока (что пройдено на уроке)], [Домашнее задание],
    ..s.entries.map(entry).flatten(), ..([],) * 4 * s.blank)
  pagebreak(weak: true)
}}
"""


def pdf(watch: Watch, source: str, warm: str) -> dict[str, Any]:
    """Print a register after another class's, without tags, which Typst would add by itself."""
    with TemporaryDirectory() as folder:
        _compiled(Path(folder, "warm"), warm)
        place = Path(folder, "book")
        with watch.running():
            body = _compiled(place, source)
    return {"pages": len(PdfReader(BytesIO(body)).pages), "bytes": len(body)}


def _compiled(folder: Path, source: str) -> bytes:
    folder.mkdir()
    shutil.copy(source, folder / "register.json")
    markup = folder / "register.typ"
    markup.write_text(MARKUP)
    body: bytes = typst.compile(
        str(markup),
        root=str(folder),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        pdf_tags=False,
    )
    return body
