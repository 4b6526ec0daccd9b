"""The hash tree under one timestamp, and the few hashes that lead from a leaf to its root."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from signing import digests

Path: TypeAlias = tuple[tuple[bytes, ...], ...]
"""A reduced hash tree (RFC 4998, 4.2): lists of hashes from the leaf up; empty: the leaf is all."""


def joined(hashes: Sequence[bytes], algorithm: str) -> bytes:
    """Return the node over some hashes (RFC 4998, 4.2, 3–4): sorted, concatenated, digested.

    One hash alone is its own node.
    """
    if len(hashes) == 1:
        return hashes[0]
    return digests.digest(algorithm, b"".join(sorted(hashes)))


@dataclass(frozen=True, slots=True)
class HashTree:
    """A binary hash tree; `levels` are hashes of `width` bytes end to end, the leaves first.

    A node without a neighbour goes up a level as it is.
    """

    algorithm: str
    width: int
    levels: tuple[bytes, ...]

    @classmethod
    def over(cls, leaves: Iterable[bytes], algorithm: str) -> HashTree:
        """Build the tree over the hashes of data groups, in their order (RFC 4998, 4.2).

        ValueError without leaves or for an unknown algorithm; GostNotInstalled for Streebog
        where it is missing.
        """
        width = digests.new(algorithm).digest_size
        level = b"".join(leaves)
        if not level or len(level) % width:
            raise ValueError(f"no tree over {len(level)} bytes of {algorithm}")
        levels = [level]
        while len(level) > width:
            level = _above(level, width, algorithm)
            levels.append(level)
        return cls(algorithm, width, tuple(levels))

    @classmethod
    def of_nodes(cls, nodes: bytes, count: int, algorithm: str) -> HashTree:
        """Return the tree whose `nodes` were kept; ValueError if they are not of `count` leaves."""
        width = digests.new(algorithm).digest_size
        levels, start = [], 0
        while count:
            levels.append(nodes[start : start + count * width])
            start += count * width
            count = (count + 1) // 2 if count > 1 else 0
        if start != len(nodes):
            raise ValueError("the nodes are of another tree")
        return cls(algorithm, width, tuple(levels))

    @property
    def nodes(self) -> bytes:
        """Every hash of the tree, level by level."""
        return b"".join(self.levels)

    @property
    def count(self) -> int:
        """How many leaves it has."""
        return len(self.levels[0]) // self.width

    @property
    def root(self) -> bytes:
        """What the timestamp is put on."""
        return self.levels[-1]

    def neighbours(self, place: int) -> tuple[bytes, ...]:
        """Return the hashes beside the road from a leaf to the root, the lowest first."""
        if not 0 <= place < self.count:
            raise IndexError(f"no leaf {place} among {self.count}")
        found = []
        for level in self.levels[:-1]:
            start = (place ^ 1) * self.width
            if start < len(level):
                found.append(level[start : start + self.width])
            place //= 2
        return tuple(found)


def reduced(group: Sequence[bytes], neighbours: Sequence[bytes]) -> Path:
    """Return the reduced hash tree of a data group (RFC 4998, 4.2): its hashes, then those beside.

    One hash without neighbours needs none: the path is empty.
    """
    if len(group) > 1:
        return tuple(sorted(group)), *((hash_,) for hash_ in neighbours)
    if not neighbours:
        return ()
    return tuple(sorted((*group, neighbours[0]))), *((hash_,) for hash_ in neighbours[1:])


def climbed(leaf: bytes, path: Path, algorithm: str) -> bytes | None:
    """Return the root a reduced hash tree leads to (RFC 4998, 4.3), None if `leaf` is not in it."""
    if not path:
        return leaf
    if leaf not in path[0]:
        return None
    node = joined(path[0], algorithm)
    for hashes in path[1:]:
        node = joined((*hashes, node), algorithm)
    return node


def _above(level: bytes, width: int, algorithm: str) -> bytes:
    """Return the next level: pairs digested in binary order, a last one alone as it is."""
    digest, pair = digests.digest, 2 * width
    made = []
    for start in range(0, len(level) - width, pair):
        left, right = level[start : start + width], level[start + width : start + pair]
        made.append(digest(algorithm, left + right if left < right else right + left))
    if len(level) % pair:
        made.append(level[-width:])
    return b"".join(made)
