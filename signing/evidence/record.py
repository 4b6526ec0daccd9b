"""The evidence record of one data group: chains of timestamps, as DER (RFC 4998, 3.1 and 5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from asn1crypto import algos, cms, core, tsp

from signing import document
from signing.cms import timestamp_info
from signing.errors import SigningRefused
from signing.evidence.hashtree import Path
from signing.evidence.syntax import ArchiveTimeStamp, EvidenceRecord


class EvidenceUnreadable(SigningRefused):
    """The bytes are not an evidence record, or it is of a kind not dealt with here."""

    code = "evidence-unreadable"
    title = "Доказательство существования не читается"


@dataclass(frozen=True, slots=True)
class ArchiveTimestamp:
    """A timestamp token (DER of a ContentInfo) and the path to what it was put on."""

    der: bytes
    algorithm: str
    path: Path
    token: bytes

    @classmethod
    def of(cls, algorithm: str, path: Path, token: bytes) -> ArchiveTimestamp:
        """Put one together (RFC 4998, 4.1); an empty path leaves the reduced hash tree out."""
        made = {
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}),
            "time_stamp": cms.ContentInfo.load(token),
        }
        if path:
            made["reduced_hashtree"] = [list(hashes) for hashes in path]
        return cls(ArchiveTimeStamp(made).dump(), algorithm, path, token)

    @classmethod
    def load(cls, der: bytes) -> ArchiveTimestamp:
        """Read what `der` of another one holds, or raise EvidenceUnreadable."""
        with document.reading(_unreadable()):
            return _timestamp(ArchiveTimeStamp.load(der, strict=True))


Chain: TypeAlias = tuple[ArchiveTimestamp, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """Chains in the order of time; within one every timestamp has the same digest algorithm."""

    chains: tuple[Chain, ...]

    @classmethod
    def load(cls, der: bytes) -> Record:
        """Read an EvidenceRecord (DER), or raise EvidenceUnreadable."""
        with document.reading(_unreadable()):
            whole = EvidenceRecord.load(der, strict=True)
            if whole["version"].native != 1 or whole["encryption_info"].native is not None:
                raise EvidenceUnreadable(
                    "Доказательство другой версии или о зашифрованных данных: такие не проверяются."
                )
            sequence = whole["archive_time_stamp_sequence"]
            record = cls(tuple(tuple(map(_timestamp, chain)) for chain in sequence))
        if not record.chains or not all(record.chains):
            raise _unreadable()
        return record

    def dump(self) -> bytes:
        """Return the DER of the EvidenceRecord."""
        algorithms = dict.fromkeys(one.algorithm for one in self.timestamps())
        parts = (
            core.Integer(1).dump(),
            tsp.DigestAlgorithms([{"algorithm": name} for name in algorithms]).dump(),
            encoded(self.chains),
        )
        return _sequence(parts)

    def timestamps(self) -> Iterator[ArchiveTimestamp]:
        """Yield every timestamp in the order of time."""
        for chain in self.chains:
            yield from chain


def encoded(chains: Iterable[Chain]) -> bytes:
    """Return the DER of an ArchiveTimeStampSequence: what a hash-tree renewal digests (5.2, 3)."""
    return _sequence(_sequence(one.der for one in chain) for chain in chains)


def _sequence(parts: Iterable[bytes]) -> bytes:
    """Return a SEQUENCE of values that are encoded already, byte for byte."""
    der: bytes = core.Sequence(contents=b"".join(parts)).dump()
    return der


def _timestamp(parsed: ArchiveTimeStamp) -> ArchiveTimestamp:
    token = parsed["time_stamp"]
    algorithm = parsed["digest_algorithm"].native
    if algorithm is None:
        imprint = timestamp_info(token["content"])["message_imprint"]
        algorithm = imprint["hash_algorithm"].native
    path = parsed["reduced_hashtree"].native or ()
    return ArchiveTimestamp(
        der=parsed.dump(),
        algorithm=algorithm["algorithm"],
        path=tuple(tuple(hashes) for hashes in path),
        token=token.dump(),
    )


def _unreadable() -> EvidenceUnreadable:
    return EvidenceUnreadable(
        "Это не доказательство существования по RFC 4998 (EvidenceRecord, DER) либо файл повреждён."
    )
