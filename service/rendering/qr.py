"""A QR code (ISO/IEC 18004): an address as a square of modules, as strokes of PDF and as a PNG."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby

import segno

QUIET = 4  # modules left white on every side
DENSITY = 8  # pixels a module takes in the PNG


@dataclass(frozen=True, slots=True)
class Code:
    """An address as dark and light modules; every row is as long as there are rows."""

    address: str
    rows: tuple[bytes, ...]  # 1 is dark

    @property
    def modules(self) -> int:
        """How many modules a side has, the quiet zone left out."""
        return len(self.rows)

    @property
    def whole(self) -> int:
        """How many modules a side has with the quiet zone."""
        return self.modules + 2 * QUIET

    def strokes(self) -> Iterator[tuple[int, int, int]]:
        """Yield the dark modules as row, first column and length, from the upper left corner."""
        for number, row in enumerate(self.rows):
            column = 0
            for dark, run in groupby(row):
                length = len([*run])
                if dark:
                    yield number, column, length
                column += length

    def png(self) -> bytes:
        """Return the code with its quiet zone as a picture in black and white."""
        out = BytesIO()
        _drawn(self.address).save(out, kind="png", scale=DENSITY, border=QUIET)
        return out.getvalue()


def code(address: str) -> Code:
    """Return an address as a code that survives the loss of 15 % of it (level M or better)."""
    return Code(address, tuple(bytes(row) for row in _drawn(address).matrix))


def _drawn(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False)
