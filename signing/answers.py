"""What a client returns when its owner has signed: a raw value or a whole CMS; checked here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from asn1crypto import algos
from asn1crypto import cms as asn1_cms

from signing import certificates, cms, containers, document
from signing.algorithms import Algorithm
from signing.certificates import Certificate
from signing.errors import ValueMismatch


@dataclass(frozen=True, slots=True)
class RawValue:
    """A signature's value over `to_sign` and nothing around it.

    RSA: PKCS#1 v1.5 (RFC 8017, 8.2). ECDSA: DER (RFC 3279, 2.2.3) or r‖s, each half as long as
    the order of the curve. GOST R 34.10-2012: 64 or 128 bytes, s‖r (RFC 9215). RSA and GOST may
    come with the bytes reversed, as CryptoAPI and CryptoPro's `RawSignature.SignHash` give them.
    """

    value: bytes


@dataclass(frozen=True, slots=True)
class Container:
    """A whole detached CMS SignedData (RFC 5652), a CAdES-BES signature (ETSI EN 319 122-1).

    BER or DER, or the same as PEM or bare base64, e.g. what CryptoPro's
    `CadesSignedData.SignHash` gives after `CPHashedData.SetHashValue`. Its signed attributes are
    the client's own.
    """

    data: bytes


Answer: TypeAlias = RawValue | Container


@dataclass(frozen=True, slots=True)
class Accepted:
    """A signature that was checked, and what a container is put together from."""

    signer: bytes  # DER of the SignerInfo without unsigned attributes
    value: bytes  # what a signature timestamp is put on
    certificate: Certificate
    chain: tuple[Certificate, ...]  # issuers, nearest first, the client's own among them
    timestamps: tuple[bytes, ...] = ()  # DER of tokens the client brought; not believed yet

    def signer_info(self, *tokens: bytes) -> bytes:
        """Return the SignerInfo (DER) with timestamp tokens (DER) as its only unsigned attributes.

        Signed attributes and value stay byte for byte what the client made.
        """
        return cms.timed(self.signer, tokens)

    def container(self, *tokens: bytes) -> bytes:
        """Return a detached SignedData (DER) with the certificates and the timestamp tokens."""
        return cms.container(self.signer_info(*tokens), [self.certificate, *self.chain])


def accepted(
    answer: Answer,
    *,
    document_digest: bytes,
    attributes: bytes,
    certificate: Certificate,
    chain: Iterable[Certificate],
    algorithm: Algorithm,
) -> Accepted:
    """Check what a client returned; nothing is asked over the network, trust is judged elsewhere.

    `document_digest` is ours, by `algorithm.digest`; `attributes` is the DER of the signed
    attributes a raw value was made over; `certificate` was announced when the session began.

    A container must be readable, detached, of one signer, of the announced certificate, about
    content of type data with our digest by the prescribed algorithm, bound to the certificate by
    ESS signing-certificate or -v2 (RFC 5035), and its value must hold. A signing-time attribute is
    let pass, though PAdES (ETSI EN 319 142-1, 6.3) does without it; nobody believes what it says.

    Raises AnswerUnreadable, AnswerTrailing, AnswerTooLarge, AnswerSigners, AnswerAttached,
    AnswerForeignCertificate, AnswerWeakDigest, AnswerOtherDigest, AnswerIncomplete, AnswerUnbound,
    AnswerOtherDocument, ValueMismatch.
    """
    known = tuple(chain)
    tokens: tuple[bytes, ...] = ()
    if isinstance(answer, Container):
        found = containers.read(answer.data)
        containers.require_ours(found, document_digest, certificate, algorithm)
        attributes, named, values = found.attributes, found.named, iter((found.value,))
        known, tokens = (*known, *found.certificates), found.timestamps
    else:
        named, values = cms.identifiers(algorithm), _readings(answer.value, certificate)
    made = {value: cms.signer_info(attributes, value, certificate, named) for value in values}
    value = _holding(made, certificate, document_digest)
    return Accepted(
        signer=made[value],
        value=value,
        certificate=certificate,
        chain=certificates.issuers_of(certificate, known),
        timestamps=tokens,
    )


def _holding(candidates: Mapping[bytes, bytes], certificate: Certificate, digest: bytes) -> bytes:
    """Return the value whose SignerInfo (DER) holds."""
    mismatch = ValueMismatch(
        "Значение подписи не подходит: подписан другой документ либо использован другой ключ, "
        f"не тот, что у сертификата {certificates.serial(certificate)}. "
        "Начните подписание заново и выберите тот же сертификат."
    )
    for value, der in candidates.items():
        with document.reading(mismatch):
            if all(cms.holds(asn1_cms.SignerInfo.load(der), certificate, digest)):
                return value
    raise mismatch


def _readings(value: bytes, certificate: Certificate) -> Iterator[bytes]:
    """Yield what `value` may mean, in the form a container holds; at most one of them fits."""
    if certificate.public_key.algorithm != "ec":
        yield value
        yield value[::-1]
        return
    yield value
    half = -(-certificate.public_key.bit_size // 8)
    if len(value) == 2 * half:
        yield algos.DSASignature.from_p1363(value).dump()
