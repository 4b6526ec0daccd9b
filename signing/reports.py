"""What a verification says about one signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    """How long a signature can prove itself (ETSI EN 319 142-1)."""

    B_B = "B-B"  # the signature alone
    B_T = "B-T"  # with a trusted time
    B_LT = "B-LT"  # with everything needed to check it without asking anybody
    B_LTA = "B-LTA"  # all that under a later document timestamp


class TimeSource(StrEnum):
    """Who says when it was signed."""

    TIMESTAMP = "timestamp"
    CLAIMED = "claimed"  # the signer's own clock: proves nothing
    UNKNOWN = "unknown"


class Coverage(StrEnum):
    """What of the file a signature covers."""

    WHOLE_FILE = "whole-file"
    EVIDENCE_FOLLOWS = "evidence-follows"  # only validation data and document timestamps
    SIGNATURES_FOLLOW = "signatures-follow"
    CHANGES_FOLLOW = "changes-follow"
    UNCLEAR = "unclear"


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
class SignatureReport:
    """One signature, judged at a moment."""

    field: str
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
