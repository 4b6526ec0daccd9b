"""A detached SignedData that grows: one signer more, and the validation data of them all."""

from __future__ import annotations

from collections.abc import Iterable

from asn1crypto import cms, core

from signing.cms import certificates_in
from signing.errors import SignaturesUnreadable
from signing.validation_data import Evidence

LARGEST = 64 << 20  # bytes of a `.p7s` that is read at all: some authorities revoke by the million
DATA = "data"


def read(p7s: bytes) -> cms.SignedData:
    """Return the SignedData (RFC 5652) of a detached `.p7s` in DER, or raise SignaturesUnreadable.

    Nothing of it is believed yet.
    """
    if len(p7s) > LARGEST:
        raise unreadable()
    try:
        outer = cms.ContentInfo.load(p7s, strict=True)
        if outer["content_type"].native != "signed_data":
            raise unreadable()
        signed = outer["content"]
        inside = signed["encap_content_info"]
        if inside["content_type"].native != DATA or inside["content"].native is not None:
            raise unreadable()
        _ = [one.native for one in signed["signer_infos"]]
        for part in ("certificates", "crls"):
            _ = [one.chosen.dump() for one in signed[part]]
    except (ValueError, TypeError, KeyError, LookupError, OverflowError, RecursionError) as error:
        raise unreadable() from error
    # Read anew: what asn1crypto has once parsed it takes seconds to write again.
    return cms.ContentInfo.load(p7s)["content"]


def grown(existing: cms.SignedData | None, signer: cms.SignerInfo, evidence: Evidence) -> bytes:
    """Return the DER of `existing` with one `signer` more and `evidence` added to what it holds.

    What others signed keeps every byte: their SignerInfos go in as they are. Certificates, CRLs
    and OCSP responses (RFC 5940) stand in SignedData itself, where CAdES B-LT wants them (ETSI EN
    319 122-1, 6.3); no signature covers them, so adding some breaks none.
    """
    signers = [*_parts(existing, "signer_infos"), signer]
    digests = {one["digest_algorithm"].dump(): one["digest_algorithm"] for one in signers}
    revocation = _once(
        [
            *_parts(existing, "crls"),
            *(cms.RevocationInfoChoice("crl", crl) for crl in evidence.crls),
            *(cms.RevocationInfoChoice("other", _ocsp(answer)) for answer in evidence.ocsps),
        ]
    )
    held = _once(
        [
            *_parts(existing, "certificates"),
            *(cms.CertificateChoices("certificate", one) for one in evidence.certificates),
        ]
    )
    fields = {
        "version": _version(signers, revocation),
        "digest_algorithms": cms.DigestAlgorithms(digests.values()),
        "encap_content_info": {"content_type": DATA},
        "certificates": cms.CertificateSet(held),
        "signer_infos": cms.SignerInfos(signers),
    }
    if revocation:
        fields["crls"] = cms.RevocationInfoChoices(revocation)
    whole = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(fields)})
    dumped: bytes = whole.dump()
    return dumped


def evidence_in(signed: cms.SignedData) -> Evidence:
    """Return the certificates and revocation answers a SignedData carries."""
    choices = list(_parts(signed, "crls"))
    others = [one.chosen for one in choices if one.name == "other"]
    return Evidence(
        certificates=certificates_in(signed),
        ocsps=tuple(
            one["other_rev_info"]
            for one in others
            if one["other_rev_info_format"].native == "ocsp_response"
        ),
        crls=tuple(one.chosen for one in choices if one.name == "crl"),
    )


def unreadable() -> SignaturesUnreadable:
    """Return the refusal for a `.p7s` that cannot be read."""
    return SignaturesUnreadable(
        "Файл подписи (.p7s) не читается: он повреждён, обрезан или это не отсоединённая подпись."
    )


def _parts(signed: cms.SignedData | None, name: str) -> Iterable[core.Asn1Value]:
    if signed is None or isinstance(signed[name], core.Void):
        return ()
    return signed[name]  # type: ignore[no-any-return]


def _ocsp(response: core.Asn1Value) -> cms.OtherRevocationInfoFormat:
    return cms.OtherRevocationInfoFormat(
        {"other_rev_info_format": "ocsp_response", "other_rev_info": response}
    )


def _version(
    signers: Iterable[cms.SignerInfo], revocation: Iterable[cms.RevocationInfoChoice]
) -> str:
    """Return the version of the syntax (RFC 5652, 5.1)."""
    if any(one.name == "other" for one in revocation):
        return "v5"
    return "v3" if any(one["version"].native != "v1" for one in signers) else "v1"


def _once(items: Iterable[core.Asn1Value]) -> list[core.Asn1Value]:
    return list({item.dump(): item for item in items}.values())
