"""The CMS container of a signature: signed attributes, assembly, what is inside one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asn1crypto import cms, tsp
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from signing.algorithms import Algorithm
from signing.certificates import Certificate

TIMESTAMP_ATTRIBUTE = "signature_time_stamp_token"


def attributes(digest: bytes, certificate: Certificate, algorithm: Algorithm) -> bytes:
    """Return the DER of the signed attributes of a PAdES baseline signature.

    They bind the document's `digest` and the signer's certificate (ESS signing-certificate-v2);
    the time of signing is not among them (ETSI EN 319 142-1, 6.3): it comes from a timestamp.
    """
    bound = as_signing_certificate_v2(certificate, hash_algo=algorithm.digest)
    encoded: bytes = cms.CMSAttributes(
        [
            _attribute("content_type", "data"),
            _attribute("message_digest", digest),
            _attribute("signing_certificate_v2", bound),
        ]
    ).dump()
    return encoded


def assemble(
    signed_attributes: bytes,
    value: bytes,
    certificate: Certificate,
    chain: Iterable[Certificate],
    algorithm: Algorithm,
    token: bytes | None = None,
) -> bytes:
    """Return a detached SignedData (DER) holding `value`, the signature over `signed_attributes`.

    A timestamp token (DER) over the value goes in as an unsigned attribute.
    """
    digest_algorithm = cms.DigestAlgorithm({"algorithm": algorithm.digest})
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {
                            "issuer": certificate.issuer,
                            "serial_number": certificate.serial_number,
                        }
                    )
                }
            ),
            "digest_algorithm": digest_algorithm,
            "signed_attrs": cms.CMSAttributes.load(signed_attributes),
            "signature_algorithm": cms.SignedDigestAlgorithm({"algorithm": algorithm.signature}),
            "signature": value,
        }
    )
    if token is not None:
        stamp = _attribute(TIMESTAMP_ATTRIBUTE, cms.ContentInfo.load(token))
        signer["unsigned_attrs"] = cms.CMSAttributes([stamp])
    container = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": cms.SignedData(
                {
                    "version": "v1",
                    "digest_algorithms": cms.DigestAlgorithms((digest_algorithm,)),
                    "encap_content_info": {"content_type": "data"},
                    "certificates": [certificate, *chain],
                    "signer_infos": [signer],
                }
            ),
        }
    )
    dumped: bytes = container.dump()
    return dumped


def holds(signer: cms.SignerInfo, certificate: Certificate, digest: bytes) -> tuple[bool, bool]:
    """Return whether the signed digest is `digest`, and whether the value fits the certificate."""
    intact, valid = validate_sig_integrity(signer, certificate, "data", digest)
    return bool(intact), bool(valid)


def only_padding_follows(container: bytes) -> bool:
    """Return whether nothing but zeros stands after the container in the room left for it."""
    end = len(cms.ContentInfo.load(container).dump())
    return not any(container[end:])


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


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": (value,)})
