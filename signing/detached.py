"""Detached CAdES signatures of any file: prepared over its digest, signed elsewhere, embedded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeAlias

from asn1crypto import cms as asn1_cms

from signing import certificates, cms, digests, signed_data
from signing.algorithms import Algorithm, algorithm_of
from signing.announced import Announced
from signing.answers import Answer, RawValue, accepted
from signing.certificates import Certificate
from signing.errors import SignaturesOfOther
from signing.keys import Key
from signing.suitability import Purpose, require_current, require_usage
from signing.timing import TimestampSource, stamped
from signing.trust import Trust
from signing.validation_data import Evidence

PIECE = 1 << 20

DigestOf: TypeAlias = Callable[[str], bytes]
"""The digest of some content by the name of an algorithm, as `digests.new` knows it."""


@dataclass(frozen=True, slots=True)
class PreparedDetached:
    """Signed attributes waiting for the value of their signature; the content is elsewhere."""

    to_sign: bytes  # DER of the signed attributes; the value is a signature over these bytes
    document_digest: bytes  # of the content; a client's own CMS must be about it
    state: bytes  # JSON, at most 8 KB: all that `embed` needs


def digest_of(content: bytes | Path | BinaryIO) -> DigestOf:
    """Return how content is digested: in pieces of 1 MiB, each algorithm at most once.

    A stream must be seekable; it is read from its beginning for each algorithm.
    """

    @cache
    def digest(algorithm: str) -> bytes:
        if isinstance(content, Path):
            with content.open("rb") as file:
                return _digested(file, algorithm)
        return _digested(BytesIO(content) if isinstance(content, bytes) else content, algorithm)

    return digest


def prepare(
    content: DigestOf, certificate: Certificate, chain: Iterable[Certificate], *, at: datetime
) -> PreparedDetached:
    """Make what the owner of `certificate` signs to sign `content` (see `digest_of`).

    The attributes are those of a CAdES baseline signature (ETSI EN 319 122-1, 6.3); `at` is now
    and goes in as the claimed time. `chain` is the issuers of the certificate in any order.

    Raises WrongKeyUsage, CertificateExpired, CertificateNotYetValid, KeyUnsupported,
    GostNotInstalled, SigningRefused.
    """
    algorithm = algorithm_of(certificate)
    require_usage(certificate, Purpose.SIGNING)
    require_current(certificate, at)
    digest = content(algorithm.digest)
    attributes = cms.attributes(digest, certificate, algorithm, claimed=at)
    state = Announced(
        attributes=attributes,
        certificate=certificate,
        chain=certificates.issuers_of(certificate, chain),
    )
    return PreparedDetached(attributes, digest, state.dumped())


def embed(
    state: bytes,
    answer: bytes | Answer,
    *,
    existing: bytes | None,
    timestamper: TimestampSource | None,
    trust: Trust,
    at: datetime,
) -> bytes:
    """Return the `.p7s`: a detached SignedData (DER) with the answer's signature. `at` is now.

    The answer is a raw value (bytes, or RawValue) over `PreparedDetached.to_sign`, or a Container:
    a whole CMS made over `document_digest`; see `signing.answers` for formats. With `existing`, a
    `.p7s` of the same content, one more SignerInfo stands beside those in it, which keep every
    byte. With a timestamper the signature carries its time, and the file all that later proves it
    (CAdES B-LT: certificates, CRLs and OCSP responses in SignedData); without one it is B-B with
    that evidence beside it.

    Raises PreparedAltered, SignaturesUnreadable, SignaturesOfOther, whatever `answers.accepted`
    and `Trust.check` raise, TimestampUnavailable.
    """
    held = Announced.load(state)
    algorithm = algorithm_of(held.certificate)
    digest = cms.message_digest(held.attributes)
    before = None if existing is None else signed_data.read(existing)
    if before is not None:
        _require_same(before, digest, algorithm)
    taken = accepted(
        RawValue(answer) if isinstance(answer, bytes) else answer,
        document_digest=digest,
        attributes=held.attributes,
        certificate=held.certificate,
        chain=held.chain,
        algorithm=algorithm,
    )
    evidence = trust.check(taken.certificate, taken.chain, at)
    tokens, of_tokens = stamped(taken, timestamper, trust, at)
    own = Evidence(certificates=(taken.certificate, *taken.chain))
    whole = own.joined(evidence).joined(of_tokens)
    return signed_data.grown(existing, taken.signer_info(*tokens), whole)


def sign(
    content: DigestOf,
    key: Key,
    *,
    existing: bytes | None,
    timestamper: TimestampSource | None,
    trust: Trust,
    at: datetime,
) -> bytes:
    """Return the `.p7s` of `content` with a signature made with `key`; see `embed`."""
    prepared = prepare(content, key.certificate, key.chain, at=at)
    value = key.sign(prepared.to_sign)
    return embed(
        prepared.state, value, existing=existing, timestamper=timestamper, trust=trust, at=at
    )


def _digested(stream: BinaryIO, algorithm: str) -> bytes:
    made = digests.new(algorithm)
    stream.seek(0)
    while piece := stream.read(PIECE):
        made.update(piece)
    return made.digest()


def _require_same(before: asn1_cms.SignedData, digest: bytes, algorithm: Algorithm) -> None:
    """Refuse signatures over other content, as far as a common digest algorithm can tell."""
    for signer in before["signer_infos"]:
        if signer["digest_algorithm"]["algorithm"].native != algorithm.digest:
            continue
        if cms.message_digest(signer["signed_attrs"].untag().dump()) != digest:
            raise SignaturesOfOther(
                "Имеющаяся подпись сделана под другим файлом: вторую к ней добавить нельзя."
            )
