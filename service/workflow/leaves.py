"""The list of a tree's leaves as the archive keeps it: whoever has it can build the tree again.

Text in ASCII: a first line `vedomost-leaves/1 {algorithm} {count}`, then a line a document in the
order of the tree: its id and the hexadecimal hashes of its files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.domain.errors import Unavailable
from signing.evidence import HashTree
from signing.evidence.hashtree import joined

FORMAT = "vedomost-leaves/1"


class LeavesDamaged(Unavailable):
    """The list of a tree's leaves is not one, or leads to another root."""

    code = "evidence-leaves-damaged"
    title = "Список листьев дерева повреждён"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A document and the hashes of its files, one data group (RFC 4998, 2.1)."""

    document: str
    hashes: tuple[bytes, ...]


def listed(algorithm: str, leaves: Sequence[Leaf]) -> bytes:
    """Return the list."""
    lines = [f"{FORMAT} {algorithm} {len(leaves)}"]
    lines += (" ".join((leaf.document, *(one.hex() for one in leaf.hashes))) for leaf in leaves)
    return ("\n".join(lines) + "\n").encode("ascii")


def grown(algorithm: str, leaves: Iterable[Leaf]) -> HashTree:
    """Return the tree over the leaves in their order."""
    return HashTree.over((joined(leaf.hashes, algorithm) for leaf in leaves), algorithm)


def regrown(body: bytes, root: str) -> HashTree:
    """Return the tree of a list, or raise LeavesDamaged if it does not lead to `root` (hex)."""
    head, *lines = body.decode("ascii", "replace").splitlines() or [""]
    try:
        form, algorithm, count = head.split()
        leaves = [_leaf(line) for line in lines]
        tree = grown(algorithm, leaves)
    except ValueError:
        raise _damaged() from None
    if (form, int(count), tree.root.hex()) != (FORMAT, len(leaves), root):
        raise _damaged()
    return tree


def _leaf(line: str) -> Leaf:
    document, *hashes = line.split(" ")
    return Leaf(document, tuple(map(bytes.fromhex, hashes)))


def _damaged() -> LeavesDamaged:
    return LeavesDamaged(
        "Список листьев не ведёт к корню своего дерева: восстановите его из хранилища архива."
    )
