"""The line that explains the marks of a report."""

from __future__ import annotations

from collections.abc import Collection

from service.domain.codes import MarkValue
from service.domain.reckoning.cells import MARKS, MEANINGS


def legend(used: Collection[MarkValue], *more: str) -> str:
    """Return «Условные обозначения: н/а — не аттестован; …» of the signs used, or nothing.

    `more` are explanations of how a cell looks, as «затенённая ячейка — …».
    """
    signs = [f"{MARKS[sign]} — {meaning}" for sign, meaning in MEANINGS.items() if sign in used]
    said = (*signs, *more)
    return f"Условные обозначения: {'; '.join(said)}." if said else ""
