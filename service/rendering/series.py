"""Slots in step, down a column or along a row: all their texts are one run of text operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.rendering.capture import Slot, TemplateBroken
from service.rendering.ink import ALONG, Ink

ENDS = 3  # slots and fewer: no inner ones to measure by; those at the ends have thicker borders
NEAR = 0.15  # points a slot may differ: a third of a pixel at 150 dpi


class Series:
    """Equal slots at equal distances, placed on a page; `start` and `step` lead to each in turn.

    The place of a slot is its left edge, middle or right edge, as it is aligned.
    """

    def __init__(self, slots: Sequence[Slot], x: float, y: float, height: float):
        """Place slots whose form has its upper left corner at x, y of a page `height` points high.

        Raises TemplateBroken if they are not equal or not at equal distances.
        """
        inner = slots[1:-1] if len(slots) > ENDS else slots
        steps = max(len(inner) - 1, 1)
        right, down = (inner[-1].x - inner[0].x) / steps, (inner[-1].y - inner[0].y) / steps
        back = slots.index(inner[0])
        first = replace(inner[0], x=inner[0].x - back * right, y=inner[0].y - back * down)
        for place, slot in enumerate(slots):
            moved = replace(slot, x=slot.x - place * right, y=slot.y - place * down)
            if slot.turned or not _alike(moved, first):
                raise TemplateBroken("Ячейки ряда различаются размером, шрифтом или шагом")
        self.slot = replace(first, x=0.0, y=0.0)
        at = first.x + x + ALONG[first.align] * first.width
        base = height - (first.y + y + first.top + first.ascent)
        self.step = b" T*" if down and not right else b" %.3f %.3f Td" % (right, -down)
        leading = b" %.3f TL" % down if down and not right else b""
        self.start = b"%s%s 1 0 0 1 %.3f %.3f Tm" % (
            Ink.font(first.face, first.size),
            leading,
            at,
            base,
        )


def _alike(slot: Slot, other: Slot) -> bool:
    if slot.face != other.face or slot.align is not other.align:
        return False
    return all(
        abs(getattr(slot, name) - getattr(other, name)) < NEAR
        for name in ("x", "y", "width", "height", "size", "leading", "top", "ascent")
    )
