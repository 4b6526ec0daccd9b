"""Evidence records (RFC 4998): one timestamp proves thousands of files for decades.

`hashtree` reckons, `stamping` asks for time, `renewing` keeps it alive, `record` writes and reads
the DER, `verifying` judges offline. Files go in as digests; nothing here reads a document.
"""

from signing.evidence.hashtree import HashTree, reduced
from signing.evidence.record import ArchiveTimestamp, EvidenceUnreadable, Record
from signing.evidence.renewing import carried, renewed
from signing.evidence.reports import EvidenceReport, Over, Proof, TimestampReport
from signing.evidence.stamping import ClockDiffers, Stamped, stamped
from signing.evidence.verifying import DigestOf, digest_of, verify

__all__ = [
    "ArchiveTimestamp",
    "ClockDiffers",
    "DigestOf",
    "EvidenceReport",
    "EvidenceUnreadable",
    "HashTree",
    "Over",
    "Proof",
    "Record",
    "Stamped",
    "TimestampReport",
    "carried",
    "digest_of",
    "reduced",
    "renewed",
    "stamped",
    "verify",
]
