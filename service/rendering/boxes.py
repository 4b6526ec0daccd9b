"""The boxes of a table's columns: where the text of a cell stands, and how it breaks there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.documents.parts import Align, Style
from service.rendering.capture import Slot
from service.rendering.ink import ALONG
from service.rendering.places import Place
from service.rendering.setting import fit, styled
from service.rendering.typeface import Faces

Fitted = tuple[float, tuple[str, ...]]  # size in points, lines


class Box:
    """A column's box, or one over several columns, for texts of one style and alignment."""

    __slots__ = ("_faces", "_fitted", "at", "base", "slot")

    def __init__(self, slot: Slot, faces: Faces):
        self.slot = replace(slot, x=0.0, y=0.0)
        self.at = slot.x + ALONG[slot.align] * slot.width  # the place of a text, from the left edge
        self.base = slot.ascent - slot.leading / 2  # of a line, below the middle of its row
        self._faces = faces
        self._fitted: dict[str, Fitted] = {}

    def fit(self, text: str) -> Fitted:
        """Return size and lines of a text in this box, which grows downwards."""
        known = self._fitted.get(text)
        if known is None:
            slot, faces = self.slot, self._faces
            known = fit(faces.legible(text), faces[slot.face], slot.size, slot.width)
            self._fitted[text] = known
        return known


class Boxes:
    """The boxes of a table's columns while it is measured or drawn."""

    def __init__(self, slots: Sequence[Slot], faces: Faces):
        self._slots = slots
        self._faces = faces
        self._plain = [Box(slot, faces) for slot in slots]
        self._others: dict[tuple[int, int, Align | None, Style], Box] = {}

    def of(self, place: Place) -> Box:
        """Return the box of a cell, the same one for like cells of a column."""
        cell = place.cell
        if cell.style is Style.PLAIN and cell.align is None and place.columns == 1:
            return self._plain[place.column]
        key = (place.column, place.columns, cell.align, cell.style)
        if key not in self._others:
            first, last = self._slots[place.column], self._slots[place.column + place.columns - 1]
            self._others[key] = Box(
                replace(
                    first,
                    face=styled(first.face, cell.style),
                    width=last.x + last.width - first.x,
                    align=cell.align or first.align,
                ),
                self._faces,
            )
        return self._others[key]
