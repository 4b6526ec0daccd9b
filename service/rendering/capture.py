"""What WeasyPrint laid out, as plain values: rules, fills, runs of text and the slots to fill.

WeasyPrint is the typesetter: the look stays in HTML and CSS. Everything is in points, the origin
is the upper left corner, y grows downwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from service.documents.parts import Align
from service.domain.errors import ServiceError
from service.rendering.strokes import Fill, Rule, strokes
from service.rendering.typeface import FILES

PT = 0.75  # points in a CSS pixel
NOTHING = 1e-9
BOLD = 600  # the least CSS weight that takes the bold face


class TemplateBroken(ServiceError):
    """A template draws or names something a form cannot hold."""

    code = "template-broken"
    title = "Ошибка в шаблоне"


class Run(NamedTuple):
    """A line of text at its baseline; turned text reads upwards."""

    face: str
    size: float
    x: float
    y: float
    text: str
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A box to be filled: where it is, the type it is set in, how text stands in it.

    `width` and `height` are along and across the reading direction, x and y its own upper left.
    `top` is where a single line begins, `ascent` how far its baseline lies below that.
    """

    x: float
    y: float
    width: float
    height: float
    face: str
    size: float
    align: Align
    leading: float
    top: float
    ascent: float
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Capture:
    """One laid-out page."""

    width: float
    height: float
    rules: tuple[Rule, ...]
    fills: tuple[Fill, ...]
    runs: tuple[Run, ...]
    slots: Mapping[str, Slot]


def capture(page: Any, content: bytes) -> Capture:
    """Return what a WeasyPrint page shows; `content` is its uncompressed content stream.

    Elements with `data-slot` hold one line of sample text, which is measured and left out.
    """
    runs: list[Run] = []
    slots: dict[str, Slot] = {}
    _walk(page._page_box, None, None, runs, slots)
    height = page.height * PT
    rules, fills = strokes(content, height)
    return Capture(page.width * PT, height, rules, fills, tuple(runs), slots)


def _walk(box: Any, matrix: Any, slot: str | None, runs: list[Run], slots: dict[str, Slot]) -> None:
    matrix = getattr(box, "transformation_matrix", None) or matrix
    element = getattr(box, "element", None)
    name = (
        element.get("data-slot") if element is not None and element.tag == box.element_tag else None
    )
    if name and name not in slots and hasattr(box, "children"):
        slots[name] = _slot(box, matrix)
        slot = name
    if hasattr(box, "text"):
        if slot is None and box.text.strip() and box.style["visibility"] == "visible":
            runs.append(_run(box, matrix))
        return
    for child in getattr(box, "children", ()):
        _walk(child, matrix, slot, runs, slots)


def _run(box: Any, matrix: Any) -> Run:
    x, y, turned = _place(box.position_x, box.position_y + box.baseline, matrix)
    return Run(_face(box.style), box.style["font_size"] * PT, x, y, box.text.rstrip(), turned)


def _slot(box: Any, matrix: Any) -> Slot:
    line, text = next(_lines(box), (None, None))
    if line is None or text is None:
        raise TemplateBroken(f"В ячейке «{box.element.get('data-slot')}» нет строки-образца")
    left, top = box.content_box_x(), box.content_box_y()
    x, y, turned = _place(left, top, matrix)
    return Slot(
        x=x,
        y=y,
        width=box.width * PT,
        height=box.height * PT,
        face=_face(text.style),
        size=text.style["font_size"] * PT,
        align=Align(_ALIGN.get(box.style["text_align_all"], "left")),
        leading=line.height * PT,
        top=(line.position_y - top) * PT,
        ascent=(text.position_y + text.baseline - line.position_y) * PT,
        turned=turned,
    )


_ALIGN = {"center": "center", "right": "right", "end": "right"}


def _lines(box: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every line under a box with its first text."""
    for child in getattr(box, "children", ()):
        if type(child).__name__ == "LineBox":
            texts = [c for c in child.descendants() if hasattr(c, "text")]
            if texts:
                yield child, texts[0]
        else:
            yield from _lines(child)


def _place(x: float, y: float, matrix: Any) -> tuple[float, float, bool]:
    if matrix is None:
        return x * PT, y * PT, False
    a, b, c, d, e, f = matrix.values
    if abs(a) > NOTHING or abs(d) > NOTHING or b >= 0:
        raise TemplateBroken("Форма умеет поворачивать текст только на четверть оборота вверх")
    return (a * x + c * y + e) * PT, (b * x + d * y + f) * PT, True


def _face(style: Any) -> str:
    family = "serif" if "Serif" in style["font_family"][0] else "sans"
    return FILES[family, style["font_weight"] >= BOLD, style["font_style"] != "normal"]
