"""A row of the results: a figure, its peer's, and whether it is what we promised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any


class Better(Enum):
    """Which way a figure improves."""

    MORE = "≥"
    LESS = "≤"


class Of(Enum):
    """What a goal is set for."""

    VALUE = "value"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody else's figure, measured in the same run."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound on a figure (either way, as the row's figures improve) or on a ratio (at least)."""

    bound: float
    of: Of = Of.VALUE


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. A ratio says how many times better than the peer it is, whatever the unit."""

    name: str
    value: float
    unit: str
    better: Better
    peer: Peer | None = None
    goal: Goal | None = None

    @property
    def ratio(self) -> float | None:
        """How many times better than the peer."""
        if self.peer is None:
            return None
        ours, theirs = self.value, self.peer.value
        return ours / theirs if self.better is Better.MORE else theirs / ours

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if self.goal is None:
            return None
        if self.goal.of is Of.RATIO:
            return self.ratio is not None and self.ratio >= self.goal.bound
        if self.better is Better.MORE:
            return self.value >= self.goal.bound
        return self.value <= self.goal.bound

    @property
    def wanted(self) -> str | None:
        """The goal in words: «≥ 150», «× ≥ 5»."""
        if self.goal is None:
            return None
        if self.goal.of is Of.RATIO:
            return f"× ≥ {self.goal.bound:g}"
        return f"{self.better.value} {self.goal.bound:g}"

    def named(self, prefix: str) -> Row:
        """Return the row with its name prefixed."""
        return replace(self, name=prefix + self.name)

    def told(self) -> dict[str, Any]:
        """Return the row as it stands in the results' file."""
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "peer": self.peer and self.peer.name,
            "peer_value": self.peer and round(self.peer.value, 3),
            "ratio": self.ratio and round(self.ratio, 3),
            "goal": self.wanted,
            "met": self.met,
        }
