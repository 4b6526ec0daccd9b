"""A page as it is drawn: text, rules, grounds and shared forms become one PDF content stream."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from service.rendering.capture import Capture, Run, Slot
from service.rendering.check_mark import CheckMark
from service.rendering.ink import Ink
from service.rendering.series import Series
from service.rendering.strokes import Fill, Rule


def number(value: float) -> str:
    """Return a coordinate with three decimals at most: rules drawn twice must meet."""
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


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
        top = self.height - y
        for width, alike in groupby(rules, key=lambda rule: rule.width):
            self.lines(
                width,
                [
                    f"{number(rule.x1 + x)} {number(top - rule.y1)} m "
                    f"{number(rule.x2 + x)} {number(top - rule.y2)} l"
                    for rule in alike
                ],
            )

    def lines(self, width: float, lines: Iterable[str]) -> None:
        """Draw straight lines of one width, each written as a path of this page."""
        self._lines.append(f"{number(width)} w {' '.join(lines)} S")

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
                b"%s %s %.2f %.2f Tm[%s]TJ"
                % (
                    self.ink.font(run.face, run.size),
                    place,
                    run.x + x,
                    self.height - run.y - y,
                    self.ink.line(run.face, run.text)[0],
                )
            )

    def text(self, slot: Slot, x: float, y: float, text: bytes) -> None:
        """Set a text, as `Texts` gives it, in a slot whose place is x and whose baseline is y."""
        font = self.ink.font(slot.face, slot.size)
        self._text.append(b"%s 1 0 0 1 %.2f %.2f Tm%s" % (font, x, self.height - y, text))

    def series(self, series: Series, texts: Iterable[bytes]) -> None:
        """Set texts, as `Texts` gives them, into the slots of a series from its first one on."""
        self._text.append(series.start + series.step.join(texts))

    def capture(self, captured: Capture, x: float = 0, y: float = 0) -> None:
        """Draw a laid-out page at a place."""
        self.fills(captured.fills, x, y)
        self.rules(captured.rules, x, y)
        self.runs(captured.runs, x, y)

    def mark(self, mark: CheckMark) -> None:
        """Draw a QR code as one path, so that no seam shows, and its caption."""
        x, y = mark.dark
        side = mark.module
        path = " ".join(
            f"{number(x + column * side)} {number(self.height - y - (row + 1) * side)} "
            f"{number(length * side)} {number(side)} re"
            for row, column, length in mark.code.strokes()
        )
        self._lines.append(f"{path} f")
        self.runs(mark.runs(self.ink.faces))

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
