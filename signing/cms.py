"""The CMS container of a signature: signed attributes, assembly, what is inside one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeAlias

from asn1crypto import cms, core, parser, tsp
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from signing import der
from signing.algorithms import Algorithm
from signing.certificates import Certificate
from signing.errors import KeyUnsupported
from signing.gost.validator import VALIDATOR

Identifiers: TypeAlias = tuple[cms.DigestAlgorithm, cms.SignedDigestAlgorithm]

TIMESTAMP_ATTRIBUTE = "signature_time_stamp_token"
GENERALIZED_FROM = 2050  # UTCTime has two digits for the year


def attributes(
    digest: bytes,
    certificate: Certificate,
    algorithm: Algorithm,
    claimed: datetime | None = None,
) -> bytes:
    """Return the DER of the signed attributes of a baseline signature.

    They bind the document's `digest` and the signer's certificate (ESS signing-certificate-v2).
    PAdES has no `claimed` time of signing among them (ETSI EN 319 142-1, 6.3), CAdES must have one
    (ETSI EN 319 122-1, 6.3); what proves the time is a timestamp.
    """
    bound = as_signing_certificate_v2(certificate, hash_algo=algorithm.digest)
    made = [
        _attribute("content_type", "data"),
        _attribute("message_digest", digest),
        _attribute("signing_certificate_v2", bound),
    ]
    if claimed is not None:
        made.append(_attribute("signing_time", _time(claimed)))
    encoded: bytes = cms.CMSAttributes(made).dump()
    return encoded


def message_digest(signed_attributes: bytes) -> bytes:
    """Return the digest that DER signed attributes bind, or b"" if they bind none."""
    for attribute in cms.CMSAttributes.load(signed_attributes):
        if attribute["type"].native == "message_digest":
            digest: bytes = attribute["values"][0].native
            return digest
    return b""


def identifiers(algorithm: Algorithm) -> Identifiers:
    """Return how a container names an algorithm's digest and signature."""
    return (
        cms.DigestAlgorithm({"algorithm": algorithm.digest}),
        cms.SignedDigestAlgorithm({"algorithm": algorithm.signature}),
    )


def signer_info(
    signed_attributes: bytes, value: bytes, certificate: Certificate, named: Identifiers
) -> bytes:
    """Return the DER of a SignerInfo (RFC 5652, 5.3) holding `value`.

    `signed_attributes`, the SET OF the value was made over, goes in byte for byte.
    """
    issued = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    digest_algorithm, signature_algorithm = named
    return der.sequence(
        cms.CMSVersion("v1").dump(),
        cms.IssuerAndSerialNumber(issued).dump(),
        digest_algorithm.dump(),
        der.tagged(0, der.contents(signed_attributes)),
        signature_algorithm.dump(),
        core.OctetString(value).dump(),
    )


def timed(signer: bytes, tokens: Iterable[bytes]) -> bytes:
    """Return a SignerInfo (DER) without unsigned attributes with timestamp tokens (DER) as such."""
    kind = cms.CMSAttributeType(TIMESTAMP_ATTRIBUTE).dump()
    stamps = sorted(der.sequence(kind, der.set_of([token])) for token in tokens)
    if not stamps:
        return signer
    return der.sequence(der.contents(signer), der.tagged(1, b"".join(stamps)))


def container(signer: bytes, held: Iterable[Certificate]) -> bytes:
    """Return a detached SignedData (DER) of one SignerInfo (DER) with the certificates `held`."""
    _version, _sid, digest_algorithm, *_rest = der.parts(signer)
    signed = der.sequence(
        cms.CMSVersion("v1").dump(),
        der.set_of([digest_algorithm]),
        der.sequence(cms.ContentType("data").dump()),
        der.tagged(0, b"".join(sorted(one.dump() for one in held))),
        der.set_of([signer]),
    )
    return der.sequence(cms.ContentType("signed_data").dump(), der.tagged(0, signed))


def holds(signer: cms.SignerInfo, certificate: Certificate, digest: bytes) -> tuple[bool, bool]:
    """Return whether the signed digest is `digest`, and whether the value fits the certificate.

    Raises KeyUnsupported for a certificate with a key nobody here knows.
    """
    try:
        intact, valid = validate_sig_integrity(signer, certificate, "data", digest, VALIDATOR)
    except UnsupportedAlgorithm:
        raise KeyUnsupported(
            "Подпись сделана ключом, алгоритм которого не поддерживается."
        ) from None
    return bool(intact), bool(valid)


def only_padding_follows(container: bytes) -> bool:
    """Return whether nothing but zeros stands after the container in the room left for it."""
    return not container[parser.peek(container) :].strip(b"\0")


def timestamps(signer: cms.SignerInfo) -> Iterator[cms.SignedData]:
    """Yield the timestamp tokens over the signature's value."""
    for attribute in signer["unsigned_attrs"]:
        if attribute["type"].native == TIMESTAMP_ATTRIBUTE:
            for token in attribute["values"]:
                yield token["content"]


def timestamp_info(token: cms.SignedData) -> tsp.TSTInfo:
    """Return what a timestamp token asserts."""
    return token["encap_content_info"]["content"].parsed


def certificates_in(signed: cms.SignedData) -> tuple[Certificate, ...]:
    """Return the X.509 certificates a container carries."""
    return tuple(choice.chosen for choice in signed["certificates"] if choice.name == "certificate")


def names(sid: cms.SignerIdentifier, certificate: Certificate) -> bool:
    """Whether a signer's identifier (RFC 5652, 5.3) names a certificate."""
    if sid.name == "subject_key_identifier":
        return bool(sid.native == certificate.key_identifier)
    named = sid.chosen
    return bool(
        named["serial_number"].native == certificate.serial_number
        and named["issuer"] == certificate.issuer
    )


def _time(moment: datetime) -> cms.Time:
    """Return a time to the second, as RFC 5652, 11.3 writes it before and from 2050 on."""
    whole = moment.astimezone(UTC).replace(microsecond=0)
    if whole.year < GENERALIZED_FROM:
        return cms.Time({"utc_time": core.UTCTime(whole)})
    return cms.Time({"general_time": core.GeneralizedTime(whole)})


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": (value,)})
