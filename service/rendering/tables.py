"""Tables: how high every row is, which rows stand on which page, how a page is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from service.documents.parts import Block, Cell, Style, Table, leaves
from service.rendering.canvas import Canvas
from service.rendering.capture import Capture, Slot
from service.rendering.columns import ColumnRun, Columns, head, places_of, runs, turned_height
from service.rendering.forms import Forms
from service.rendering.pages import TableSlice
from service.rendering.paper import MM
from service.rendering.places import Place, places
from service.rendering.setting import at, fit, set_lines, styled
from service.rendering.strokes import Fill, Rule, joined

SHADE = 0.87


@dataclass(frozen=True, slots=True)
class TableForm:
    """A head laid out once, and the measures every row under it takes."""

    head: Capture
    height: float  # of the head, in points
    row: float  # of a row of one line
    pad: float  # of a row, beyond its lines
    edges: tuple[float, ...]  # where columns begin and the last ends
    slots: tuple[Slot, ...]
    rule: float


class Tables:
    """Measures, cuts and draws tables."""

    def __init__(self, forms: Forms):
        self._forms = forms
        self._faces = forms.typesetter.faces
        self._form = lru_cache(maxsize=256)(self._lay_out)

    def slices(
        self, table: Table, width: float, room: float, full: float, longest: float = 0
    ) -> Iterator[TableSlice]:
        """Yield the table page by page; `room` points are left on the first page, `full` on others.

        Every slice but the first starts a new page. The first one may be empty: the head with one
        block does not fit the room. A row longer than `longest` points (else `full`) is cut.
        """
        blocks = table.body + tuple(
            Block((tuple(Cell() for _ in leaves(table.columns)),)) for _ in range(table.fill_blank)
        )
        for number, run in enumerate(runs(table, width / MM)):
            form = self.form(table, run.columns, run.widths)
            left = (room if number == 0 else full) - form.height
            page: list[tuple[Block, tuple[float, ...]]] = []
            for block in blocks:
                for part, heights in self._parts(
                    _narrow(block, run), form, (longest or full) - form.height
                ):
                    if sum(heights) > left + 0.01:
                        yield _slice(table, run, form, page)
                        page, left = [], full - form.height
                    page.append((part, heights))
                    left -= sum(heights)
            yield _slice(table, run, form, page)

    def form(self, table: Table, columns: Columns, widths: tuple[float, ...]) -> TableForm:
        """Return the head for a run of columns with the measures of its rows.

        The same columns get the same form, so that a file holds their head once.
        """
        digits = places_of(table, columns) if table.digits else ()
        return self._form(columns, widths, table.dense, digits)

    def _lay_out(
        self, columns: Columns, widths: tuple[float, ...], dense: bool, digits: tuple[int, ...]
    ) -> TableForm:
        chosen = leaves(columns)
        values = {
            "width": round(sum(widths), 3),
            "dense": dense,
            "widths": widths,
            "aligns": [column.align.value for column in chosen],
            "digits": digits,
        }
        kind = self._forms.form(
            "shared/table.html",
            **{
                **values,
                "width": 40,
                "head": [],
                "widths": (40,),
                "aligns": ["left"],
                "digits": (),
            },
        ).slots["turned"]
        face = self._faces[kind.face]
        tall = turned_height(chosen, widths, face, kind.size, kind.leading)
        rows = [
            [
                {
                    "title": self._faces.legible(cell.title),
                    "columns": cell.columns,
                    "rows": cell.rows,
                    "turned": cell.turned,
                    "width": cell.width,
                    "height": cell.height,
                    "size": cell.size,
                }
                for cell in row
            ]
            for row in head(columns, widths, tall, face, kind.size)
        ]
        return _measured(self._forms.form("shared/table.html", **values, head=rows), len(chosen))

    def draw(self, canvas: Canvas, part: TableSlice, form: TableForm, x: float, y: float) -> float:
        """Draw the rows of a slice under its head, a form of its own; return the lower edge."""
        top = y + form.height
        rules: list[Rule] = []
        heavy = any(len(block.rows) > 1 for block in part.blocks)
        for block, millimetres in zip(part.blocks, part.heights, strict=True):
            heights = [value * MM for value in millimetres]
            for place in places(block):
                self._cell(canvas, form, place, heights, x, top, rules)
            top += sum(heights)
            if heavy:
                rules.append(Rule(x, top, x + form.edges[-1], top, form.rule * 2.2))
        canvas.rules(joined(rules))
        return top

    def _cell(
        self,
        canvas: Canvas,
        form: TableForm,
        place: Place,
        heights: list[float],
        x: float,
        top: float,
        rules: list[Rule],
    ) -> None:
        left = x + form.edges[place.column]
        right = x + form.edges[place.column + place.columns]
        upper = top + sum(heights[: place.row])
        height = sum(heights[place.row : place.row + place.rows])
        lower = upper + height
        rules += [
            Rule(left, lower, right, lower, form.rule),
            Rule(left, upper, left, lower, form.rule),
            Rule(right, upper, right, lower, form.rule),
        ]
        cell = place.cell
        if Style.SHADED in cell.style:
            canvas.fills([Fill(left, upper, right - left, height, SHADE)])
        if Style.STRUCK in cell.style:
            canvas.rules([Rule(left, lower, right, upper, form.rule)])
        slot = self._slot(form, place)
        if cell.corner:
            mark = replace(slot, size=5, leading=5, ascent=4.2)
            box = at(mark, left, upper + 0.5, right - left - 1.2, 5)
            width = self._faces[mark.face].width(cell.corner, 5)
            canvas.runs(
                set_lines(
                    replace(box, x=right - 1.2 - width, width=width), (cell.corner,), self._faces
                )
            )
        if cell.text:
            size, lines = self._fit(slot, cell)
            box = at(slot, x + slot.x, upper, slot.width, height)
            canvas.runs(set_lines(box, lines, self._faces, cell.style, size))

    def _slot(self, form: TableForm, place: Place) -> Slot:
        first, last = form.slots[place.column], form.slots[place.column + place.columns - 1]
        width = last.x + last.width - first.x
        return replace(first, width=width, align=place.cell.align or first.align)

    def _fit(self, slot: Slot, cell: Cell) -> tuple[float, tuple[str, ...]]:
        face = self._faces[styled(slot.face, cell.style)]
        return fit(self._faces.legible(cell.text), face, slot.size, slot.width)

    def _parts(
        self, block: Block, form: TableForm, full: float
    ) -> Iterator[tuple[Block, tuple[float, ...]]]:
        """Yield the block and its rows' heights, cut into rows or lines where no page holds it."""
        heights = self._heights(block, form)
        if sum(heights) <= full:
            yield block, heights
            return
        for row in block.rows:
            single = Block((tuple(cell or Cell() for cell in row),))
            (height,) = self._heights(single, form)
            if height <= full:
                yield single, (height,)
                continue
            most = int((full - form.pad) // form.slots[0].leading)
            texts = [self._fit(self._slot(form, p), p.cell)[1] for p in places(single)]
            for start in range(0, max(map(len, texts)), most):
                cut = Block(
                    (
                        tuple(
                            replace(cell or Cell(), text="\n".join(lines[start : start + most]))
                            for cell, lines in zip(single.rows[0], texts, strict=True)
                        ),
                    )
                )
                yield cut, self._heights(cut, form)

    def _heights(self, block: Block, form: TableForm) -> tuple[float, ...]:
        heights = [form.row] * len(block.rows)
        spanning = []
        for place in places(block):
            if not place.cell.text:
                continue
            slot = self._slot(form, place)
            size, lines = self._fit(slot, place.cell)
            needed = len(lines) * slot.leading * size / slot.size + form.pad
            if place.rows == 1:
                heights[place.row] = max(heights[place.row], needed)
            else:
                spanning.append((place, needed))
        for place, needed in spanning:
            span = range(place.row, place.row + place.rows)
            heights[span[-1]] += max(0.0, needed - sum(heights[row] for row in span))
        return tuple(heights)


def _narrow(block: Block, run: ColumnRun) -> Block:
    """Return the block with the run's columns only."""
    if len(run.indices) == len(block.rows[0]):
        return block
    return Block(tuple(tuple(row[index] for index in run.indices) for row in block.rows))


def _slice(
    table: Table, run: ColumnRun, form: TableForm, page: list[tuple[Block, tuple[float, ...]]]
) -> TableSlice:
    return TableSlice(
        table=table,
        columns=run.columns,
        widths=run.widths,
        blocks=tuple(block for block, _ in page),
        heights=tuple(tuple(height / MM for height in heights) for _, heights in page),
        head_height=form.height / MM,
    )


def _measured(captured: Capture, columns: int) -> TableForm:
    """Return the form: the sample row becomes measures, what is above it the head."""
    levels = sorted({rule.y1 for rule in captured.rules if rule.y1 == rule.y2})
    top, bottom = levels[-2:] if len(levels) > 1 else (0.0, levels[-1])
    uprights = [r for r in captured.rules if r.x1 == r.x2 and r.y2 > bottom - 1]
    kept = [replace(rule, y2=min(rule.y2, top)) for rule in captured.rules if rule.y1 < top + 0.1]
    slots = tuple(captured.slots[f"column-{index}"] for index in range(columns))
    return TableForm(
        head=replace(
            captured,
            height=top,
            rules=tuple(kept),
            runs=tuple(run for run in captured.runs if run.y < top),
            fills=tuple(fill for fill in captured.fills if fill.y < top),
            slots={},
        ),
        height=top,
        row=bottom - top,
        pad=bottom - top - slots[0].height,
        edges=tuple(sorted(rule.x1 for rule in uprights)),
        slots=slots,
        rule=min(rule.width for rule in captured.rules),
    )
