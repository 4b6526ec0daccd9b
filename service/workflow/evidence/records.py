"""Evidence records of documents, put together on demand from the trees they are in."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection

from service.domain.errors import Missing
from service.ledger.files import Files
from service.ledger.proof import evidence
from service.ledger.proof.evidence import Member, Tree
from service.workflow.evidence.leaves import regrown, split
from signing.evidence import ArchiveTimestamp, HashTree, Record, reduced
from signing.evidence.record import Chain

NODES = "nodes"


class EvidenceMissing(Missing):
    """The document is in no tree yet."""

    code = "evidence-missing"
    title = "Доказательства ещё нет"


@dataclass(frozen=True, slots=True)
class Records:
    """Reduces trees to documents. An instance remembers the trees it read: make one a task."""

    files: Files
    _trees: dict[str, HashTree] = field(default_factory=dict, repr=False)
    _chains: dict[str, Chain] = field(default_factory=dict, repr=False)

    def record(self, connection: Connection, document: str) -> Record:
        """Return the record (RFC 4998) of a document's files, or raise EvidenceMissing."""
        found = evidence.of_document(connection, document)
        if not found:
            raise EvidenceMissing(
                "Документ ещё не вошёл в доказательство: оно составляется раз в сутки "
                "из документов архива, в чьих подписях есть метка времени и сведения об отзыве."
            )
        return Record(tuple(self._chain(connection, tree, place) for tree, place in found))

    def _chain(self, connection: Connection, tree: Tree, member: Member) -> Chain:
        stored = self._chains.get(tree.id)
        if stored is None:
            rows = evidence.chain(connection, tree.id)
            stored = tuple(ArchiveTimestamp.load(row.archived) for row in rows)
            self._chains[tree.id] = stored
        hashes = split(member.hashes, tree.algorithm)
        path = reduced(hashes, self._tree(connection, tree).neighbours(member.place))
        first, *later = stored
        return ArchiveTimestamp.of(tree.algorithm, path, first.token), *later

    def _tree(self, connection: Connection, tree: Tree) -> HashTree:
        found = self._trees.get(tree.id) or self._derived(tree)
        if found is None:
            found = regrown(connection, tree)
            self.files.derive(tree.leaves, NODES, found.nodes)
        self._trees[tree.id] = found
        return found

    def _derived(self, tree: Tree) -> HashTree | None:
        nodes = self.files.derived(tree.leaves, NODES)
        if nodes is None:
            return None
        try:
            found = HashTree.of_nodes(nodes, tree.count, tree.algorithm)
        except ValueError:
            return None
        return found if found.root.hex() == tree.root else None
