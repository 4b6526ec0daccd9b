"""Tables: how high every row is, which rows stand on which page, how a page is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from service.documents.parts import Block, Cell, Table, leaves
from service.rendering.boxes import Boxes
from service.rendering.canvas import Canvas
from service.rendering.columns import ColumnRun, Columns, runs
from service.rendering.forms import Forms
from service.rendering.pages import TableSlice
from service.rendering.paper import MM
from service.rendering.places import places
from service.rendering.rows import draw_rows
from service.rendering.table_form import TableForm, TableForms
from service.rendering.typeface import Faces


class Tables:
    """Measures, cuts and draws tables."""

    def __init__(self, forms: Forms):
        self._heads = TableForms(forms)
        self._faces = forms.typesetter.faces

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
            rows = _Measure(form, self._faces)
            left = (room if number == 0 else full) - form.height
            page: list[tuple[Block, tuple[float, ...]]] = []
            for block in blocks:
                for part, heights in rows.parts(
                    _narrow(block, run), (longest or full) - form.height
                ):
                    if sum(heights) > left + 0.01:
                        yield _slice(table, run, form, page)
                        page, left = [], full - form.height
                    page.append((part, heights))
                    left -= sum(heights)
            yield _slice(table, run, form, page)

    def form(self, table: Table, columns: Columns, widths: tuple[float, ...]) -> TableForm:
        """Return the head for a run of columns with the measures of its rows."""
        return self._heads.form(table, columns, widths)

    def draw(self, canvas: Canvas, part: TableSlice, form: TableForm, x: float, y: float) -> float:
        """Draw the rows of a slice under its head, a form of its own; return the lower edge."""
        return draw_rows(canvas, part, form, x, y)


class _Measure:
    """How high the rows of a table are."""

    def __init__(self, form: TableForm, faces: Faces):
        self._form = form
        self._boxes = Boxes(form.slots, faces)

    def parts(self, block: Block, full: float) -> Iterator[tuple[Block, tuple[float, ...]]]:
        """Yield the block and its rows' heights, cut into rows or lines where no page holds it."""
        heights = self._heights(block)
        if sum(heights) <= full:
            yield block, heights
            return
        form = self._form
        for row in block.rows:
            single = Block((tuple(cell or Cell() for cell in row),))
            (height,) = self._heights(single)
            if height <= full:
                yield single, (height,)
                continue
            most = int((full - form.pad) // form.slots[0].leading)
            texts = [self._boxes.of(place).fit(place.cell.text)[1] for place in places(single)]
            for start in range(0, max(map(len, texts)), most):
                cut = Block(
                    (
                        tuple(
                            replace(cell or Cell(), text="\n".join(lines[start : start + most]))
                            for cell, lines in zip(single.rows[0], texts, strict=True)
                        ),
                    )
                )
                yield cut, self._heights(cut)

    def _heights(self, block: Block) -> tuple[float, ...]:
        heights = [self._form.row] * len(block.rows)
        spanning = []
        for place in places(block):
            if not place.cell.text:
                continue
            box = self._boxes.of(place)
            size, lines = box.fit(place.cell.text)
            if len(lines) == 1:
                continue
            needed = len(lines) * box.slot.leading * size / box.slot.size + self._form.pad
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
