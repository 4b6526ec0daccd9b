"""Trees and timestamps go into both stores, locked as long as the documents they speak for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.archive.store import ObjectStore, OneStoreOnly
from service.domain.errors import ServiceError
from service.ledger.database import Database
from service.ledger.files import Files
from service.ledger.proof import copies as evidence_copies
from service.ledger.proof import evidence
from service.ledger.proof.copies import EvidenceCopy
from service.ledger.proof.evidence import Tree
from service.workflow.evidence.leaves import kept

KEY = "evidence/{tree}/{name}"
TEXT, DER = "text/plain; charset=us-ascii", "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Shelved:
    """How many files are in both stores now that were not, or not for long enough."""

    files: int
    problems: tuple[ServiceError, ...]


@dataclass(frozen=True, slots=True)
class Shelve:
    """Completes what the stores lack of the evidence; again finds nothing to do."""

    database: Database
    files: Files
    store: ObjectStore

    def __call__(self, at: datetime, *, dry: bool = False) -> Shelved:
        """Put what is missing and prolong locks, never shortening one; `dry` only counts.

        A store that is down is told and left for the next time.
        """
        with self.database.reading() as connection:
            lacking = tuple(evidence_copies.lacking(connection))
        if dry:
            return Shelved(len(lacking), ())
        problems = []
        for tree, name in lacking:
            try:
                self._put(tree, name, at)
            except ServiceError as error:
                problems.append(error)
        return Shelved(len(lacking) - len(problems), tuple(problems))

    def _put(self, tree: Tree, name: str, at: datetime) -> None:
        short: OneStoreOnly | None = None
        try:
            copy = self.store.put(
                KEY.format(tree=tree.id, name=name),
                self._body(tree, name),
                keep_until=tree.keep_until,
                tags={"doc_type": "evidence", "keep_until": f"{tree.keep_until:%Y-%m-%d}"},
                media_type=TEXT if name == evidence_copies.LEAVES else DER,
            )
        except OneStoreOnly as error:
            copy, short = error.copy, error
        with self.database.writing() as connection:
            for one in copy.each():
                evidence_copies.put(
                    connection, EvidenceCopy(tree=tree.id, name=name, checked=at, **one.facts())
                )
        if short is not None:
            raise short

    def _body(self, tree: Tree, name: str) -> bytes:
        number = evidence_copies.number_of(name)
        if number is None:
            with self.database.reading() as connection:
                return kept(connection, self.files, tree)
        with self.database.reading() as connection:
            return evidence.chain(connection, tree.id)[number - 1].archived
