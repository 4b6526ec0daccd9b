"""A detached SignedData that grows: one signer more, and the validation data of them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from asn1crypto import cms, core

from signing import der
from signing.cms import certificates_in
from signing.errors import SignaturesUnreadable
from signing.validation_data import Evidence

LARGEST = 64 << 20  # bytes of a `.p7s` that is read at all: some authorities revoke by the million
DATA = "data"
CERTIFICATES, REVOCATION, SIGNERS = b"\xa0", b"\xa1", b"\x31"  # how the sets of it are tagged
OTHER = b"\xa1"  # how revocation data begins that is no CRL
DIGEST_ALGORITHM = 2  # where it stands in a SignerInfo


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


def grown(existing: bytes | None, signer: bytes, evidence: Evidence) -> bytes:
    """Return the DER of `existing`, a `.p7s` that was `read`, with one `signer` (DER) more.

    What others signed keeps every byte: their SignerInfos go in as they are. Certificates, CRLs
    and OCSP responses (RFC 5940) of `evidence` join those in SignedData itself, where CAdES B-LT
    wants them (ETSI EN 319 122-1, 6.3); no signature covers them, so adding some breaks none.
    """
    before = {} if existing is None else _parts_of(existing)
    signers = [*before.get(SIGNERS, ()), signer]
    revocation = {
        *before.get(REVOCATION, ()),
        *(one.dump() for one in evidence.crls),
        *(cms.RevocationInfoChoice("other", _ocsp(answer)).dump() for answer in evidence.ocsps),
    }
    held = {*before.get(CERTIFICATES, ()), *(one.dump() for one in evidence.certificates)}
    signed = der.sequence(
        cms.CMSVersion(_version(signers, revocation)).dump(),
        der.set_of({der.parts(one)[DIGEST_ALGORITHM] for one in signers}),
        der.sequence(cms.ContentType(DATA).dump()),
        der.tagged(0, b"".join(sorted(held))),
        *([der.tagged(1, b"".join(sorted(revocation)))] if revocation else ()),
        der.set_of(signers),
    )
    return der.sequence(cms.ContentType("signed_data").dump(), der.tagged(0, signed))


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


def _parts(signed: cms.SignedData, name: str) -> Iterable[core.Asn1Value]:
    if isinstance(signed[name], core.Void):
        return ()
    return signed[name]  # type: ignore[no-any-return]


def _ocsp(response: core.Asn1Value) -> cms.OtherRevocationInfoFormat:
    return cms.OtherRevocationInfoFormat(
        {"other_rev_info_format": "ocsp_response", "other_rev_info": response}
    )


def _version(signers: Iterable[bytes], revocation: Iterable[bytes]) -> str:
    """Return the version of the syntax (RFC 5652, 5.1)."""
    if any(one.startswith(OTHER) for one in revocation):
        return "v5"
    first = cms.CMSVersion("v1").dump()
    return "v3" if any(der.parts(one)[0] != first for one in signers) else "v1"


def _parts_of(p7s: bytes) -> Mapping[bytes, tuple[bytes, ...]]:
    """Return what the sets of a SignedData hold, each by the tag it begins with."""
    _kind, explicit = der.parts(p7s)
    _version, _digests, _content, *sets = der.parts(der.contents(explicit))
    return {one[:1]: der.parts(one) for one in sets}
