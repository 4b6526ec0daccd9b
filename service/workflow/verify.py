"""Anybody, any time: do the signatures hold, and are both copies still what was put there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.archive.store import Copy, ObjectStore
from service.domain.errors import ServiceError
from service.ledger import copies, documents
from service.ledger.copies import Kept
from service.ledger.database import Database
from service.ledger.files import Files, sha256
from signing.reports import SignatureReport
from signing.trust import Trust
from signing.verify import verify


@dataclass(frozen=True, slots=True)
class CopyReport:
    """A copy read again now; `problem` is what the store answered if it is not good."""

    kept: Kept
    problem: ServiceError | None


@dataclass(frozen=True, slots=True)
class FileReport:
    """What a PDF's own signatures prove; `document` is its id if the ledger knows these bytes."""

    sha256: str
    signatures: tuple[SignatureReport, ...]
    document: str | None

    @property
    def valid(self) -> bool:
        """Whether it is signed and every signature holds."""
        return bool(self.signatures) and all(one.valid is True for one in self.signatures)


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """What a document's signatures and its copies prove."""

    document: str
    file: FileReport
    copies: tuple[CopyReport, ...]

    @property
    def valid(self) -> bool:
        """Whether everything holds."""
        return self.file.valid and all(one.problem is None for one in self.copies)


@dataclass(frozen=True, slots=True)
class Verify:
    """Checks files and documents; checking twice harms nothing."""

    database: Database
    files: Files
    store: ObjectStore
    trust: Trust

    def file(self, pdf: bytes, at: datetime) -> FileReport:
        """Check a PDF from anywhere."""
        name = sha256(pdf)
        with self.database.reading() as connection:
            known = documents.by_file(connection, name)
        return FileReport(name, verify(pdf, self.trust, at), known)

    def document(self, document: str, at: datetime) -> DocumentReport:
        """Check a document's file and read each copy again from its store."""
        with self.database.reading() as connection:
            found = documents.get(connection, document)
            held = copies.of_document(connection, document)
        if found.pdf is None:
            raise documents.DocumentMissing("Документ ещё не напечатан: проверять нечего.")
        report = self.file(self.files.read(found.pdf), at)
        checked = tuple(self._again(one, at) for one in held)
        with self.database.writing() as connection:
            for one in checked:
                if one.problem is None:
                    copies.put(connection, one.kept)
        return DocumentReport(document, report, checked)

    def _again(self, kept: Kept, at: datetime) -> CopyReport:
        copy = Copy(
            store=kept.store,
            key=kept.key,
            version_id=kept.version_id,
            mode=kept.mode,
            locked_until=kept.locked_until,
            sha256=kept.sha256,
            size=kept.size,
        )
        try:
            now = self.store.check(copy)
        except ServiceError as error:
            return CopyReport(kept, error)
        return CopyReport(kept.seen(now.mode, now.locked_until, at), None)
