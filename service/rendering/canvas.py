"""A page as it is drawn: text, rules, grounds and shared forms become one PDF content stream."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from service.rendering.capture import Capture, Run
from service.rendering.strokes import Fill, Rule
from service.rendering.typeface import Faces


def number(value: float) -> str:
    """Return a coordinate with three decimals at most: rules drawn twice must meet."""
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


class Ink:
    """The glyphs a document uses, face by face, and the names its fonts go by."""

    def __init__(self, faces: Faces):
        self.faces = faces
        self.glyphs: dict[str, dict[int, str]] = defaultdict(dict)
        self._operands: dict[tuple[str, str], bytes] = {}

    @staticmethod
    @cache
    def font(face: str) -> bytes:
        """Return the resource name of a face."""
        return face.replace("PT", "").replace("-", "").encode()

    def operand(self, face: str, text: str) -> bytes:
        """Return the text shaped for TJ, its glyphs noted."""
        known = self._operands.get((face, text))
        if known is not None:
            return known
        shaped = self.faces[face].shape(text)
        used = self.glyphs[face]
        for glyph, stands_for in shaped.glyphs:
            if stands_for and glyph not in used:
                used[glyph] = stands_for
        self._operands[face, text] = shaped.operand
        return shaped.operand


class Canvas:
    """Collects the drawing of one page or form; y counts downwards from its upper edge."""

    def __init__(self, height: float, ink: Ink):
        self.height = height
        self.ink = ink
        self._under: list[str] = []
        self._forms: list[str] = []
        self._lines: list[str] = []
        self._text: list[bytes] = []

    def fills(self, fills: Iterable[Fill], x: float = 0, y: float = 0) -> None:
        """Paint grounds; they lie under everything else."""
        for fill in fills:
            self._under.append(
                f"{number(fill.grey)} g {number(fill.x + x)} "
                f"{number(self.height - fill.y - y - fill.height)} "
                f"{number(fill.width)} {number(fill.height)} re f"
            )

    def rules(self, rules: Iterable[Rule], x: float = 0, y: float = 0) -> None:
        """Draw straight lines."""
        for rule in rules:
            self._lines.append(
                f"{number(rule.width)} w "
                f"{number(rule.x1 + x)} {number(self.height - rule.y1 - y)} m "
                f"{number(rule.x2 + x)} {number(self.height - rule.y2 - y)} l S"
            )

    def form(self, name: str, x: float, y: float, height: float) -> None:
        """Place a shared form with its upper left corner at x, y."""
        self._forms.append(
            f"q 1 0 0 1 {number(x)} {number(self.height - y - height)} cm /{name} Do Q"
        )

    def runs(self, runs: Iterable[Run], x: float = 0, y: float = 0) -> None:
        """Set text."""
        for run in runs:
            place = b"0 1 -1 0" if run.turned else b"1 0 0 1"
            self._text.append(
                b"/%s %g Tf %s %.2f %.2f Tm %s TJ"
                % (
                    self.ink.font(run.face),
                    run.size,
                    place,
                    run.x + x,
                    self.height - run.y - y,
                    self.ink.operand(run.face, run.text),
                )
            )

    def capture(self, captured: Capture, x: float = 0, y: float = 0) -> None:
        """Draw a laid-out page at a place."""
        self.fills(captured.fills, x, y)
        self.rules(captured.rules, x, y)
        self.runs(captured.runs, x, y)

    def stream(self, prefix: str = "") -> bytes:
        """Return the content stream."""
        parts = [part.encode() for part in ([prefix] if prefix else [])]
        if self._under:
            parts.append("\n".join(["q", *self._under, "Q"]).encode())
        parts += [form.encode() for form in self._forms]
        parts += [line.encode() for line in self._lines]
        if self._text:
            parts += [b"BT", *self._text, b"ET"]
        return b"\n".join(parts)
