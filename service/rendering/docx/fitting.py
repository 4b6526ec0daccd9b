"""Text that must stay on one line of a given width: set smaller, then narrower, never cut."""

from __future__ import annotations

from service.documents.parts import Style
from service.rendering.docx.text import NATURAL, run

FLOOR = 6.0  # points: smaller type is not for paper
STEP = 0.5  # points: what Word can set
NARROWEST = 40  # % of the natural width of letters
MM = 72 / 25.4
WIDTHS = {  # thousandths of an em, rounded up: letters of PT Sans that take no more
    250: "',.:|",
    300: " \u00a0();IJ`ijl·",
    350: '!"[]frt{}',
    400: "*-/\\гт",
    450: "?_szГз",
    500: "^ackvy«»§авксучъьэя",
    600: "ABCPRTVYАВРСТУЬЭЯ",
    650: "GKXКЛХЧЪм",
    700: "DHNOQU–ДИЙНОПЦжфы",
    750: "wшю",
    850: "%M…МФЫщ&Wm—Ж",
    950: "ШЮЩ",
    1050: "№@",
}
USUAL = 550
WIDTH_OF = {letter: width for width, letters in WIDTHS.items() for letter in letters}
BOLDER = 1.06


def measured(text: str, size: float, style: Style = Style.PLAIN) -> float:
    """Return the millimetres a line of PT Sans takes, rounded up; needs no font at hand."""
    ems = sum(WIDTH_OF.get(letter, USUAL) for letter in text) / 1000
    return ems * size / MM * (BOLDER if style & Style.BOLD else 1)


def word_size(text: str, size: float, width: float, style: Style = Style.PLAIN) -> float:
    """Return the size at which every word of a text stands whole in `width` millimetres.

    Not under 6 points, as in PDF: a longer word is broken.
    """
    if measured(text, size, style) <= width:
        return size
    widest = max((measured(word, size, style) for word in text.split()), default=0)
    if widest <= width:
        return size
    return max(FLOOR, int(size * width / widest / STEP) * STEP)


def broken(text: str, size: float, width: float, style: Style = Style.PLAIN) -> tuple[str, ...]:
    """Return the lines a text is broken into between words, none wider than `width` millimetres.

    A longer word stands on a line of its own.
    """
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and measured(longer, size, style) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return tuple(lines)


def fitted(
    text: str, size: float, width: float, style: Style = Style.PLAIN, *, corner: str = ""
) -> str:
    """Return the runs of a line that takes no more than `width` millimetres at `size` points."""
    natural = measured(text, size, style) + measured(corner, size * 0.65, style)
    if natural <= width:
        return run(text, style) + run(corner, style, raised=True)
    smaller = max(FLOOR, int(size * width / natural / STEP) * STEP)
    narrower = int(NATURAL * width / (natural * smaller / size))
    squeezed = min(NATURAL, max(NARROWEST, narrower))
    return run(text, style, size=smaller, squeezed=squeezed) + run(
        corner, style, size=smaller, squeezed=squeezed, raised=True
    )
