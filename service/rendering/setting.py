"""Text set into slots: alignment, shrinking to a floor, then wrapping; nothing is ever cut off."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from service.documents.parts import Align, Style
from service.rendering.capture import Run, Slot
from service.rendering.typeface import EM, FILES, Face, Faces, wrap

FLOOR = 6.0  # points: smaller type is not for paper
STEP = 0.25
CLOSE = 1.15  # times its size is a line high, where several stand in a box


@cache
def styled(face: str, style: Style) -> str:
    """Return the face of the same family with the weight and slope a style asks for."""
    family = "serif" if face.startswith("PTSerif") else "sans"
    bold = Style.BOLD in style or "Bold" in face
    italic = Style.ITALIC in style or "Italic" in face
    return FILES[family, bold, italic]


def set_line(slot: Slot, text: str, faces: Faces, style: Style = Style.PLAIN) -> tuple[Run, ...]:
    """Return `text` set into a slot of fixed size, on as few lines as it can be.

    The type shrinks to 6 pt before it wraps, and below only if even then the box is too low.
    """
    if not text:
        return ()
    name = slot.face if style is Style.PLAIN else styled(slot.face, style)
    face = faces[name]
    text = faces.legible(text)
    size = slot.size
    natural = face.width(text, size)
    if natural <= slot.width + 0.01 and "\n" not in text:
        return (_run(slot, text, natural, slot.top + slot.ascent, name, size),)
    if "\n" not in text:
        fitting = int(size * slot.width / natural / STEP) * STEP
        size = max(fitting, min(FLOOR, size))
    lines = wrap(face, text, size, slot.width + 0.01)
    while (
        len(lines) * _leading(slot, size) > slot.height + 0.01
        and len(lines) > 1
        and size > STEP * 8
    ):
        size -= STEP
        lines = wrap(face, text, size, slot.width + 0.01)
    return _runs(slot, lines, name, size, faces)


def set_block(slot: Slot, text: str, faces: Faces) -> tuple[Run, ...]:
    """Return `text` set into a slot whose height may hold several lines, as large as it can be.

    No word is broken unless the smallest type is too large for it.
    """
    face, text, leading = faces[slot.face], faces.legible(text), slot.size * CLOSE
    raised = (slot.leading - leading) / 2
    close = replace(slot, leading=leading, top=slot.top + raised, ascent=slot.ascent - raised)
    size = slot.size
    widest = max(map(face.measure, text.split(" "))) / EM
    while text and size > FLOOR:
        lines = wrap(face, text, size, slot.width + 0.01)
        if widest * size <= slot.width and (
            len(lines) == 1 or len(lines) * _leading(close, size) <= slot.height
        ):
            return _runs(close, lines, slot.face, size, faces)
        size -= STEP
    return set_line(close, text, faces)


def fit(text: str, face: Face, size: float, width: float) -> tuple[float, tuple[str, ...]]:
    """Return size and lines of a text that may grow downwards: words shrink before they break."""
    if face.width(text, size) <= width and "\n" not in text:
        return size, (text,)
    widest = max((face.width(word, size) for word in text.split()), default=0)
    if widest > width:
        size = max(int(size * width / widest / STEP) * STEP, min(FLOOR, size))
    return size, wrap(face, text, size, width + 0.01)


def set_lines(
    slot: Slot,
    lines: tuple[str, ...],
    faces: Faces,
    size: float | None = None,
) -> tuple[Run, ...]:
    """Return lines broken beforehand, set about the slot's own line."""
    return _runs(slot, lines, slot.face, size or slot.size, faces)


def at(slot: Slot, x: float, y: float, width: float, height: float) -> Slot:
    """Return the slot moved to another box; a single line stands in its middle."""
    return replace(
        slot, x=x, y=y, width=width, height=height, top=(height - slot.leading) / 2, turned=False
    )


def _leading(slot: Slot, size: float) -> float:
    return slot.leading * size / slot.size


def _runs(
    slot: Slot, lines: tuple[str, ...], name: str, size: float, faces: Faces
) -> tuple[Run, ...]:
    leading = _leading(slot, size)
    middle = slot.top + slot.leading / 2
    first = middle - leading * len(lines) / 2 + slot.ascent * size / slot.size
    face = faces[name]
    return tuple(
        _run(slot, line, face.width(line, size), first + number * leading, name, size)
        for number, line in enumerate(lines)
    )


def _run(slot: Slot, line: str, width: float, down: float, name: str, size: float) -> Run:
    """Return a line with its baseline `down` points below the upper edge of a slot."""
    along = 0.0
    if slot.align is Align.CENTER:
        along = (slot.width - width) / 2
    elif slot.align is Align.RIGHT:
        along = slot.width - width
    if slot.turned:
        return Run(name, size, slot.x + down, slot.y - along, line, True)
    return Run(name, size, slot.x + along, slot.y + down, line)
