"""Running text and title pages: bricks as their templates want them, one under the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from service.rendering.abreast import abreast
from service.rendering.blanks import Blanks, Said
from service.rendering.capture import Capture
from service.rendering.forms import Forms
from service.rendering.pages import TitleSheet
from service.rendering.paper import MM
from service.rendering.typeface import Faces

ProseItem = Heading | Paragraph | Facts | Corners | Signatures
PROSE = (Heading, Paragraph, Facts, Corners, Signatures)


def words(text: Words, totals: Totals) -> str:
    """Return text that may wait for the count."""
    return text if isinstance(text, str) else text(totals)


class Prose:
    """Lays out what is not a table."""

    def __init__(self, forms: Forms):
        self._blanks = Blanks(forms)
        self._faces = forms.typesetter.faces

    def lay_out(self, items: Sequence[ProseItem], width: float, totals: Totals) -> Capture:
        """Return items one under the other in a column `width` points wide."""
        bricks = [_plain(item, totals, self._faces, width / MM) for item in items]
        return self._blanks.page(
            "shared/prose.html", {"width": round(width / MM, 3), "bricks": bricks}
        )

    def title(self, sheet: TitleSheet, width: float, height: float, totals: Totals) -> Capture:
        """Return a title page of the size of a frame, in points."""
        title = sheet.title
        legible = self._faces.legible
        return self._blanks.page(
            "shared/title.html",
            {
                "width": round(width / MM, 3),
                "height": round(height / MM, 3),
                "small": sheet.small,
                "title": {
                    "above": [Said(legible(line)) for line in title.above],
                    "name": title.name,
                    "under": title.under,
                    "lines": [Said(legible(line)) for line in title.lines],
                    "facts": [
                        (label, Said(legible(value), open=True)) for label, value in title.facts
                    ],
                    "count": Said(title.count(totals)),
                    "foot": [(label, legible(words(value, totals))) for label, value in title.foot],
                    "edition": Said(title.copy),
                },
                "parts": [
                    {"number": Said(part.number), "pages": Said(part.pages)} for part in sheet.parts
                ],
            },
        )


def ends(captured: Capture, count: int) -> tuple[float, ...]:
    """Return where each of `count` items ends, in points from the top."""
    return tuple(captured.slots[f"end-{index}"].y for index in range(count))


def _plain(item: ProseItem, totals: Totals, faces: Faces, width: float) -> Mapping[str, Any]:
    legible = faces.legible
    match item:
        case Heading(text, under):
            return {"brick": "Heading", "text": Said(legible(text)), "under": Said(legible(under))}
        case Paragraph(text, align, size, style):
            classes = [align.value] if align.value != "left" else []
            classes += [size.value] if size is not Size.BODY else []
            classes += [s.name.lower() for s in (Style.BOLD, Style.ITALIC) if s in style and s.name]
            return {
                "brick": "Paragraph",
                "text": Said(legible(words(text, totals)), broken=True),
                "classes": " ".join(classes),
            }
        case Facts(items):
            rows = [
                (legible(label), Said(legible(words(value, totals)), open=True))
                for label, value in items
            ]
            return {"brick": "Facts", "rows": rows}
        case Corners(left, middle, right):
            return {
                "brick": "Corners",
                "left": Said(legible(left)),
                "middle": Said(legible(middle)),
                "right": Said(legible(right)),
            }
        case Signatures(lines):
            places = [[_line(line, faces) for line in row] for row in abreast(lines, width)]
            return {"brick": "Signatures", "rows": places}
        case _:
            assert_never(item)


def _line(line: Signature, faces: Faces) -> Mapping[str, Any]:
    return {
        "post": Said(faces.legible(line.post)),
        "name": Said(faces.legible(line.name)),
        "field": line.role.value if line.role else "",
        "preface": Said(faces.legible(line.preface), broken=True),
        "date": Said(line.date),
        "seal": line.seal,
    }
