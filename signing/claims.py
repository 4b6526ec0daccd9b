"""A signature as its container tells it, in a PDF or detached, before anybody believes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from asn1crypto import cms as asn1_cms
from asn1crypto import core, crl, ocsp, pdf, x509

from signing import cms, signed_data
from signing.certificates import Certificate
from signing.validation_data import Evidence

CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23"
REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24"
ADOBE = "adobe_revocation_info_archival"
WEAK = frozenset({"md2", "md4", "md5", "sha1"})


class _Lists(core.SequenceOf):  # type: ignore[misc]
    _child_spec = crl.CertificateList


class _Answers(core.SequenceOf):  # type: ignore[misc]
    _child_spec = ocsp.BasicOCSPResponse


class _RevocationValues(core.Sequence):  # type: ignore[misc]
    """RevocationValues of CAdES (ETSI EN 319 122-1, 5.4.2.2)."""

    _fields: ClassVar = [
        ("lists", _Lists, {"explicit": 0, "optional": True}),
        ("answers", _Answers, {"explicit": 1, "optional": True}),
        ("others", core.Any, {"explicit": 2, "optional": True}),
    ]


class _Certificates(core.SequenceOf):  # type: ignore[misc]
    _child_spec = x509.Certificate


@dataclass(frozen=True, slots=True)
class Claim:
    """One SignerInfo (RFC 5652, 5.3), its certificate, and what the container brings along."""

    info: asn1_cms.SignerInfo
    certificate: Certificate
    others: tuple[Certificate, ...]
    evidence: Evidence  # revocation data inside the container
    said_time: datetime | None  # by the signer's own clock

    @property
    def digest(self) -> str:
        """The name of the digest the signature is over."""
        name: str = self.info["digest_algorithm"]["algorithm"].native
        return name.lower()

    @property
    def message_digest(self) -> bytes | None:
        """The digest of the content as the signer saw it; None without signed attributes."""
        for attribute in _each(self.info["signed_attrs"]):
            if attribute["type"].native == "message_digest":
                found: bytes = attribute["values"][0].native
                return found
        return None

    @property
    def value(self) -> bytes:
        """The signature's value: what a signature timestamp is put on."""
        value: bytes = self.info["signature"].native
        return value

    @property
    def weak(self) -> bool:
        """Whether the digest can be forged nowadays."""
        return self.digest in WEAK

    def holds(self, digest: bytes) -> tuple[bool, bool]:
        """Return whether the signed digest is `digest`, and whether the value fits."""
        return cms.holds(self.info, self.certificate, digest)

    def timestamps(self) -> Iterator[asn1_cms.SignedData]:
        """Yield the timestamp tokens over the value."""
        if self.info["unsigned_attrs"]:
            yield from cms.timestamps(self.info)


def claims_in(signed: asn1_cms.SignedData) -> Iterator[Claim | None]:
    """Yield a claim for each signer; None for one whose certificate is not in the container.

    Raises what asn1crypto raises on malformed containers: see `document.reading`.
    """
    held = tuple(cms.certificates_in(signed))
    common = signed_data.evidence_in(signed)
    for info in signed["signer_infos"]:
        owner = next((one for one in held if _names(info["sid"], one)), None)
        if owner is None:
            yield None
            continue
        evidence = common.joined(_attached(info))
        others = tuple(one for one in evidence.certificates if one.sha256 != owner.sha256)
        yield Claim(info, owner, others, evidence, _said(info))


def _attached(info: asn1_cms.SignerInfo) -> Evidence:
    """Return the validation data in a signer's attributes: Adobe's, and CAdES-X Long's."""
    found = Evidence()
    for attribute in (*_each(info["signed_attrs"]), *_each(info["unsigned_attrs"])):
        kind = attribute["type"]
        for value in attribute["values"]:
            if kind.native == ADOBE and isinstance(value, pdf.RevocationInfoArchival):
                lists, answers = tuple(_each(value["crl"])), tuple(_each(value["ocsp"]))
                found = found.joined(Evidence((), answers, lists))
            elif kind.dotted == REVOCATION_VALUES:
                kept = _RevocationValues.load(value.dump())
                lists = tuple(_each(kept["lists"]))
                answers = tuple(_whole(one) for one in _each(kept["answers"]))
                found = found.joined(Evidence((), answers, lists))
            elif kind.dotted == CERTIFICATE_VALUES:
                found = found.joined(Evidence(tuple(_Certificates.load(value.dump()))))
    return found


def _whole(basic: ocsp.BasicOCSPResponse) -> ocsp.OCSPResponse:
    answer = {"response_type": "basic_ocsp_response", "response": basic}
    return ocsp.OCSPResponse({"response_status": "successful", "response_bytes": answer})


def _names(sid: asn1_cms.SignerIdentifier, certificate: Certificate) -> bool:
    if sid.name == "subject_key_identifier":
        return bool(sid.native == certificate.key_identifier)
    named = sid.chosen
    return bool(
        named["serial_number"].native == certificate.serial_number
        and named["issuer"] == certificate.issuer
    )


def _said(info: asn1_cms.SignerInfo) -> datetime | None:
    for attribute in _each(info["signed_attrs"]):
        if attribute["type"].native == "signing_time":
            moment: datetime = attribute["values"][0].native
            return moment if moment.tzinfo is not None else None
    return None


def _each(items: core.Asn1Value) -> Iterable[core.Asn1Value]:
    """Return the members of an optional list."""
    return () if isinstance(items, core.Void) else items
