"""What a document's evidence record proves, and the record itself for whoever wants to check it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.errors import ServiceError
from service.ledger import copies, documents
from service.ledger.database import Database
from service.ledger.files import Files
from service.workflow.evidence.records import EvidenceMissing, Records
from service.workflow.keeping.archived import ArchivedFiles, by_file
from signing.evidence import DigestOf, EvidenceReport, Record, digest_of, verify
from signing.trust import Trust

MEDIA_TYPE = "application/octet-stream"  # RFC 4998 registers none
SUFFIX = "ers"


@dataclass(frozen=True, slots=True)
class Prove:
    """Reads and judges evidence; nothing is changed.

    `weak_since` names the moment from which a digest algorithm is no longer believed.
    """

    database: Database
    files: Files
    archived: ArchivedFiles
    trust: Trust
    weak_since: Mapping[str, datetime]

    def record(self, document: str) -> Record:
        """Return a document's evidence record, reduced to it, or raise EvidenceMissing."""
        with self.database.reading() as connection:
            documents.get(connection, document)
            return Records(self.files).record(connection, document)

    def report(self, document: str, at: datetime) -> EvidenceReport | None:
        """Judge, as of `at`, what the record proves of the document's files; None: it has none.

        The files are read again: from the data folder, else from the stores. One that nobody
        has whole leaves the report with `whole` false; FileLost if there is none at all.
        """
        try:
            record = self.record(document)
        except EvidenceMissing:
            return None
        return verify(record, self._digests(document), self.trust, at, self.weak_since)

    def file(self, document: str, body: bytes, at: datetime) -> EvidenceReport | None:
        """Judge what a document's record proves of a file somebody brought; None: it has none."""
        try:
            record = self.record(document)
        except EvidenceMissing:
            return None
        return verify(record, [digest_of(body)], self.trust, at, self.weak_since)

    def _digests(self, document: str) -> list[DigestOf]:
        with self.database.reading() as connection:
            held = by_file(copies.of_document(connection, document))
        found: list[DigestOf] = []
        failure: ServiceError | None = None
        for one in held:
            try:
                found.append(digest_of(self.archived.body(one)))
            except ServiceError as error:
                failure = error
        if not found and failure is not None:
            raise failure
        return found
