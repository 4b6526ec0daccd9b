"""Places to sign: a box for the electronic stamp or a line for ink; post, name, date, seal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from service.documents.parts import Align, Signature, Signatures
from service.domain.approving.approval import Role
from service.rendering.abreast import WIDE, abreast
from service.rendering.docx.tables import Merge, Rule, border, cell, row, table
from service.rendering.docx.text import TAB, paragraph, run, tabs, twips

BOX = (75.0, 28.0)  # millimetres: the size of the mark of an electronic signature
BOXED_NAME, LINE, LINED_NAME, DATE, BETWEEN = 46.0, 36.0, 40.0, 46.0, 2.0
WIDE_NAME = 60.0
PALE = "BFBFBF"
LINE_HEIGHT, HINT_HEIGHT = 7.0, 4.0
ASIDE, APART = 3.0, 6.0  # in a row of two: from a box to its name, from one place to the other
SEAL = "М.П."
HINTS = ("(подпись)", "(расшифровка подписи)")
SEAL_HINTS = ("(печать организации)", "")


def signatures(part: Signatures, width: float) -> str:
    """Return the places one under the other."""
    return "".join(
        "".join(_place(row[0], width) if len(row) == 1 else _pair(row, width))
        for row in abreast(part.lines, width)
    )


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
        yield paragraph("Normal", run(SEAL), align=Align.RIGHT)
    else:
        yield paragraph("Gap", "")


def _pair(pair: tuple[Signature, ...], width: float) -> Iterator[str]:
    """Yield two boxes side by side; post, date and name stand to the right of each."""
    beside = (width - APART) / 2 - BOX[0] - ASIDE
    place = (twips(BOX[0]), twips(ASIDE), twips(beside))
    apart = twips(APART)

    def line(cells: Callable[[Signature, tuple[int, ...]], list[str]], height: float) -> str:
        first, second = (cells(one, place) for one in pair)
        between = cell(apart, paragraph("Fact", ""))
        return row([*first, between, *second], twips(height), Rule.AT_LEAST)

    rows = [line(_beside, BOX[1] - LINE_HEIGHT), line(_named, LINE_HEIGHT)]
    rows.append(line(_hinted, HINT_HEIGHT))
    if any(one.preface for one in pair):
        rows.insert(0, line(_prefaced, LINE_HEIGHT))
    yield paragraph("Gap", "", before=2, keep=True)
    yield table((*place, apart, *place), rows, ruled=False, padding=0)
    yield paragraph("Gap", "")


def _prefaced(one: Signature, widths: tuple[int, ...]) -> list[str]:
    text = paragraph("Normal", run(one.preface), keep=True)
    return [cell(sum(widths), text, span=len(widths), stands="top")]


def _beside(one: Signature, widths: tuple[int, ...]) -> list[str]:
    box, between, wide = widths
    stops = tabs(((wide * 25.4 / 1440, Align.RIGHT, "none"),))
    sealed = TAB + run(SEAL) if one.seal else ""
    said = paragraph("Fact", run(one.post), keep=True)
    said += paragraph("Date", run(one.date) + sealed, stops=stops, before=1, keep=True)
    frame = border("top", "left", colour=PALE) + border("right", colour=PALE)
    return [
        cell(box, paragraph("Fact", "", keep=True), merge=Merge.START, borders=frame),
        cell(between, paragraph("Fact", "")),
        cell(wide, said, stands="top"),
    ]


def _named(one: Signature, widths: tuple[int, ...]) -> list[str]:
    box, between, wide = widths
    frame = border("left", colour=PALE) + border("bottom") + border("right", colour=PALE)
    empty = paragraph("Fact", "", keep=True)
    return [
        cell(box, empty, merge=Merge.REST, borders=frame),
        cell(between, empty),
        cell(wide, empty) if one.role is Role.SEAL else _name(one, wide),
    ]


def _hinted(one: Signature, widths: tuple[int, ...]) -> list[str]:
    return [*_hints(widths, SEAL_HINTS if one.role is Role.SEAL else HINTS)]


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
