"""Places to sign: a box for the electronic stamp or a line for ink; post, name, date, seal."""

from __future__ import annotations

from collections.abc import Iterator

from service.documents.parts import Align, Signature, Signatures
from service.domain.approval import Role
from service.rendering.docx.tables import Rule, border, cell, row, table
from service.rendering.docx.text import paragraph, run, twips

BOX = (75.0, 28.0)  # millimetres: the size of the mark of an electronic signature
BOXED_NAME, LINE, LINED_NAME, DATE, BETWEEN = 46.0, 36.0, 40.0, 46.0, 2.0
WIDE = 200.0  # millimetres: on a wider page names get more room
WIDE_NAME = 60.0
PALE = "BFBFBF"
LINE_HEIGHT, HINT_HEIGHT = 7.0, 4.0
HINTS = ("(подпись)", "(расшифровка подписи)")
SEAL_HINTS = ("(печать организации)", "")


def signatures(part: Signatures, width: float) -> str:
    """Return the places one under the other."""
    return "".join("".join(_place(one, width)) for one in part.lines)


def _place(one: Signature, width: float) -> Iterator[str]:
    if one.preface:
        yield paragraph("Normal", run(one.preface), before=3, keep=True)
    name = WIDE_NAME if width >= WIDE else BOXED_NAME if one.role else LINED_NAME
    boxed, lined = (BOX[0], BETWEEN, name), (LINE, BETWEEN, name, DATE)
    sides: tuple[float, ...] = boxed if one.role else lined
    rows = _boxed if one.role else _lined
    widths = tuple(twips(side) for side in (width - sum(sides), *sides))
    yield paragraph("Gap", "", before=2, keep=True)
    yield table(widths, rows(one, widths), ruled=False, padding=0)
    if one.seal:
        yield paragraph("Normal", run("М.П."), align=Align.RIGHT)
    else:
        yield paragraph("Gap", "")


def _boxed(one: Signature, widths: tuple[int, ...]) -> Iterator[str]:
    post, box, between, name = widths
    empty = paragraph("Fact", "")
    frame = border("top", "left", colour=PALE) + border("bottom") + border("right", colour=PALE)
    cells = [
        cell(post, paragraph("Fact", run(one.post), keep=True), stands="bottom"),
        cell(box, empty, borders=frame),
        cell(between, empty),
        cell(name, empty) if one.role is Role.SEAL else _name(one, name),
    ]
    yield row(cells, twips(BOX[1]), Rule.EXACT)
    date = cell(post, paragraph("Date", run(one.date), before=1), stands="top")
    said = SEAL_HINTS if one.role is Role.SEAL else HINTS
    yield row([date, *_hints(widths[1:], said)], twips(HINT_HEIGHT), Rule.AT_LEAST)


def _lined(one: Signature, widths: tuple[int, ...]) -> Iterator[str]:
    post, line, between, name, date = widths
    empty = paragraph("Fact", "")
    cells = [
        cell(post, paragraph("Fact", run(one.post), keep=True), stands="bottom"),
        cell(line, empty, borders=border("bottom")),
        cell(between, empty),
        _name(one, name),
        cell(date, paragraph("Date", run(one.date), align=Align.RIGHT), stands="bottom"),
    ]
    yield row(cells, twips(LINE_HEIGHT), Rule.AT_LEAST)
    hint = paragraph("Hint", "")
    cells = [cell(post, hint), *_hints(widths[1:4], HINTS), cell(date, hint)]
    yield row(cells, twips(HINT_HEIGHT), Rule.AT_LEAST)


def _name(one: Signature, width: int) -> str:
    text = paragraph("Fact", run(one.name), align=Align.CENTER)
    return cell(width, text, borders=border("bottom"), stands="bottom")


def _hints(widths: tuple[int, ...], hints: tuple[str, str]) -> Iterator[str]:
    for wide, said in zip(widths, (hints[0], "", hints[1]), strict=True):
        yield cell(wide, paragraph("Hint", run(said)), stands="top")
