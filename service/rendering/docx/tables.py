"""Tables as raw WordprocessingML: one string a cell, no object a cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from service.documents.parts import Align, Block, Cell, Column, ColumnGroup, Style, leaves
from service.rendering.docx.fitting import word_size
from service.rendering.docx.styles import VOICES
from service.rendering.docx.text import paragraph, run, twips
from service.rendering.pages import TableSlice

RULE, HEAVY = 4, 8  # eighths of a point: of all lines, of blocks
GREY = "F2F2F2"  # heads, periods
SHADE = "DEDEDE"  # not on the roll, a day off
DIGITS_HEIGHT = 4.2  # millimetres, the row 1, 2, 3 … under a head
GROUP_HEIGHT = 5.0  # millimetres, a row of headings that span others
PADDING = 0.6  # millimetres left and right of a text, less than in PDF: lines break no sooner
HAIR = 10  # twips a ruled row is lowered by: older LibreOffice adds the rule to the height


class Merge(Enum):
    """A cell's part in a cell that covers rows."""

    NONE = ""
    START = '<w:vMerge w:val="restart"/>'
    REST = "<w:vMerge/>"


class Rule(Enum):
    """Whether a row may grow with its text."""

    EXACT = "exact"
    AT_LEAST = "atLeast"


def cell(
    width: int,
    content: str,
    *,
    span: int = 1,
    merge: Merge = Merge.NONE,
    borders: str = "",
    fill: str = "",
    turned: bool = False,
    struck: bool = False,
    stands: str = "center",
) -> str:
    """Return a cell `width` twips wide; `content` is paragraphs; `turned` text reads upwards."""
    look = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if span > 1:
        look += f'<w:gridSpan w:val="{span}"/>'
    look += merge.value
    if struck:
        borders += border("tr2bl")
    if borders:
        look += f"<w:tcBorders>{borders}</w:tcBorders>"
    if fill:
        look += f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
    if turned:
        look += '<w:textDirection w:val="btLr"/>'
    return f'<w:tc><w:tcPr>{look}<w:vAlign w:val="{stands}"/></w:tcPr>{content}</w:tc>'


def border(*sides: str, weight: int = RULE, colour: str = "auto") -> str:
    """Return the borders of a cell; sides among top, left, bottom, right, in this order."""
    return "".join(
        f'<w:{side} w:val="single" w:sz="{weight}" w:space="0" w:color="{colour}"/>'
        for side in sides
    )


def row(cells: Iterable[str], height: int, rule: Rule, *, head: bool = False) -> str:
    """Return a row `height` twips high that never breaks across pages; a head is repeated."""
    repeated = "<w:tblHeader/>" if head else ""
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="{rule.value}"/>'
        f"{repeated}</w:trPr>{''.join(cells)}</w:tr>"
    )


def table(
    widths: Sequence[int],
    rows: Iterable[str],
    *,
    ruled: bool = True,
    padding: float = PADDING,
) -> str:
    """Return a table of fixed columns (twips); `padding` is left and right of a text, in mm."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV") if ruled else ()
    borders = f"<w:tblBorders>{border(*sides)}</w:tblBorders>" if sides else ""
    margin = twips(padding)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>{borders}'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{margin}" w:type="dxa"/>'
        f'<w:right w:w="{margin}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def slice_of_table(part: TableSlice) -> str:
    """Return the rows of a table that stand on one page, under its head."""
    widths = tuple(twips(width) for width in part.widths)
    rows = [*_head(part, widths)]
    heavy = any(len(block.rows) > 1 for block in part.blocks)
    body = _Body(leaves(part.columns), widths, "CellDense" if part.table.dense else "Cell", heavy)
    for block, heights in zip(part.blocks, part.heights, strict=True):
        rows += body.rows(block, heights)
    return table(widths, rows)


def depth(columns: Iterable[Column | ColumnGroup]) -> int:
    """Return how many rows of headings a header tree takes."""
    return max(1 if isinstance(one, Column) else 1 + depth(one.columns) for one in columns)


def _head(part: TableSlice, widths: Sequence[int]) -> Iterator[str]:
    levels = depth(part.columns)
    lines: list[list[str]] = [[] for _ in range(levels)]
    style = "ColumnHeadDense" if part.table.dense else "ColumnHead"

    def place(nodes: tuple[Column | ColumnGroup, ...], level: int, first: int) -> int:
        for node in nodes:
            if isinstance(node, ColumnGroup):
                after = place(node.columns, level + 1, first)
                width = sum(widths[first:after])
                text = paragraph(style, _title(node.title, style, width))
                lines[level].append(cell(width, text, span=after - first, fill=GREY))
                first = after
                continue
            shown = run(node.title) if node.turned else _title(node.title, style, widths[first])
            text = paragraph(style, shown)
            for below in range(level, levels):
                merge = Merge.START if below == level else Merge.REST
                if level == levels - 1:
                    merge = Merge.NONE
                body = text if below == level else paragraph(style, "")
                lines[below].append(
                    cell(widths[first], body, merge=merge, fill=GREY, turned=node.turned)
                )
            first += 1
        return first

    place(part.columns, 0, 0)
    left = part.head_height - (DIGITS_HEIGHT if part.table.digits else 0)
    for line in lines[:-1]:
        left -= GROUP_HEIGHT
        yield row(line, twips(GROUP_HEIGHT) - HAIR, Rule.AT_LEAST, head=True)
    turned = any(column.turned for column in leaves(part.columns))
    rule = Rule.EXACT if turned else Rule.AT_LEAST
    yield row(lines[-1], twips(max(left, GROUP_HEIGHT)) - HAIR, rule, head=True)
    if part.table.digits:
        yield row(_digits(part, widths), twips(DIGITS_HEIGHT) - HAIR, Rule.EXACT, head=True)


def _title(title: str, style: str, width: int) -> str:
    """Return a heading in a size at which its longest word is not broken."""
    usual = VOICES[style].size
    size = word_size(title, usual, width / twips(1) - 2 * PADDING, Style.BOLD)
    return run(title, size=size if size < usual else 0)


def _digits(part: TableSlice, widths: Sequence[int]) -> Iterator[str]:
    every = enumerate(leaves(part.table.columns), 1)
    for column, width in zip(leaves(part.columns), widths, strict=True):
        number = next((n for n, one in every if one is column), "")
        yield cell(width, paragraph("Digit", run(str(number))), fill=GREY)


@dataclass(frozen=True, slots=True)
class _Body:
    """What the rows of a table have in common."""

    columns: Sequence[Column]
    widths: Sequence[int]
    voice: str
    heavy: bool  # a heavier rule under each block

    def rows(self, block: Block, heights: Sequence[float]) -> Iterator[str]:
        covers: dict[int, int] = {}  # first column of the cell last seen there, its span
        for index, (line, height) in enumerate(zip(block.rows, heights, strict=True)):
            below = block.rows[index + 1] if index + 1 < len(block.rows) else ()
            hidden = _covered_from_left(below)
            cells = []
            at = 0
            while at < len(line):
                found = line[at]
                merge = Merge.REST
                if found is not None:
                    covers[at] = min(found.across, len(line) - at)
                    goes_on = at < len(below) and below[at] is None and at not in hidden
                    merge = Merge.START if goes_on else Merge.NONE
                span = covers.get(at, 1)
                cells.append(self._cell(found, at, span, merge, last=not below))
                at += span
            yield row(cells, twips(height) - HAIR, Rule.AT_LEAST)

    def _cell(self, found: Cell | None, at: int, span: int, merge: Merge, *, last: bool) -> str:
        width = sum(self.widths[at : at + span])
        borders = border("bottom", weight=HEAVY) if self.heavy and last else ""
        if found is None:
            return cell(width, paragraph(self.voice, ""), span=span, merge=merge, borders=borders)
        style = self.columns[at].style | found.style
        voice = VOICES[self.voice]
        room = width / twips(1) - 2 * PADDING
        size = word_size(found.text, voice.size, room, style)
        small = size if size < voice.size else 0
        text = run(found.text, style, size=small) + run(found.corner, raised=True)
        align = found.align or self.columns[at].align
        return cell(
            width,
            paragraph(
                self.voice,
                text,
                align=None if align is Align.LEFT else align,
                line=voice.line * small / voice.size,
            ),
            span=span,
            merge=merge,
            borders=borders,
            fill=SHADE if style & Style.SHADED else "",
            struck=bool(style & Style.STRUCK),
        )


def _covered_from_left(line: Sequence[Cell | None]) -> frozenset[int]:
    return frozenset(
        place
        for at, found in enumerate(line)
        if found is not None
        for place in range(at + 1, at + found.across)
    )
