"""Archived documents without evidence get one tree with one timestamp, all together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from service.domain.errors import ServiceError
from service.ledger import audit, evidence
from service.ledger.copies import Kept
from service.ledger.database import Database
from service.ledger.documents import State
from service.ledger.evidence import Member, Timestamp, Tree
from service.ledger.files import Files
from service.ledger.road import SERVICE
from service.workflow.archived import ArchivedFiles
from service.workflow.leaves import Leaf, grown, listed
from service.workflow.records import NODES
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
        with self.database.reading() as connection:
            leaves, locks, unready = self._found(connection)
        if dry or not leaves:
            return Attested(None, len(leaves), unready)
        algorithm = self.seal.algorithm
        tree = grown(algorithm, leaves)
        name = self.files.keep(listed(algorithm, leaves))
        self.files.derive(name, NODES, tree.nodes)
        made = stamped(tree.root, algorithm, self.seal.imprinter, self.seal.trust, at)
        planted = row(tree, name, made, at, max(locks))
        with self.database.writing() as connection:
            ids = [leaf.document for leaf in leaves]
            evidence.require_unattested(connection, State.ARCHIVED, ids)
            plant(connection, planted, made, leaves)
        return Attested(planted, len(leaves), unready)

    def _found(
        self, connection: Connection
    ) -> tuple[list[Leaf], list[datetime], tuple[Unready, ...]]:
        levels = evidence.levels(connection, State.ARCHIVED)
        routes = {row.id: row.route for row in evidence.unattested(connection, State.ARCHIVED)}
        leaves: list[Leaf] = []
        locks: list[datetime] = []
        unready: list[Unready] = []
        for document, held in evidence.holdings(connection, State.ARCHIVED):
            found = self._leaf(document, routes[document], levels.get(document, {}), held)
            if isinstance(found, Unready):
                unready.append(found)
            else:
                leaves.append(found)
                locks.append(max(one.locked_until for one in held))
        return leaves, locks, tuple(unready)

    def _leaf(
        self,
        document: str,
        route: Sequence[str],
        levels: Mapping[str, str],
        held: Sequence[Kept],
    ) -> Leaf | Unready:
        below = sorted({levels.get(role, "нет") for role in {*route, *levels}} - PROVABLE)
        if below:
            return Unready(
                document,
                "evidence-below-lt",
                f"Уровень подписи {', '.join(below)}: в файле нет сведений, чтобы проверить её, "
                "когда сертификат истечёт (нужен B-LT).",
            )
        try:
            return Leaf(document, self.archived.digests(held, self.seal.algorithm))
        except ServiceError as error:
            return Unready(document, error.code, str(error))


def row(tree: HashTree, leaves: str, made: Stamped, at: datetime, keep_until: datetime) -> Tree:
    """Return a new tree as the ledger remembers it; `leaves` is the file that lists them."""
    root = tree.root.hex()
    return Tree(
        id=f"{at:%Y-%m-%d}-{root[:16]}",
        made_at=at,
        algorithm=tree.algorithm,
        count=tree.count,
        root=root,
        leaves=leaves,
        timestamps=1,
        stamped_at=made.time,
        valid_until=made.until,
        keep_until=keep_until,
    )


def plant(connection: Connection, tree: Tree, made: Stamped, leaves: Sequence[Leaf]) -> None:
    """Write a new tree down: its first timestamp, its documents, a line of the log."""
    first = ArchiveTimestamp.of(tree.algorithm, (), made.token)
    evidence.add(
        connection,
        tree,
        Timestamp(tree.id, 1, made.time, made.until, first.der),
        [
            Member(leaf.document, tree.id, place, b"".join(leaf.hashes))
            for place, leaf in enumerate(leaves)
        ],
    )
    note(connection, tree, "attest", made.time, {"documents": tree.count, "root": tree.root})


def note(
    connection: Connection, tree: Tree, action: str, at: datetime, details: Mapping[str, object]
) -> None:
    """Write a line of the log about a tree; it is of no one school."""
    append = audit.Event(at, "", tree.id, SERVICE, action, dict(details))
    audit.append(connection, append)
