"""What a verification found: the file, its copies, how long it is kept, and how it all adds up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from service.domain.approving.approval import Role
from service.domain.errors import ServiceError
from service.domain.outcomes import together
from service.workflow.keeping.check_copies import CopyReport
from signing.errors import SigningError
from signing.evidence import EvidenceReport, Proof
from signing.reports import SignatureReport

AGAINST = frozenset({Proof.BROKEN, Proof.NOT_COVERED})


@dataclass(frozen=True, slots=True)
class EvidenceLayer:
    """What an evidence record proves of a file; neither: there is none yet."""

    report: EvidenceReport | None = None
    problem: ServiceError | SigningError | None = None  # why it cannot be heard

    @property
    def proven_since(self) -> datetime | None:
        """The moment the file is proven to have existed at."""
        report = self.report
        return report.since if report and report.state is Proof.PROVEN else None

    @property
    def against(self) -> bool:
        """Whether it speaks against the file."""
        return self.report is not None and self.report.state in AGAINST


NO_EVIDENCE = EvidenceLayer()


@dataclass(frozen=True, slots=True)
class FileReport:
    """What the signatures of a file prove; `document` is its id if the ledger knows these bytes.

    `judged_at` is the moment its signatures were judged as of: now, or when the evidence record
    proves it existed. `size` is None where only digests were sent.
    """

    sha256: str
    size: int | None
    checked_at: datetime
    judged_at: datetime
    signatures: tuple[SignatureReport, ...]
    document: str | None
    evidence: EvidenceLayer = NO_EVIDENCE

    @property
    def valid(self) -> bool | None:
        """Whether it is signed and every signature holds; None: it could not be found out."""
        if not self.signatures:
            return False
        return together(one.valid for one in self.signatures)


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """How long a document is kept; dates are known once it is signed.

    `locked_until` is the earliest end of a lock in the stores, `modes` how they lock.
    """

    years: int
    keep_until: date | None
    destroy_from: date | None
    locked_until: datetime | None
    modes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """What a document's signatures, copies and evidence prove."""

    document: str
    title: str
    class_title: str
    year: str
    version: int
    timezone: str
    superseded_by: str | None
    file: FileReport
    awaited: tuple[Role, ...]  # who has yet to sign
    archived: bool  # both stores have taken it
    deposited: bool  # it is on its way there, or there
    retention: RetentionReport
    copies: tuple[CopyReport, ...]

    @property
    def valid(self) -> bool | None:
        """Whether everything holds; None: a store or an authority did not answer."""
        whole = [self.file.valid, *(one.good for one in self.copies)]
        if self.deposited and not self.archived:
            whole.append(None)
        if self.file.evidence.against:
            whole.append(None)
        return together(whole)
