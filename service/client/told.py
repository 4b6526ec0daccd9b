"""What is asked of the service and what it tells; made by `make client`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from service.client.shapes import Asked, Told


class AlgorithmsChecked(Told):
    """How a signature was made, in Russian."""

    digest: str
    signature: str


class AnswerAsked(Asked):
    """What the key made; one of the two, base64."""

    value: str | None = None
    cms: str | None = None


class AnswersAsked(Asked):
    """What the key made of one document or package, by file."""

    answers: dict[str, AnswerAsked]


class AttorneyAsked(Asked):
    """A power of attorney (МЧД): its XML and detached signature, or its number in the register."""

    number: str = ""
    until: date | None = None
    xml: str | None = None
    signature: str | None = None


class AttorneyTold(Told):
    """The power of attorney (МЧД) behind a signature, and what was checked of it."""

    number: str
    until: date | None
    findings: tuple[FindingTold, ...]


class BatchAsked(Asked):
    """Answers for many items at once, in any order."""

    items: tuple[ItemAnswersAsked, ...]


class CertificatesAsked(Asked):
    """Join a session: the signer's certificate first, then those above it; base64 of DER."""

    certificates: tuple[str, ...]
    attorney: AttorneyAsked | None = None


class ChangeChecked(Told):
    """One thing changed after a signature."""

    kind: str
    what: str


class ClassTold(Told):
    """A class of a snapshot."""

    id: str
    title: str
    grade: int


class CopyChecked(Told):
    """What a store answered when its copy was read again; `answered` is false if it is silent."""

    name: str
    store: str
    version_id: str
    mode: str
    locked_until: datetime
    sha256: str
    checked: datetime | None
    good: bool
    answered: bool
    problem: Reason | None = None


class CopyTold(Told):
    """A copy in a store, as it was last read back."""

    name: str
    store: str
    key: str
    version_id: str
    mode: str
    locked_until: datetime
    sha256: str
    checked: datetime


class CountsTold(Told):
    """How many items of a session are in which state."""

    unprepared: int
    waiting: int
    signed: int
    refused: int


class DetachedAsked(Asked):
    """A detached signature (`.p7s`, `.sig`: base64 of DER, or PEM) and digests of its content."""

    signature: str
    digests: dict[str, str]


class DocumentTold(Told):
    """A document and all that is known of it; `problem` says why it failed, waits or came back."""

    id: str
    school: str
    snapshot: str
    kind: str
    class_: str = Field(alias="class")
    class_title: str
    term: str | None
    year: str
    version: int
    volume: int
    volumes: int | None
    other_volumes: tuple[str, ...]
    supersedes: str | None
    superseded_by: str | None
    state: str
    issued_at: datetime
    pages: int | None
    sheets: int | None
    retention_years: int
    keep_until: date | None
    pdf_sha256: str | None
    docx_sha256: str | None
    turn: str | None
    route: tuple[str, ...]
    problem: Reason | None
    signatures: tuple[SignatureTold, ...]
    copies: tuple[CopyTold, ...]


class DocumentVerified(Told):
    """What a document's signatures, its evidence and both copies prove now."""

    sha256: str
    size: int | None
    checked_at: datetime
    judged_at: datetime
    signatures: tuple[SignatureChecked, ...]
    evidence: EvidenceChecked | None
    valid: bool | None
    code: str
    answer: str
    version: int
    superseded_by: str | None
    awaited: tuple[str, ...]
    retention: RetentionChecked
    copies: tuple[CopyChecked, ...]
    document: str | None = None


class DocumentsTold(Told):
    """A school's documents, the newest first."""

    documents: tuple[DocumentTold, ...]
    next: str | None = None


class EvidenceChecked(Told):
    """What the evidence record (RFC 4998) proves of the file, or the `problem` of hearing it."""

    problem: Reason | None
    state: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    tree: str | None = None
    whole: bool | None = None
    code: str | None = None
    reason: str | None = None
    timestamps: tuple[EvidenceTimestampChecked, ...] = ()


class EvidenceTimestampChecked(Told):
    """One timestamp of an evidence record."""

    time: datetime
    over: str
    algorithm: str
    authority: str
    until: datetime
    judged_at: datetime
    code: str
    reason: str


class ExtentChecked(Told):
    """How much of the file a signature covers: bytes, and revisions counted from 1."""

    covered: int
    size: int
    revision: int
    revisions: int


class FaultShown(Told):
    """One thing wrong: where (RFC 6901), a stable code, what to do."""

    pointer: str
    code: str
    message: str


class FileVerified(Told):
    """What a file's signatures prove; `valid` is null where it could not be found out."""

    sha256: str
    size: int | None
    checked_at: datetime
    judged_at: datetime
    signatures: tuple[SignatureChecked, ...]
    evidence: EvidenceChecked | None
    valid: bool | None
    code: str
    answer: str
    document: str | None = None


class FilterAsked(Asked):
    """Every version of a year's documents that is in the archive, of one class or kind if named."""

    year: str
    class_: str | None = Field(None, alias="class")
    kind: str | None = None


class FindingTold(Told):
    """One thing looked at; `holds` is null where it could not be checked here."""

    what: str
    holds: bool | None
    said: str


class Health(Told):
    """Whether the service is there, and ready."""

    status: str


class ItemAnswersAsked(Asked):
    """The same with what it is about: one of the two."""

    answers: dict[str, AnswerAsked]
    document: str | None = None
    package: str | None = None


class ItemTold(Told):
    """A document or package of a session and what its signer must see."""

    state: str
    document: str | None = None
    package: str | None = None
    kind: str | None = None
    title: str | None = None
    class_title: str | None = None
    term: str | None = None
    version: int | None = None
    pages: int | None = None
    sheets: int | None = None
    pdf_sha256: str | None = None
    manifest_sha256: str | None = None
    preview: str | None = None
    parts: tuple[PartTold, ...] | None = None
    problem: Reason | None = None


class JobAsked(Asked):
    """Print one document; `term` only for kinds of a term, `batch` for one of many."""

    snapshot: str
    kind: str
    class_: str = Field(alias="class")
    term: str | None = None
    batch: bool = False


class JobTold(Told):
    """How an order goes."""

    id: str
    state: str
    batch: bool
    created_at: datetime
    percent: int
    step: str
    document: str
    problem: Reason | None = None


class JobsTold(Told):
    """A school's orders, the newest first."""

    jobs: tuple[JobTold, ...]


class KindTold(Told):
    """A kind of document this service prints."""

    name: str
    title: str
    scope: str
    retention_years: int
    signatories: tuple[str, ...]


class KindsTold(Told):
    """The catalogue."""

    kinds: tuple[KindTold, ...]


class LinkChecked(Told):
    """A certificate between the signer and a trusted root."""

    owner: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    anchor: bool
    revocation: RevocationChecked


class OutcomeTold(Told):
    """What became of an answer."""

    state: str
    document: str | None = None
    package: str | None = None
    problem: Reason | None = None


class OutcomesTold(Told):
    """What became of every answer, in the order they came."""

    items: tuple[OutcomeTold, ...]


class PackageAsked(Asked):
    """Put documents together: either by id, or by a filter."""

    documents: tuple[str, ...] | None = None
    filter: FilterAsked | None = None


class PackageListed(Told):
    """A package; `turn` is who signs its manifest next, null once all have signed."""

    id: str
    school: str
    created_at: datetime
    documents: tuple[str, ...]
    manifest_sha256: str
    route: tuple[str, ...]
    turn: str | None
    signatures: tuple[SignatureTold, ...]


class PackageManifest(Told):
    """Every file of a package, by path."""

    school: str
    files: tuple[PackedFile, ...]
    schema_: str = Field("vedomost-package/1", alias="schema")


class PackageTold(Told):
    """A package and its manifest."""

    id: str
    school: str
    created_at: datetime
    documents: tuple[str, ...]
    manifest_sha256: str
    route: tuple[str, ...]
    turn: str | None
    signatures: tuple[SignatureTold, ...]
    manifest: PackageManifest
    left_out: tuple[str, ...]


class PackagesTold(Told):
    """A school's packages, the newest first."""

    packages: tuple[PackageListed, ...]
    next: str | None = None


class PackedFile(Told):
    """One file of a package; hashes in hexadecimal."""

    path: str
    media_type: str
    size: int
    sha256: str
    document: str
    kind: str
    version: int
    streebog256: str | None = None


class PartTold(Told):
    """A file to be signed, in base64."""

    file: str
    content: str
    to_sign: str
    to_sign_digest: str
    document_digest: str
    digest_algorithm: str
    signature_algorithm: str


class Problem(Told):
    """RFC 9457 with a stable `code`; at most 100 `errors` of `errors_total`."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    errors: tuple[FaultShown, ...] | None = None
    errors_total: int | None = None


class RawChecked(Told):
    """What the verdict stands on: base64 of DER."""

    certificates: tuple[str, ...]
    ocsps: tuple[str, ...]
    crls: tuple[str, ...]
    timestamps: tuple[str, ...]


class Reason(Told):
    """Why something failed, waits or was sent back."""

    code: str
    message: str


class RejectionAsked(Asked):
    """Send a document back."""

    reason: str


class RetentionChecked(Told):
    """How long a document is kept; dates are null until it is signed."""

    years: int
    keep_until: date | None
    destroy_from: date | None
    locked_until: datetime | None
    modes: tuple[str, ...]


class RevocationChecked(Told):
    """What was answered about a certificate; `inside` if the answer was in the file."""

    standing: str
    source: str | None
    inside: bool
    issued_at: datetime | None
    signed_by: str
    revoked_at: datetime | None


class SessionAsked(Asked):
    """Open a session over 1–500 documents and packages; without certificates it is joined later."""

    role: Literal["deputy", "seal", "director"]
    documents: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    certificates: tuple[str, ...] | None = None
    attorney: AttorneyAsked | None = None
    minutes: int | None = None


class SessionTold(Told):
    """A signing session; `complete` when nothing in it can be signed any more."""

    id: str
    school: str
    role: str
    state: str
    signer: str | None
    opened_at: datetime
    expires_at: datetime
    counts: CountsTold
    items: tuple[ItemTold, ...]
    attorney: AttorneyTold | None = None


class SignatureAsked(Asked):
    """Begin to sign: the signer's certificate first, then those above it; base64 of DER."""

    role: Literal["deputy", "seal", "director"]
    certificates: tuple[str, ...]


class SignatureChecked(Told):
    """What a signature is found to be; `valid` is null where it cannot be found out."""

    field: str
    signer: str | None
    serial: str | None
    issuer: str | None
    valid_from: datetime | None
    valid_until: datetime | None
    test: bool
    level: str
    signed_at: datetime | None
    signed_at_source: str
    intact: bool
    valid: bool | None
    code: str
    reason: str
    coverage: str
    extent: ExtentChecked | None
    changes: tuple[ChangeChecked, ...]
    algorithms: AlgorithmsChecked | None
    timestamp: TimestampChecked | None
    time_problem: str
    chain: tuple[LinkChecked, ...]
    raw: RawChecked | None = None


class SignatureTold(Told):
    """A signature in the document."""

    role: str
    signer: str
    signed_at: datetime
    level: str
    valid: bool
    attorney: AttorneyTold | None = None


class SigningTold(Told):
    """A session of one document: `to_sign` is the DER of the signed attributes, signed as it is."""

    id: str
    role: str
    to_sign: str
    digest_algorithm: str
    expires_at: datetime


class SnapshotTold(Told):
    """An accepted snapshot."""

    id: str
    sha256: str
    size: int
    year: str
    accepted_at: datetime
    classes: tuple[ClassTold, ...]
    terms: tuple[TermTold, ...]
    warnings: tuple[FaultShown, ...]


class TermTold(Told):
    """A term of a snapshot and the grades that have it."""

    id: str
    title: str
    grades: tuple[int, ...]


class TimestampChecked(Told):
    """The token that vouches for the time of a signature."""

    time: datetime
    authority: str
    valid_until: datetime
    chain: tuple[LinkChecked, ...]
