"""What an evidence record says about files, judged at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Proof(StrEnum):
    """What the record is worth at the moment it is judged at."""

    PROVEN = "proven"  # the files existed, as they are, at `since`
    NOT_COVERED = "not-covered"  # another file, or one changed since
    BROKEN = "broken"  # the bytes of the record contradict themselves
    UNDETERMINED = "undetermined"  # whole, but there is nobody left to believe


class Over(StrEnum):
    """What a timestamp was put on (RFC 4998, 4.2 and 5.2)."""

    DATA = "data"  # the tree of the files' digests
    TIMESTAMP = "timestamp"  # the timestamp before: a timestamp renewal
    CHAINS = "chains"  # the files' new digests and all older chains: a hash-tree renewal


@dataclass(frozen=True, slots=True)
class TimestampReport:
    """One timestamp of the record; `code` is «good» or what stands against it."""

    time: datetime
    over: Over
    algorithm: str  # of the tree, as asn1crypto names it: sha256, streebog256, …
    authority: str  # whose timestamp, as its certificate says
    until: datetime  # the first end among its certificates, the root left out
    judged_at: datetime  # when the next timestamp took it over, or the moment of the report
    code: str
    reason: str  # Russian; empty if all is well


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    """What an evidence record proves about the files it was held against.

    A file that is PROVEN existed at `since`: its signatures are to be judged as of that moment
    (ETSI EN 319 102-1, 5.6.2, proof of existence), whatever has expired afterwards.
    """

    state: Proof
    since: datetime | None  # time of the first timestamp, once the files are in it
    until: datetime | None  # by when the last timestamp must be renewed
    tree: str  # hex root of the first hash tree: what the first timestamp was put on
    whole: bool  # the files are the entire data group (RFC 4998, 5.3), none is left out
    timestamps: tuple[TimestampReport, ...]
    code: str  # «good» or what stands against it
    reason: str  # Russian; empty if all is well
