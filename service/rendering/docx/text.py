"""Runs and paragraphs of WordprocessingML; the only place where text becomes XML."""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.documents.parts import Align, Style

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

NATURAL = 100  # % of the width of letters

_SPECIAL = re.compile('[&<>"\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]')
_SPACE = {"\t": " ", "\n": " "}
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", **_SPACE}


def twips(millimetres: float) -> int:
    """Return a length in twentieths of a point."""
    return round(millimetres * 1440 / 25.4)


def escaped(text: str) -> str:
    """Return text as XML character data; what XML 1.0 cannot carry is left out."""
    return _SPECIAL.sub(lambda found: _ENTITIES.get(found[0], ""), text)


def printable(text: str) -> str:
    """Return text without what XML 1.0 cannot carry, for whoever escapes it himself."""
    return _SPECIAL.sub(
        lambda found: _SPACE.get(found[0], found[0] if found[0] in _ENTITIES else ""), text
    )


def run(
    text: str,
    style: Style = Style.PLAIN,
    *,
    size: float = 0,
    raised: bool = False,
    squeezed: int = NATURAL,
) -> str:
    """Return text with its look: size in points (0: the paragraph's), width of letters in %.

    A line feed breaks the line.
    """
    if not text:
        return ""
    look = ""
    if style & Style.BOLD:
        look += "<w:b/><w:bCs/>"
    if style & Style.ITALIC:
        look += "<w:i/><w:iCs/>"
    if squeezed != NATURAL:
        look += f'<w:w w:val="{squeezed}"/>'
    if size:
        look += f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
    if raised:
        look += '<w:vertAlign w:val="superscript"/>'
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escaped(line)}</w:t>' for line in text.split("\n")
    )
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{lines}</w:r>"


TAB = "<w:r><w:tab/></w:r>"


def tabs(stops: Iterable[tuple[float, Align, str]]) -> str:
    """Return tab stops: millimetres from the left margin, alignment, leader («none» or «dot»)."""
    found = "".join(
        f'<w:tab w:val="{align.value}" w:leader="{leader}" w:pos="{twips(at)}"/>'
        for at, align, leader in stops
    )
    return f"<w:tabs>{found}</w:tabs>"


def paragraph(
    style: str,
    content: str,
    *,
    align: Align | None = None,
    stops: str = "",
    before: float | None = None,
    line: float = 0,
    hanging: float = 0,
    keep: bool = False,
    outlined: bool = False,
) -> str:
    """Return a paragraph of a named style; `before` and `hanging` in millimetres.

    `line` is its leading in points, where it is not the style's; not together with `before`.

    `keep` holds it with the next one, `outlined` lists it in the navigation pane.
    """
    look = f'<w:pStyle w:val="{style}"/>'
    if keep:
        look += "<w:keepNext/>"
    look += stops
    if before is not None:
        look += f'<w:spacing w:before="{twips(before)}"/>'
    if line:
        look += f'<w:spacing w:line="{round(line * 20)}" w:lineRule="exact"/>'
    if hanging:
        look += f'<w:ind w:left="{twips(hanging)}" w:hanging="{twips(hanging)}"/>'
    if align:
        look += f'<w:jc w:val="{align.value}"/>'
    if outlined:
        look += '<w:outlineLvl w:val="0"/>'
    return f"<w:p><w:pPr>{look}</w:pPr>{content}</w:p>"
