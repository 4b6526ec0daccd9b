"""Programs that sign on the signer's own machine: stand-ins for CryptoPro's plug-in and others."""

from __future__ import annotations

import base64
import hashlib
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, core, tsp, x509

from signing import digests
from signing.keys import Key


@dataclass(frozen=True, slots=True)
class Client:
    """Signs a digest as CAdES-BES; each field is one habit, good or bad, of such a program."""

    key: Key
    signing_time: datetime | None = None
    backwards: bool = False  # attributes in an order that is not DER's
    bound_to: x509.Certificate | None = None  # by the ESS attribute, if not to the key's
    binding: str | None = "signing_certificate_v2"
    binding_digest: str = "sha256"
    without: frozenset[str] = frozenset()
    more: tuple[cms.CMSAttribute, ...] = ()
    digest_algorithm: str | None = None
    signature_algorithm: str | None = None
    content_type: str = "data"
    content: bytes | None = None
    by_key_identifier: bool = False
    carried: Sequence[x509.Certificate] | None = None  # certificates inside, if not the key's
    tokens: tuple[bytes, ...] = ()
    signers: int = 1

    def cms(self, digest: bytes) -> bytes:
        """Return the DER of a SignedData about content with this digest."""
        return self.content_info(digest).dump()

    def cades_com(self, digest_hex: str) -> str:
        """Return what `CadesSignedData.SignHash` gives after `CPHashedData.SetHashValue`."""
        text = base64.b64encode(self.cms(bytes.fromhex(digest_hex))).decode()
        return "\r\n".join(textwrap.wrap(text, 64)) + "\r\n"

    def raw_signature(self, to_sign: bytes) -> str:
        """Return what `RawSignature.SignHash` gives: hexadecimal, the bytes reversed."""
        return self.key.sign(to_sign)[::-1].hex().upper()

    def content_info(self, digest: bytes) -> cms.ContentInfo:
        """Return the container, to be spoiled further."""
        signers = [self.signer_info(digest) for _ in range(self.signers)]
        held = (self.key.certificate, *self.key.chain) if self.carried is None else self.carried
        inner: dict[str, Any] = {"content_type": self.content_type}
        if self.content is not None:
            inner["content"] = self.content
        return cms.ContentInfo(
            {
                "content_type": "signed_data",
                "content": cms.SignedData(
                    {
                        "version": "v3" if self.by_key_identifier else "v1",
                        "digest_algorithms": [one["digest_algorithm"] for one in signers],
                        "encap_content_info": inner,
                        "certificates": list(held),
                        "signer_infos": signers,
                    }
                ),
            }
        )

    def signer_info(self, digest: bytes) -> cms.SignerInfo:
        """Return the SignerInfo about content with this digest."""
        attributes = self.attributes(digest)
        used = self.digest_algorithm or self.key.algorithm.digest
        signed = self.signature_algorithm or self.key.algorithm.signature
        fields: dict[str, Any] = {
            "version": "v3" if self.by_key_identifier else "v1",
            "sid": self._sid(),
            "digest_algorithm": {"algorithm": used},
            "signature_algorithm": {"algorithm": signed},
            "signature": self.key.sign(attributes),
        }
        if "signed_attrs" not in self.without:
            fields["signed_attrs"] = cms.CMSAttributes.load(attributes)
        if self.tokens:
            stamps = [
                _attribute("signature_time_stamp_token", cms.ContentInfo.load(token))
                for token in self.tokens
            ]
            fields["unsigned_attrs"] = cms.CMSAttributes(stamps)
        return cms.SignerInfo(fields)

    def attributes(self, digest: bytes) -> bytes:
        """Return the signed attributes, a SET OF in DER, or nearly."""
        made = [
            _attribute("content_type", self.content_type),
            _attribute("message_digest", digest),
            *self.more,
        ]
        if self.signing_time is not None:
            made.append(_attribute("signing_time", cms.Time({"utc_time": self.signing_time})))
        if self.binding is not None:
            made.append(_attribute(self.binding, self._bound()))
        parts = sorted(one.dump() for one in made if one["type"].native not in self.without)
        return _set_of(reversed(parts) if self.backwards else parts)

    def _bound(self) -> tsp.SigningCertificate | tsp.SigningCertificateV2:
        der = (self.bound_to or self.key.certificate).dump()
        if self.binding == "signing_certificate":
            return tsp.SigningCertificate({"certs": [{"cert_hash": hashlib.sha1(der).digest()}]})
        hashed = digests.digest(self.binding_digest, der)
        certificate = {
            "hash_algorithm": {"algorithm": self.binding_digest},
            "cert_hash": hashed,
        }
        return tsp.SigningCertificateV2({"certs": [certificate]})

    def _sid(self) -> cms.SignerIdentifier:
        certificate = self.key.certificate
        if self.by_key_identifier:
            return cms.SignerIdentifier({"subject_key_identifier": certificate.key_identifier})
        issued = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
        return cms.SignerIdentifier({"issuer_and_serial_number": issued})


def junk(size: int) -> cms.CMSAttribute:
    """Return a private attribute of about `size` bytes, the rest of which nobody understands."""
    value = core.OctetString(bytes(size))
    return cms.CMSAttribute({"type": "1.3.6.1.4.1.99999.1", "values": [value]})


def indefinite(der: bytes) -> bytes:
    """Return the same container as BER of indefinite length, as streaming programs write it."""
    outer = cms.ContentInfo.load(der)
    inner = outer["content"].untag().dump()
    return b"\x30\x80" + outer["content_type"].dump() + b"\xa0\x80" + inner + bytes(4)


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _set_of(parts: Iterable[bytes]) -> bytes:
    body = b"".join(parts)
    return core.SetOf(spec=cms.CMSAttribute, contents=body).dump()
