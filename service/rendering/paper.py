"""The sheet: where text may stand on a front and on a back, where numbers and small print stand."""

from __future__ import annotations

from dataclasses import dataclass

from service.documents.parts import Content, Orientation
from service.rendering.capture import Slot
from service.rendering.forms import Forms

MM = 72 / 25.4  # points in a millimetre
GAP = 2 * MM  # between a table and what follows it


@dataclass(frozen=True, slots=True)
class PaperSide:
    """One side of a sheet, in points."""

    width: float
    height: float
    frame: Slot
    page: Slot
    sheet: Slot
    footer: Slot

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the frame in millimetres, as templates want them."""
        return round(self.frame.width / MM, 3), round(self.frame.height / MM, 3)


def paper(forms: Forms, content: Content, orientation: Orientation, front: bool) -> PaperSide:
    """Return the side of a sheet that a page of this document stands on."""
    form = forms.form(
        "shared/page.html",
        orientation=orientation.value,
        front=front,
        bound=content.bound,
        binding=content.binding,
    )
    slots = form.slots
    return PaperSide(
        form.width, form.height, slots["frame"], slots["page"], slots["sheet"], slots["footer"]
    )
