"""Outcomes of checks that may also remain unknown."""

from __future__ import annotations

from collections.abc import Iterable


def together(outcomes: Iterable[bool | None]) -> bool | None:
    """Return False if anything fails, else None if anything is unknown, else True."""
    found = set(outcomes)
    if False in found:
        return False
    return None if None in found else True
