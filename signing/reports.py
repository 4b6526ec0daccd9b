"""What a verification says: about one signature in layers, and about the file it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    """How long a signature can prove itself (ETSI EN 319 142-1, ETSI EN 319 122-1)."""

    B_B = "B-B"  # the signature alone
    B_T = "B-T"  # with a trusted time
    B_LT = "B-LT"  # with everything needed to check it without asking anybody
    B_LTA = "B-LTA"  # all that under a later document timestamp


class TimeSource(StrEnum):
    """Who says when it was signed."""

    TIMESTAMP = "timestamp"  # a token over the signature's value
    DOCUMENT_TIMESTAMP = "document-timestamp"  # a token over the file: signed no later than that
    CLAIMED = "claimed"  # the signer's own clock: proves nothing
    UNKNOWN = "unknown"


class Coverage(StrEnum):
    """What of the file a signature covers."""

    WHOLE_FILE = "whole-file"
    EVIDENCE_FOLLOWS = "evidence-follows"  # only validation data and document timestamps
    SIGNATURES_FOLLOW = "signatures-follow"
    CHANGES_FOLLOW = "changes-follow"
    UNCLEAR = "unclear"


class ChangeKind(StrEnum):
    """What was touched after a signature; the gravest first."""

    EVIDENCE_MISUSED = "evidence-misused"  # content dressed up as validation data
    PAGE = "page-changed"
    ANNOTATION = "annotation-changed"
    ATTACHMENT = "attachment-changed"
    FIELD = "field-changed"
    METADATA = "metadata-changed"
    CATALOGUE = "catalogue-changed"
    REMOVED = "object-removed"
    TAIL = "bytes-appended"
    OBJECT = "object-changed"


class Standing(StrEnum):
    """What is known of a certificate's revocation."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    ANCHOR = "anchor"  # trusted by decision: nobody is asked about it


class RevocationSource(StrEnum):
    """What kind of answer tells of a revocation."""

    OCSP = "ocsp"
    CRL = "crl"


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose certificate it was, as the certificate says."""

    name: str
    serial: str  # HEX, upper case
    issuer: str
    valid_from: datetime
    valid_until: datetime
    test: bool  # the issuer calls itself a test authority


@dataclass(frozen=True, slots=True)
class Revocation:
    """What an answer says of a certificate: good, or revoked since `revoked_at`."""

    standing: Standing
    source: RevocationSource | None = None
    inside: bool = False  # found in the file; otherwise asked for now
    issued_at: datetime | None = None  # producedAt of OCSP, thisUpdate of a CRL
    signed_by: str = ""
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A certificate on the road from the signer to a trusted root."""

    owner: str  # the person, or the authority
    serial: str  # HEX, upper case
    valid_from: datetime
    valid_until: datetime
    anchor: bool
    revocation: Revocation


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """A believed token: who vouches for the time, and until when that can be checked."""

    time: datetime
    authority: str
    valid_until: datetime
    chain: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Algorithms:
    """How the value was made, in words of the field: «SHA-256», «RSA, 2048 бит»."""

    digest: str
    signature: str


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a file a signature covers: bytes and revisions, both counted from its start."""

    covered: int
    size: int
    revision: int
    revisions: int


@dataclass(frozen=True, slots=True)
class Change:
    """One thing changed after a signature; `what` names it in Russian: «страница 3»."""

    kind: ChangeKind
    what: str


@dataclass(frozen=True, slots=True)
class RawData:
    """Everything the verdict stands on, as DER: for whoever wants to check with other tools."""

    certificates: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    timestamps: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature, judged at a moment."""

    field: str  # of the PDF; in a detached container «1», «2», …
    signer: Signer | None  # None if the signature cannot even be read
    level: Level
    signed_at: datetime | None
    signed_at_source: TimeSource
    intact: bool  # the bytes it covers are the bytes that were signed
    valid: bool | None  # holds, does not, or cannot be found out
    code: str  # «good» or the name of what is wrong
    reason: str  # Russian; empty if all is well
    coverage: Coverage
    certifies: bool  # DocMDP: only filling of fields allowed afterwards
    locks: bool  # nothing may be signed any more
    algorithms: Algorithms | None = None
    extent: Extent | None = None  # None for a detached container: it covers all or nothing
    changes: tuple[Change, ...] = ()
    timestamp: TimeStamp | None = None  # None if nobody vouches for the time
    time_problem: str = ""  # Russian: why a timestamp that is there counts for nothing
    chain: tuple[Link, ...] = ()  # the signer's certificate first
    raw: RawData = RawData()
