"""Anybody, any time: do the signatures hold, and are both copies still what was put there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.documents.kind import DocumentKind
from service.domain.approving.approval import Role
from service.domain.errors import ServiceError
from service.domain.retention import Retention, destroy_from
from service.ledger import copies, documents, versions
from service.ledger.database import Database
from service.ledger.documents import Document, DocumentMissing, State
from service.ledger.files import sha256
from service.ledger.signing import signings
from service.workflow.evidence.prove import Prove
from service.workflow.keeping.archived import ArchivedFiles
from service.workflow.keeping.check_copies import CheckCopies, CopyReport
from service.workflow.verifying.verified import (
    DocumentReport,
    EvidenceLayer,
    FileReport,
    RetentionReport,
)
from signing.detached import digest_of
from signing.errors import SigningError
from signing.evidence import EvidenceReport
from signing.reports import SignatureReport
from signing.trust import Trust
from signing.verify import verify, verify_detached

KEPT = frozenset({State.ARCHIVED, State.IN_ONE_STORE, State.DEPOSITING})


@dataclass(frozen=True, slots=True)
class Verify:
    """Checks files and documents; checking twice harms nothing."""

    database: Database
    archived: ArchivedFiles
    check_copies: CheckCopies
    kinds: Mapping[str, DocumentKind]
    trust: Trust
    prove: Prove

    def file(self, pdf: bytes, at: datetime) -> FileReport:
        """Check a PDF from anywhere; one the ledger knows has its evidence heard as well."""
        name = sha256(pdf)
        with self.database.reading() as connection:
            known = documents.by_file(connection, name)
        layer = EvidenceLayer()
        if known is not None:
            layer = _heard(lambda: self.prove.file(known, pdf, at))
        return self._report(pdf, known, layer, at)

    def detached(
        self, p7s: bytes, content: Callable[[str], bytes], named: str, at: datetime
    ) -> FileReport:
        """Check a detached signature of some content, known by its digests alone.

        `named` is the content's SHA-256, or empty where it is not known.
        """
        return FileReport(
            sha256=named,
            size=None,
            checked_at=at,
            judged_at=at,
            signatures=verify_detached(p7s, content, self.trust, at),
            document=None,
        )

    def document(self, document: str, at: datetime) -> DocumentReport:
        """Check a document's file and evidence, and read each copy again from its store."""
        with self.database.reading() as connection:
            found = documents.get(connection, document)
            held = copies.of_document(connection, document)
            given = [one.role for one in signings.of_document(connection, document)]
            newer = versions.successor(connection, found)
        if found.pdf is None:
            raise documents.DocumentMissing("Документ ещё не напечатан: проверять нечего.")
        layer = _heard(lambda: self.prove.report(document, at))
        own = [one for one in held if one.sha256 == found.pdf]
        report = self._report(self.archived.read(found.pdf, own), document, layer, at)
        checked = self.check_copies.again(held, at)
        return DocumentReport(
            document=document,
            title=self.kinds[found.kind].title,
            class_title=found.class_title,
            year=found.year,
            version=found.version,
            timezone=found.timezone,
            superseded_by=newer.id if newer else None,
            file=report,
            awaited=_awaited(found, given),
            archived=found.state is State.ARCHIVED,
            deposited=found.state in KEPT,
            retention=_retention(found, checked),
            copies=checked,
        )

    def public(self, document: str, at: datetime) -> DocumentReport:
        """Check a document for whoever holds its paper; one nobody signed does not exist."""
        with self.database.reading() as connection:
            documents.get(connection, document)
            signed = bool(signings.of_document(connection, document))
        if not signed:
            raise DocumentMissing(f"Документа {document} нет: проверьте номер на бумаге.")
        return self.document(document, at)

    def _report(
        self, pdf: bytes, document: str | None, layer: EvidenceLayer, at: datetime
    ) -> FileReport:
        """Judge the signatures now; those that no longer prove themselves, as of the evidence.

        A file proven to have existed is judged as of that moment (ETSI EN 319 102-1, 5.6.2).
        """
        found, since = verify(pdf, self.trust, at), at
        if layer.proven_since is not None and not _hold(found):
            earlier = verify(pdf, self.trust, layer.proven_since)
            if _hold(earlier):
                found, since = earlier, layer.proven_since
        return FileReport(
            sha256=sha256(pdf),
            size=len(pdf),
            checked_at=at,
            judged_at=since,
            signatures=found,
            document=document,
            evidence=layer,
        )


def alone(pdf: bytes, trust: Trust, at: datetime) -> FileReport:
    """Check a PDF without asking a ledger."""
    return FileReport(sha256(pdf), len(pdf), at, at, verify(pdf, trust, at), None)


def alone_detached(p7s: bytes, content: Path, trust: Trust, at: datetime) -> FileReport:
    """Check a detached signature of a file, which may be large, without asking a ledger."""
    digest = digest_of(content)
    found = verify_detached(p7s, digest, trust, at)
    return FileReport(digest("sha256").hex(), content.stat().st_size, at, at, found, None)


def _heard(tell: Callable[[], EvidenceReport | None]) -> EvidenceLayer:
    """Return what the evidence says, or why it cannot be heard."""
    try:
        return EvidenceLayer(tell())
    except (ServiceError, SigningError) as problem:
        return EvidenceLayer(None, problem)


def _hold(found: tuple[SignatureReport, ...]) -> bool:
    return bool(found) and all(one.valid is True for one in found)


def _awaited(document: Document, given: list[Role]) -> tuple[Role, ...]:
    return tuple(role for role in document.route if role not in given)


def _retention(document: Document, checked: tuple[CopyReport, ...]) -> RetentionReport:
    years = Retention(document.retention_years)
    last = document.keep_until
    return RetentionReport(
        years=years,
        keep_until=last,
        destroy_from=destroy_from(last.year - years, years) if last else None,
        locked_until=min((one.kept.locked_until for one in checked), default=None),
        modes=tuple(sorted({one.kept.mode for one in checked})),
    )
