"""The list of a tree's leaves as the archive keeps it: whoever has it can build the tree again.

Text in ASCII: a first line `vedomost-leaves/1 {algorithm} {count}`, then a line a document in the
order of the tree: its id and the hexadecimal hashes of its files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from service.domain.errors import Unavailable
from service.ledger.files import FileDamaged, FileLost, Files
from service.ledger.proof import evidence
from service.ledger.proof.evidence import Tree
from signing import digests
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


def kept(connection: Connection, files: Files, tree: Tree) -> bytes:
    """Return the list of a tree: from the data folder, else as the ledger knows it.

    LeavesDamaged if that is not the list the tree was made of.
    """
    try:
        return files.read(tree.leaves)
    except (FileLost, FileDamaged):
        body = listed(tree.algorithm, _of_ledger(connection, tree))
    if files.keep(body) != tree.leaves:
        raise _damaged()
    return body


def regrown(connection: Connection, tree: Tree) -> HashTree:
    """Return the tree the ledger knows, or raise LeavesDamaged if it leads to another root."""
    found = grown(tree.algorithm, _of_ledger(connection, tree))
    if found.root.hex() != tree.root:
        raise _damaged()
    return found


def split(hashes: bytes, algorithm: str) -> tuple[bytes, ...]:
    """Return hashes that stand end to end, each alone."""
    width = digests.new(algorithm).digest_size
    return tuple(hashes[start : start + width] for start in range(0, len(hashes), width))


def _of_ledger(connection: Connection, tree: Tree) -> list[Leaf]:
    return [
        Leaf(document, split(hashes, tree.algorithm))
        for document, hashes in evidence.listing(connection, tree.id)
    ]


def _damaged() -> LeavesDamaged:
    return LeavesDamaged(
        "Документы дерева в базе данных не ведут к его корню: восстановите базу из резервной копии "
        "(список листьев лежит и в обоих хранилищах архива)."
    )
