"""Verifications over the wire: what is asked for detached signatures, every layer of an answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from service.domain.errors import Reason
from service.web.documents.copy_models import CopyChecked
from service.web.http.models import Asked, Told

Digest = Literal["sha256", "sha384", "sha512", "streebog256", "streebog512"]
Hex = Annotated[str, Field(pattern=r"^([0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})$")]
Signature = Annotated[str, Field(min_length=4, max_length=1_000_000)]


class DetachedAsked(Asked):
    """A detached signature (`.p7s`, `.sig`: base64 of DER, or PEM) and digests of its content.

    The content itself stays where it is. Give the digest of every algorithm that signers used;
    one that is missing leaves their signatures undetermined.
    """

    signature: Signature
    digests: Annotated[dict[Digest, Hex], Field(min_length=1)]


class AlgorithmsChecked(Told):
    """How a signature was made, in Russian."""

    digest: str
    signature: str


class ExtentChecked(Told):
    """How much of the file a signature covers: bytes, and revisions counted from 1."""

    covered: int
    size: int
    revision: int
    revisions: int


class ChangeChecked(Told):
    """One thing changed after a signature."""

    kind: str
    what: str


class RevocationChecked(Told):
    """What was answered about a certificate; `inside` if the answer was in the file."""

    standing: Literal["good", "revoked", "unknown", "anchor"]
    source: Literal["ocsp", "crl"] | None
    inside: bool
    issued_at: datetime | None
    signed_by: str
    revoked_at: datetime | None


class LinkChecked(Told):
    """A certificate between the signer and a trusted root."""

    owner: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    anchor: bool
    revocation: RevocationChecked


class TimestampChecked(Told):
    """The token that vouches for the time of a signature."""

    time: datetime
    authority: str
    valid_until: datetime
    chain: list[LinkChecked]


class RawChecked(Told):
    """What the verdict stands on: base64 of DER."""

    certificates: list[str]
    ocsps: list[str]
    crls: list[str]
    timestamps: list[str]


class SignatureChecked(Told):
    """What a signature is found to be; `valid` is null where it cannot be found out.

    `raw` is there if `?raw=true` asked for it.
    """

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
    changes: list[ChangeChecked]
    algorithms: AlgorithmsChecked | None
    timestamp: TimestampChecked | None
    time_problem: str
    chain: list[LinkChecked]
    raw: RawChecked | None = None


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


class RetentionChecked(Told):
    """How long a document is kept; dates are null until it is signed."""

    years: int
    keep_until: date | None
    destroy_from: date | None
    locked_until: datetime | None
    modes: list[str]


class FileVerified(Told):
    """What a file's signatures prove; `valid` is null where it could not be found out.

    `answer` says it in Russian for people, `code` for programs. `judged_at` is earlier than
    `checked_at` where only the evidence record still proves the signatures.
    """

    sha256: str
    size: int | None
    checked_at: datetime
    judged_at: datetime
    signatures: list[SignatureChecked]
    evidence: EvidenceChecked | None
    valid: bool | None
    code: str
    answer: str
    document: str | None = None  # known here: its id


class DocumentVerified(FileVerified):
    """What a document's signatures, its evidence and both copies prove now."""

    version: int
    superseded_by: str | None
    awaited: list[str]
    retention: RetentionChecked
    copies: list[CopyChecked]
