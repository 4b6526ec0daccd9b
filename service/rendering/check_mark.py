"""The QR code of a document on its first sheet, and what stands by it (GOST R 7.0.97-2025)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from service.rendering.capture import Run
from service.rendering.paper import MM
from service.rendering.qr import QUIET, Code
from service.rendering.typeface import Faces

CAPTION = ("Проверка", "документа")
FACE, SIZE, LEADING, ASCENT = "PTSans-Regular", 6.5, 7.5, 5.0  # points
CAPTION_WIDTH = 12 * MM  # of the longer line
LEAST_MODULE = 0.4 * MM  # what a telephone reads from paper that was copied once
SIDES = (24 * MM, 18 * MM)  # of the square with its quiet zone, the first that finds room


class Caption(Enum):
    """Where the words stand."""

    UNDER = "under"
    BESIDE = "beside"  # on the left, where the page is too low for them


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a code is and where its caption stands; points."""

    side: float  # with the quiet zone
    caption: Caption

    @property
    def width(self) -> float:
        """Of code, quiet zone and caption."""
        return self.side + (CAPTION_WIDTH if self.caption is Caption.BESIDE else 0)

    @property
    def height(self) -> float:
        """Of code, quiet zone and caption."""
        return self.side + (LEADING if self.caption is Caption.UNDER else 0)


@dataclass(frozen=True, slots=True)
class CheckMark:
    """A code in its place: on which page of the file, where from its upper left corner (points)."""

    code: Code
    page: int
    x: float
    y: float
    shape: Shape

    @property
    def module(self) -> float:
        """The side of a module."""
        return self.shape.side / self.code.whole

    @property
    def square(self) -> tuple[float, float]:
        """The upper left corner of the quiet zone."""
        beside = self.shape.caption is Caption.BESIDE
        return self.x + (CAPTION_WIDTH if beside else 0), self.y

    @property
    def dark(self) -> tuple[float, float]:
        """The upper left corner of the first module."""
        x, y = self.square
        return x + QUIET * self.module, y + QUIET * self.module

    @property
    def caption(self) -> tuple[str, ...]:
        """The lines of the caption."""
        return (" ".join(CAPTION),) if self.shape.caption is Caption.UNDER else CAPTION

    def runs(self, faces: Faces) -> tuple[Run, ...]:
        """Return the caption: in the middle under the code, or on its left down to its foot."""
        face = faces[FACE]
        foot = self.dark[1] + self.code.modules * self.module
        if self.shape.caption is Caption.UNDER:
            (text,) = self.caption
            left = self.x + (self.shape.side - face.width(text, SIZE)) / 2
            return (Run(FACE, SIZE, left, self.y + self.shape.side + ASCENT, text),)
        right = self.x + CAPTION_WIDTH
        last = len(self.caption) - 1
        return tuple(
            Run(FACE, SIZE, right - face.width(text, SIZE), foot - (last - n) * LEADING, text)
            for n, text in enumerate(self.caption)
        )


def shapes(code: Code) -> tuple[Shape, ...]:
    """Return the shapes a code may take, the best first; a long address needs a larger square."""
    least = code.whole * LEAST_MODULE
    roomy, small = (max(side, least) for side in SIDES)
    return Shape(roomy, Caption.UNDER), Shape(small, Caption.BESIDE)
