"""The road from a certificate to its root, and what genuine answers say of each one on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import algos, crl, keys, ocsp
from cryptography.exceptions import InvalidSignature

from signing import certificates, document
from signing.certificates import Certificate
from signing.errors import DocumentUnreadable, SigningError
from signing.gost.validator import VALIDATOR
from signing.reports import Link, Revocation, RevocationSource, Standing
from signing.validation_data import Evidence

LONGEST_ROAD = 8
OCSP_SIGNING = "ocsp_signing"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a certificate is judged by; `asked` came over the network just now."""

    anchors: tuple[Certificate, ...]
    known: tuple[Certificate, ...]
    inside: Evidence
    asked: Evidence


def road(certificate: Certificate, around: Surroundings, moment: datetime) -> tuple[Link, ...]:
    """Return the certificates from `certificate` up to a trusted root, or as far as it goes.

    Each is told with what was answered about it as of `moment`; an answer whose signature does
    not hold, or whose signer was not asked by the issuer to answer, counts for nothing.
    """
    trusted = {anchor.sha256 for anchor in around.anchors}
    pool = (*around.anchors, *around.known, *around.inside.certificates, *around.asked.certificates)
    links: list[Link] = []
    current: Certificate | None = certificate
    while current is not None and len(links) < LONGEST_ROAD:
        above = None
        told = Revocation(Standing.UNKNOWN)
        if current.sha256 in trusted:
            told = Revocation(Standing.ANCHOR)
        elif not certificates.is_root(current):
            above = _issuer(current, pool)
            if above is not None:
                told = _told(current, above, around, moment)
        links.append(_link(current, current.sha256 in trusted, told))
        current = above
    return tuple(links)


def _link(certificate: Certificate, anchor: bool, told: Revocation) -> Link:
    return Link(
        owner=certificates.owner(certificate),
        serial=certificates.serial(certificate),
        valid_from=certificates.valid_from(certificate),
        valid_until=certificates.valid_until(certificate),
        anchor=anchor,
        revocation=told,
    )


def _issuer(certificate: Certificate, pool: Iterable[Certificate]) -> Certificate | None:
    return next(
        (one for one in pool if one.subject == certificate.issuer and _issued(one, certificate)),
        None,
    )


def _issued(above: Certificate, below: Certificate) -> bool:
    body = below["tbs_certificate"].dump()
    return _signed(
        body, below["signature_value"].native, above.public_key, below["signature_algorithm"]
    )


def _signed(
    data: bytes, value: bytes, key: keys.PublicKeyInfo, algorithm: algos.SignedDigestAlgorithm
) -> bool:
    try:
        with document.reading(DocumentUnreadable("")):
            VALIDATOR.validate_signature(value, data, key, algorithm)
    except (InvalidSignature, SigningError):
        return False
    return True


def _told(
    certificate: Certificate, issuer: Certificate, around: Surroundings, moment: datetime
) -> Revocation:
    """Return the weightiest answer: a revocation, else the newest word that all is well."""
    heard = [
        *_answers(certificate, issuer, around.inside, moment, inside=True),
        *_answers(certificate, issuer, around.asked, moment, inside=False),
    ]
    revoked = [one for one in heard if one.standing is Standing.REVOKED]
    return max(
        revoked or heard,
        key=lambda one: (one.inside, one.issued_at or moment),
        default=Revocation(Standing.UNKNOWN),
    )


def _answers(
    certificate: Certificate,
    issuer: Certificate,
    evidence: Evidence,
    moment: datetime,
    *,
    inside: bool,
) -> Iterator[Revocation]:
    pool = (issuer, *evidence.certificates)
    for answer in evidence.ocsps:
        try:
            with document.reading(DocumentUnreadable("")):
                told = _by_ocsp(certificate, issuer, answer, pool, moment, inside)
        except DocumentUnreadable:
            continue
        if told is not None:
            yield told
    for issued in evidence.crls:
        try:
            with document.reading(DocumentUnreadable("")):
                told = _by_list(certificate, issuer, issued, moment, inside)
        except DocumentUnreadable:
            continue
        if told is not None:
            yield told


def _by_ocsp(
    certificate: Certificate,
    issuer: Certificate,
    answer: ocsp.OCSPResponse,
    pool: Iterable[Certificate],
    moment: datetime,
    inside: bool,
) -> Revocation | None:
    if answer["response_status"].native != "successful":
        return None
    basic = answer.basic_ocsp_response
    body = basic["tbs_response_data"]
    single = next((one for one in body["responses"] if _is_about(one, certificate, issuer)), None)
    if single is None:
        return None
    responder = _responder(basic, issuer, (*(basic["certs"] or ()), *pool))
    if responder is None:
        return None
    status = single["cert_status"]
    since = status.chosen["revocation_time"].native if status.name == "revoked" else None
    if status.name == "unknown":
        return None
    return _revocation(
        since, moment, RevocationSource.OCSP, inside, body["produced_at"].native, responder
    )


def _is_about(single: ocsp.SingleResponse, certificate: Certificate, issuer: Certificate) -> bool:
    named = single["cert_id"]
    digest = named["hash_algorithm"]["algorithm"].native
    return bool(
        named["serial_number"].native == certificate.serial_number
        and named["issuer_key_hash"].native == getattr(issuer.public_key, digest)
        and named["issuer_name_hash"].native == getattr(certificate.issuer, digest)
    )


def _responder(
    basic: ocsp.BasicOCSPResponse, issuer: Certificate, pool: Iterable[Certificate]
) -> Certificate | None:
    """Return who signed an OCSP response, if the issuer did or let them (RFC 6960, 4.2.2.2)."""
    body, value = basic["tbs_response_data"].dump(), basic["signature"].native
    for one in pool:
        usage = one.extended_key_usage_value
        delegated = usage is not None and OCSP_SIGNING in usage.native and _issued(issuer, one)
        allowed = one.sha256 == issuer.sha256 or delegated
        if allowed and _signed(body, value, one.public_key, basic["signature_algorithm"]):
            return one
    return None


def _by_list(
    certificate: Certificate,
    issuer: Certificate,
    issued: crl.CertificateList,
    moment: datetime,
    inside: bool,
) -> Revocation | None:
    if issued.issuer != certificate.issuer or issued.delta_crl_indicator_value is not None:
        return None
    body = issued["tbs_cert_list"]
    value = issued["signature"].native
    if not _signed(body.dump(), value, issuer.public_key, issued["signature_algorithm"]):
        return None
    since = None
    number = certificate["tbs_certificate"]["serial_number"].dump()
    if number in body.dump():  # a list may be long, and most certificates are not on it
        since = next(
            (
                one["revocation_date"].native
                for one in body["revoked_certificates"]
                if one["user_certificate"].native == certificate.serial_number
            ),
            None,
        )
    return _revocation(
        since, moment, RevocationSource.CRL, inside, body["this_update"].native, issuer
    )


def _revocation(
    since: datetime | None,
    moment: datetime,
    source: RevocationSource,
    inside: bool,
    issued_at: datetime,
    signed_by: Certificate,
) -> Revocation:
    good = since is None or since > moment
    return Revocation(
        standing=Standing.GOOD if good else Standing.REVOKED,
        source=source,
        inside=inside,
        issued_at=issued_at,
        signed_by=certificates.owner(signed_by),
        revoked_at=since,
    )
