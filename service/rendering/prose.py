"""Running text, title pages and notes: bricks laid out by WeasyPrint when the words are known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, assert_never

from service.documents.parts import (
    Corners,
    Facts,
    Heading,
    Paragraph,
    Signature,
    Signatures,
    Size,
    Style,
    Words,
)
from service.domain.pagination import Totals
from service.rendering.capture import Capture
from service.rendering.pages import TitleSheet
from service.rendering.paper import MM
from service.rendering.typeface import Faces
from service.rendering.typesetter import Typesetter

ProseItem = Heading | Paragraph | Facts | Corners | Signatures
PROSE = (Heading, Paragraph, Facts, Corners, Signatures)


def words(text: Words, totals: Totals) -> str:
    """Return text that may wait for the count."""
    return text if isinstance(text, str) else text(totals)


class Prose:
    """Lays out what is not a table."""

    def __init__(self, typesetter: Typesetter):
        self._typesetter = typesetter
        self._faces = typesetter.faces
        self._page = lru_cache(maxsize=256)(self._lay_out)

    def lay_out(self, items: Sequence[ProseItem], width: float, totals: Totals) -> Capture:
        """Return items one under the other in a column `width` points wide."""
        bricks = [_plain(item, totals, self._faces) for item in items]
        return self._page(json.dumps(bricks), round(width / MM, 3))

    def _lay_out(self, bricks: str, width: float) -> Capture:
        """Lay out text once for measuring and for drawing; in memory only, for it names people."""
        (captured,) = self._typesetter.pages(
            "shared/prose.html", width=width, bricks=json.loads(bricks)
        )
        return captured

    def title(self, sheet: TitleSheet, width: float, height: float, totals: Totals) -> Capture:
        """Return a title page of the size of a frame, in points."""
        title = sheet.title
        legible = self._faces.legible
        (captured,) = self._typesetter.pages(
            "shared/title.html",
            width=round(width / MM, 3),
            height=round(height / MM, 3),
            small=sheet.small,
            title={
                "above": [legible(line) for line in title.above],
                "name": title.name,
                "under": title.under,
                "lines": [legible(line) for line in title.lines],
                "facts": [(label, legible(value)) for label, value in title.facts],
                "count": title.count(totals),
                "foot": [(label, legible(words(value, totals))) for label, value in title.foot],
                "edition": title.copy,
            },
            parts=[replace(part, title=legible(part.title)) for part in sheet.parts],
        )
        return captured


def ends(captured: Capture, count: int) -> tuple[float, ...]:
    """Return where each of `count` items ends, in points from the top."""
    return tuple(captured.slots[f"end-{index}"].y for index in range(count))


def _plain(item: ProseItem, totals: Totals, faces: Faces) -> Mapping[str, Any]:
    legible = faces.legible
    match item:
        case Heading(text, under):
            return {"brick": "Heading", "text": legible(text), "under": legible(under)}
        case Paragraph(text, align, size, style):
            classes = [align.value] if align.value != "left" else []
            classes += [size.value] if size is not Size.BODY else []
            classes += [s.name.lower() for s in (Style.BOLD, Style.ITALIC) if s in style and s.name]
            return {
                "brick": "Paragraph",
                "text": legible(words(text, totals)),
                "classes": " ".join(classes),
            }
        case Facts(items):
            rows = [(legible(label), legible(words(value, totals))) for label, value in items]
            return {"brick": "Facts", "rows": rows}
        case Corners(left, middle, right):
            return {
                "brick": "Corners",
                "left": legible(left),
                "middle": legible(middle),
                "right": legible(right),
            }
        case Signatures(lines):
            return {"brick": "Signatures", "lines": [_line(line, faces) for line in lines]}
        case _:
            assert_never(item)


def _line(line: Signature, faces: Faces) -> Mapping[str, Any]:
    return {
        "post": faces.legible(line.post),
        "name": faces.legible(line.name),
        "field": line.role.value if line.role else "",
        "preface": faces.legible(line.preface),
        "date": line.date,
        "seal": line.seal,
    }
