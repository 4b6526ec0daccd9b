"""Table heads: laid out once for the same columns, with the measures every row under takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from service.documents.parts import Table, leaves
from service.rendering.capture import Capture, Slot
from service.rendering.columns import Columns, head, places_of, turned_height
from service.rendering.forms import Forms


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


class TableForms:
    """The heads of tables."""

    def __init__(self, forms: Forms):
        self._forms = forms
        self._faces = forms.typesetter.faces
        self._form = lru_cache(maxsize=256)(self._lay_out)

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
