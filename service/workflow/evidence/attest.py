"""Archived documents without evidence get one tree with one timestamp, all together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from service.domain.errors import ServiceError
from service.ledger import audit, copies
from service.ledger.database import Database
from service.ledger.documents import State
from service.ledger.files import Files
from service.ledger.proof import evidence
from service.ledger.proof.evidence import Held, Member, Timestamp, Tree
from service.ledger.road import SERVICE
from service.workflow.evidence.leaves import Leaf, grown, listed
from service.workflow.evidence.records import NODES
from service.workflow.keeping.archived import ArchivedFiles, known_digest
from signing.evidence import ArchiveTimestamp, HashTree, Stamped, stamped
from signing.evidence.stamping import Imprinter
from signing.reports import Level
from signing.trust import Trust

PROVABLE = frozenset({Level.B_LT, Level.B_LTA})


@dataclass(frozen=True, slots=True)
class Seal:
    """Who puts the time on trees, whom of them we believe, and by which digest trees are built."""

    imprinter: Imprinter
    trust: Trust
    algorithm: str


@dataclass(frozen=True, slots=True)
class Unready:
    """A document that got no evidence; `reason` is Russian and says what it lacks."""

    document: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Attested:
    """What was found: the tree, if there was anything for one, and what stays without."""

    tree: Tree | None
    documents: int
    unready: tuple[Unready, ...]


@dataclass(frozen=True, slots=True)
class Attest:
    """Makes one tree of all archived documents that are in none; again finds nothing to do."""

    database: Database
    files: Files
    archived: ArchivedFiles
    seal: Seal

    def __call__(self, at: datetime, *, dry: bool = False) -> Attested:
        """Attest what is archived by now; `dry` only tells what would be.

        A document whose signatures lack the data to check them later (below B-LT) is told, not
        included: evidence of it would outlive what it is for. Killed anywhere, all it loses is a
        timestamp. Raises EvidenceOvertaken if another process was faster, and as
        `signing.evidence.stamped` does.
        """
        leaves, unready = self._found()
        if dry or not leaves:
            return Attested(None, len(leaves), unready)
        algorithm = self.seal.algorithm
        tree = grown(algorithm, leaves)
        name = self.files.keep(listed(algorithm, leaves))
        self.files.derive(name, NODES, tree.nodes)
        made = stamped(tree.root, algorithm, self.seal.imprinter, self.seal.trust, at)
        with self.database.writing() as connection:
            ids = (leaf.document for leaf in leaves)
            evidence.require_unattested(connection, State.ARCHIVED, ids)
            planted = plant(connection, tree, name, made, leaves, at)
        return Attested(planted, len(leaves), unready)

    def _found(self) -> tuple[list[Leaf], tuple[Unready, ...]]:
        leaves: list[Leaf] = []
        unready: list[Unready] = []
        with self.database.reading() as connection:
            below = evidence.levels_below(connection, State.ARCHIVED, PROVABLE)
            for document, held in evidence.holdings(connection, State.ARCHIVED):
                if document in below:
                    unready.append(_below(document, below[document]))
                    continue
                found = self._leaf(connection, document, held)
                if isinstance(found, Unready):
                    unready.append(found)
                else:
                    leaves.append(found)
        return leaves, tuple(unready)

    def _leaf(self, connection: Connection, document: str, held: Sequence[Held]) -> Leaf | Unready:
        known = [known_digest(one, self.seal.algorithm) for one in held]
        if all(known):
            return Leaf(document, tuple(one for one in known if one))
        try:
            read = self.archived.digests(
                copies.of_document(connection, document), self.seal.algorithm
            )
        except ServiceError as error:
            return Unready(document, error.code, str(error))
        return Leaf(document, read)


def _below(document: str, levels: Collection[str]) -> Unready:
    return Unready(
        document,
        "evidence-below-lt",
        f"Уровень подписи {', '.join(sorted(levels))}: в файле нет сведений, чтобы проверить её, "
        "когда сертификат истечёт (нужен B-LT).",
    )


def plant(
    connection: Connection,
    tall: HashTree,
    listing: str,
    made: Stamped,
    leaves: Sequence[Leaf],
    at: datetime,
) -> Tree:
    """Write a new tree down: its first timestamp, its documents, their locks, a line of the log.

    `listing` is the file that lists the leaves.
    """
    root = tall.root.hex()
    tree = Tree(
        id=f"{at:%Y-%m-%d}-{root[:16]}",
        made_at=at,
        algorithm=tall.algorithm,
        count=tall.count,
        root=root,
        leaves=listing,
        timestamps=1,
        stamped_at=made.time,
        valid_until=made.until,
        keep_until=at,
    )
    first = ArchiveTimestamp.of(tree.algorithm, (), made.token)
    members = (
        Member(leaf.document, tree.id, place, b"".join(leaf.hashes))
        for place, leaf in enumerate(leaves)
    )
    stamp = Timestamp(tree.id, 1, made.time, made.until, first.der)
    evidence.add(connection, tree, stamp, members)
    planted = evidence.keep_longer(connection, tree)
    note(connection, tree, "attest", made.time, {"documents": tree.count, "root": tree.root})
    return planted


def note(
    connection: Connection, tree: Tree, action: str, at: datetime, details: Mapping[str, object]
) -> None:
    """Write a line of the log about a tree; it is of no one school."""
    event = audit.Event(at, "", tree.id, SERVICE, action, dict(details))
    audit.append(connection, event)
