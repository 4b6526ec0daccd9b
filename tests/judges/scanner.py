"""A telephone over paper: pages as pictures of 150 dpi, and the codes ZXing reads in them."""

from __future__ import annotations

import subprocess
import tempfile
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import zxingcpp
from PIL import Image

DPI = 150
INCH = 72  # points


class Seen(NamedTuple):
    """A code as it was read, and the corners of its dark square in points from the upper left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def codes(pdf: bytes, page: int = 1) -> list[Seen]:
    """Return the codes that can be read on a page."""
    found = zxingcpp.read_barcodes(picture(pdf, page))
    return [_seen(one) for one in found]


def picture(pdf: bytes, page: int = 1) -> Image.Image:
    """Return a page in grey, as a printer of 150 dpi would show it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.pdf")
        path.write_bytes(pdf)
        only = ["-f", str(page), "-l", str(page), "-r", str(DPI), "-gray", "-png"]
        done = subprocess.run(["pdftoppm", *only, path], capture_output=True, check=True)
    return Image.open(BytesIO(done.stdout))


def _seen(one: zxingcpp.Barcode) -> Seen:
    place = one.position
    corners = (place.top_left, place.top_right, place.bottom_left, place.bottom_right)
    across = [corner.x * INCH / DPI for corner in corners]
    down = [corner.y * INCH / DPI for corner in corners]
    return Seen(one.text, min(across), min(down), max(across), max(down))
