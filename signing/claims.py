"""A signature as its container tells it, in a PDF or detached, before anybody believes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms as asn1_cms
from asn1crypto import core, pdf, x509

from signing import cms, revocation_values, signed_data
from signing.certificates import Certificate
from signing.revocation_values import REVOCATION_VALUES
from signing.validation_data import Evidence

CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23"
ADOBE = "adobe_revocation_info_archival"
WEAK = frozenset({"md2", "md4", "md5", "sha1"})


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
        owner = next((one for one in held if cms.names(info["sid"], one)), None)
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
                found = found.joined(revocation_values.read(value.dump()))
            elif kind.dotted == CERTIFICATE_VALUES:
                found = found.joined(Evidence(tuple(_Certificates.load(value.dump()))))
    return found


def _said(info: asn1_cms.SignerInfo) -> datetime | None:
    for attribute in _each(info["signed_attrs"]):
        if attribute["type"].native == "signing_time":
            moment: datetime = attribute["values"][0].native
            return moment if moment.tzinfo is not None else None
    return None


def _each(items: core.Asn1Value) -> Iterable[core.Asn1Value]:
    """Return the members of an optional list."""
    return () if isinstance(items, core.Void) else items
