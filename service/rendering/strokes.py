"""Lines and grounds of a laid-out page, read from its content stream; touching lines joined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
HAIR = 1e-3  # points: thinner than this is nothing


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight horizontal or vertical line."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float


@dataclass(frozen=True, slots=True)
class Fill:
    """A rectangle of grey: 0 is black, 1 is white."""

    x: float
    y: float
    width: float
    height: float
    grey: float


def strokes(content: bytes, height: float) -> tuple[tuple[Rule, ...], tuple[Fill, ...]]:
    """Return the rules and fills of a page; `height` turns PDF's upward y into a downward one."""
    rules: list[Rule] = []
    fills: list[Fill] = []
    state: list[tuple[Matrix, float, float]] = []
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    grey, width = 0.0, 1.0
    path: list[tuple[float, float]] = []
    boxes: list[Box] = []
    for operator, operands in _operations(content):
        match operator:
            case "q":
                state.append((matrix, grey, width))
            case "Q":
                matrix, grey, width = state.pop()
            case "cm":
                matrix = _times(_six(operands), matrix)
            case "rg" | "g":
                grey = sum(operands) / len(operands)
            case "w":
                width = operands[0] * abs(matrix[0] or matrix[1])
            case "m" | "l":
                path.append(_point(matrix, operands[0], operands[1], height))
            case "re":
                boxes.append(_box(matrix, operands, height))
            case "S":
                rules += [Rule(*a, *b, width) for a, b in pairwise(path)]
            case "f":
                fills += [_fill(box, grey) for box in boxes]
            case "f*":
                fills += _ring(boxes, grey)
        if operator in ("S", "f", "f*", "n"):
            path, boxes = [], []
    return joined(rules), tuple(fill for fill in dict.fromkeys(fills) if fill.grey < 1)


def _operations(content: bytes) -> Iterator[tuple[str, list[float]]]:
    operands: list[float] = []
    inside_text = False
    for word in content.decode("latin-1").split():
        if word == "BT":
            inside_text = True
        elif word == "ET":
            inside_text, operands = False, []
        elif inside_text:
            continue
        elif word[0] in "-.0123456789":
            operands.append(float(word))
        elif word[0] != "/":
            yield word, operands
            operands = []


def _six(values: list[float]) -> Matrix:
    a, b, c, d, e, f = values
    return a, b, c, d, e, f


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _point(m: Matrix, x: float, y: float, height: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], height - (m[1] * x + m[3] * y + m[5])


def _box(m: Matrix, operands: list[float], height: float) -> Box:
    x, y, w, h = operands
    x1, y1 = _point(m, x, y, height)
    x2, y2 = _point(m, x + w, y + h, height)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _fill(box: Box, grey: float) -> Fill:
    x1, y1, x2, y2 = (round(value, 3) for value in box)
    return Fill(x1, y1, round(x2 - x1, 3), round(y2 - y1, 3), round(grey, 3))


def _ring(boxes: list[Box], grey: float) -> list[Fill]:
    """Return the strips between two nested boxes: a border drawn as an even-odd fill."""
    inner, outer = sorted(boxes, key=lambda b: (b[2] - b[0]) * (b[3] - b[1]))
    strips = (
        (outer[0], outer[1], outer[2], inner[1]),
        (outer[0], inner[3], outer[2], outer[3]),
        (outer[0], inner[1], inner[0], inner[3]),
        (inner[2], inner[1], outer[2], inner[3]),
    )
    return [_fill(s, grey) for s in strips if s[2] - s[0] > HAIR and s[3] - s[1] > HAIR]


def joined(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the same lines with touching collinear ones joined: a grid in rows + columns."""
    groups: dict[tuple[bool, float, float], list[tuple[float, float]]] = defaultdict(list)
    for rule in rules:
        flat = abs(rule.y1 - rule.y2) < abs(rule.x1 - rule.x2)
        across = round(rule.y1 if flat else rule.x1, 3)
        ends = sorted((rule.x1, rule.x2) if flat else (rule.y1, rule.y2))
        groups[flat, across, round(rule.width, 3)].append((ends[0], ends[1]))
    joined = []
    for (flat, across, width), spans in sorted(groups.items(), reverse=True):
        merged: list[list[float]] = []
        for start, end in sorted(spans):
            if merged and start <= merged[-1][1] + 0.05:
                merged[-1][1] = max(merged[-1][1], end)
            else:
                merged.append([start, end])
        for start, end in ((round(s, 3), round(e, 3)) for s, e in merged):
            joined.append(
                Rule(start, across, end, across, width)
                if flat
                else Rule(across, start, across, end, width)
            )
    return tuple(joined)
