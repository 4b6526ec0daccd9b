"""Copies of trees and timestamps in the stores, and which are still to be put there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from service.ledger import rows
from service.ledger.proof import evidence
from service.ledger.proof.evidence import Tree
from service.ledger.proof.tables import evidence_copies as copies

STORES = 2
LEAVES = "leaves.txt"


@dataclass(frozen=True, slots=True)
class EvidenceCopy:
    """One file of a tree in one store, as it was last read back."""

    tree: str
    name: str
    store: str
    key: str
    version_id: str
    mode: str
    locked_until: datetime
    sha256: str
    size: int
    checked: datetime


def timestamp_name(number: int) -> str:
    """Return the name of the file a tree's timestamp is kept in."""
    return f"timestamp-{number:04}.der"


def number_of(name: str) -> int | None:
    """Return the number of the timestamp a file of this name keeps; None: it keeps the leaves."""
    return None if name == LEAVES else int(name.removeprefix("timestamp-").removesuffix(".der"))


def put(connection: Connection, copy: EvidenceCopy) -> None:
    """Write down what a store holds now."""
    rows.put(connection, copies, asdict(copy))


def lacking(connection: Connection) -> Iterator[tuple[Tree, str]]:
    """Yield each file that is not in both stores, or not locked as long as it should be."""
    locks: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for row in connection.execute(select(copies.c.tree, copies.c.name, copies.c.locked_until)):
        locks[row.tree, row.name].append(row.locked_until)
    for tree in evidence.every(connection):
        until = tree.keep_until.replace(microsecond=0)
        for name in (LEAVES, *map(timestamp_name, range(1, tree.timestamps + 1))):
            held = locks[tree.id, name]
            if len(held) < STORES or min(held) < until:
                yield tree, name
