"""Spreads as an HTML document, for engines that print HTML."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from benchmarks.harness.places import FONTS
from benchmarks.peers import sheet
from benchmarks.peers.sheet import Spread

STYLE = f"""
@font-face {{ font-family: PT; src: url({(FONTS / sheet.REGULAR).as_uri()}) }}
@font-face {{ font-family: PT; font-weight: 700; src: url({(FONTS / sheet.BOLD).as_uri()}) }}
@page {{ size: {sheet.WIDTH}mm {sheet.HEIGHT}mm;
  margin: {sheet.TOP}mm {sheet.RIGHT}mm {sheet.BOTTOM}mm {sheet.LEFT}mm }}
html {{ font: {sheet.TEXT}pt/1.1 PT }}
body {{ margin: 0 }}
section {{ break-after: page }}
header {{ height: 11mm; font-size: {sheet.TITLE}pt; display: flex; justify-content: space-between }}
table {{ border-collapse: collapse; table-layout: fixed; width: 100% }}
td, th {{ border: {sheet.RULE}pt solid #000; padding: 0; box-sizing: border-box;
  text-align: center; vertical-align: middle; font-weight: 400 }}
.marks td {{ height: {sheet.ROW}mm }}
.topics td {{ height: {sheet.LINE}mm }}
.bands th {{ height: {sheet.BAND}mm }} .days th {{ height: {sheet.DAY}mm }}
.p, .t {{ text-align: left !important; padding: 0 1mm !important }}
.s {{ background: #d9d9d9 }}
i {{ font-style: normal; font-weight: 700; font-size: 6.5pt; display: block }}
.turn {{ width: {sheet.COLUMN}mm; height: {sheet.BAND + sheet.DAY}mm; position: relative }}
.turn b {{ position: absolute; left: 0; bottom: -{sheet.COLUMN}mm; white-space: nowrap;
  line-height: {sheet.COLUMN}mm; transform-origin: 0 0; transform: rotate(-90deg) }}
"""
COLUMNS = "<colgroup>" + "".join(
    f'<col style="width: {width}mm">'
    for width in (sheet.NUMBER, sheet.NAME, *[sheet.COLUMN] * sheet.COLUMNS)
)
LESSONS = "<colgroup>" + "".join(
    f'<col style="width: {width}mm">'
    for width in (sheet.LESSON, sheet.DATE, sheet.TOPIC, sheet.HOMEWORK)
)


def document(spreads: list[Spread]) -> str:
    """Return the HTML of spreads, a page each side."""
    pages = "".join(marks(spread) + topics(spread) for spread in spreads)
    return (
        '<!doctype html><html lang="ru"><head><meta charset="utf-8">'
        f"<title>Классный журнал</title><style>{STYLE}</style></head><body>{pages}</body></html>"
    )


def marks(spread: Spread) -> str:
    """Return a left page."""
    heads = "".join(_band(band) for band in spread["bands"])
    days = "".join(
        f"<th><i>{escape(day[1])}</i>{escape(day[0])}</th>" for day in spread["days"] if day
    )
    return (
        f"<section><header><span>{escape(spread['class'])}</span>"
        f"<b>{escape(spread['subject'])}</b><span>{escape(spread['year'])}</span></header>"
        f'<table class="marks">{COLUMNS}</colgroup><thead><tr class="bands">'
        '<th rowspan="2">№<br>п/п</th><th rowspan="2">Фамилия, имя обучающегося</th>'
        f'{heads}</tr><tr class="days">{days}</tr></thead><tbody>'
        f"{''.join(_pupils(spread))}</tbody></table></section>"
    )


def topics(spread: Spread) -> str:
    """Return a right page."""
    return (
        "<section><header><span>Фамилия, имя, отчество учителя:</span>"
        f"<b>{escape(spread['teachers'])}</b></header>"
        f'<table class="topics">{LESSONS}</colgroup><thead><tr>'
        "<th>№<br>урока</th><th>Дата</th><th>Тема урока (что пройдено на уроке)</th>"
        f"<th>Домашнее задание</th></tr></thead><tbody>{''.join(_entries(spread))}"
        "</tbody></table></section>"
    )


def _band(band: Spread) -> str:
    if band["turned"]:
        return f'<th rowspan="2"><div class="turn"><b>{escape(band["text"])}</b></div></th>'
    return f'<th colspan="{band["span"]}">{escape(band["text"])}</th>'


def _pupils(spread: Spread) -> Iterator[str]:
    for row in spread["rows"]:
        cells = "".join(
            f'<td class="s">{escape(text)}</td>' if shaded else f"<td>{escape(text)}</td>"
            for text, shaded in row["cells"]
        )
        yield f'<tr><td>{row["number"]}</td><td class="p">{escape(row["name"])}</td>{cells}</tr>'


def _entries(spread: Spread) -> Iterator[str]:
    for entry in spread["entries"]:
        texts = [escape(text) for text in entry]
        if len(texts) == 1:
            yield f'<tr><td></td><td></td><td class="t" colspan="2"><b>{texts[0]}</b></td></tr>'
            continue
        number, date, topic, homework = texts
        yield (
            f'<tr><td>{number}</td><td>{date}</td><td class="t">{topic}</td>'
            f'<td class="t">{homework}</td></tr>'
        )
    yield "<tr><td></td><td></td><td></td><td></td></tr>" * spread["blank"]
