"""Chance that repeats: the same words give the same throws, in any process."""

from __future__ import annotations

from random import Random


def dice(*about: object) -> Random:
    """Return the dice for a matter named by words and numbers; they keep no secret."""
    return Random(":".join(map(str, about)))  # noqa: S311
