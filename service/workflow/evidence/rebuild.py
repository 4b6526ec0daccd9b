"""Trees whose digest algorithm weakens are built anew by another, their documents read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.errors import ServiceError
from service.ledger import copies
from service.ledger.database import Database
from service.ledger.files import Files
from service.ledger.proof import evidence
from service.ledger.proof.evidence import Tree
from service.workflow.evidence.attest import Seal, Unready, plant
from service.workflow.evidence.leaves import Leaf, grown, listed
from service.workflow.evidence.records import NODES, Records
from service.workflow.keeping.archived import ArchivedFiles
from signing.errors import SigningError
from signing.evidence import ArchiveTimestamp, carried, stamped
from signing.evidence.renewing import owners


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The new tree (None: no document could be read), and what stays in the old ones."""

    tree: Tree | None
    documents: int
    unready: tuple[Unready, ...]
    doubts: tuple[SigningError, ...] = ()  # about those who gave older timestamps


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Moves documents from trees of a weak algorithm into one new tree (RFC 4998, 5.2)."""

    database: Database
    files: Files
    archived: ArchivedFiles
    seal: Seal

    def __call__(self, weak: Sequence[Tree], at: datetime) -> Rebuilt:
        """Build the new tree over all documents of the `weak` ones that can be read whole.

        Each new leaf covers the document's files and its whole evidence so far; a document that
        cannot be read stays where it is and is told. Raises as `Attest` does.
        """
        leaves: list[Leaf] = []
        unready: list[Unready] = []
        moved: dict[str, list[str]] = {}
        records = Records(self.files)
        for tree in weak:
            with self.database.reading() as connection:
                members = evidence.current(connection, tree.id)
            for member in members:
                found = self._leaf(member.document, records)
                if isinstance(found, Unready):
                    unready.append(found)
                else:
                    leaves.append(found)
                    moved.setdefault(tree.id, []).append(member.document)
        if not leaves:
            return Rebuilt(None, 0, tuple(unready))
        algorithm = self.seal.algorithm
        tall = grown(algorithm, leaves)
        name = self.files.keep(listed(algorithm, leaves))
        self.files.derive(name, NODES, tall.nodes)
        with self.database.reading() as connection:
            newest = [
                ArchiveTimestamp.load(evidence.newest(connection, old).archived) for old in weak
            ]
        earlier = owners(newest)
        made = stamped(tall.root, algorithm, self.seal.imprinter, self.seal.trust, at, earlier)
        with self.database.writing() as connection:
            planted = plant(connection, tall, name, made, leaves, at)
            for left, documents in moved.items():
                evidence.supersede(connection, left, documents, planted.id)
        return Rebuilt(planted, len(leaves), tuple(unready), made.doubts)

    def _leaf(self, document: str, records: Records) -> Leaf | Unready:
        algorithm = self.seal.algorithm
        try:
            with self.database.reading() as connection:
                held = copies.of_document(connection, document)
                record = records.record(connection, document)
            members = self.archived.digests(held, algorithm)
        except ServiceError as error:
            return Unready(document, error.code, str(error))
        return Leaf(document, carried(members, record.chains, algorithm))
