"""Places to sign on a wide page: two boxes stand side by side, so that a table has room above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.documents.parts import Signature

WIDE = 200.0  # millimetres between the margins: from there on two boxes share a row


def abreast(lines: Sequence[Signature], width: float) -> Iterator[tuple[Signature, ...]]:
    """Yield the places row by row; two boxes that follow one another are a row on a wide page."""
    left = list(lines)
    while left:
        pair = width >= WIDE and len(left) > 1 and all(line.role for line in left[:2])
        yield tuple(left[: 2 if pair else 1])
        del left[: 2 if pair else 1]
