"""Reading a CMS container somebody else made, and whether it speaks of our document."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass

from asn1crypto import cms as asn1_cms
from asn1crypto import core, parser, pem, tsp

from signing import certificates, cms, der, digests, document
from signing.algorithms import Algorithm
from signing.certificates import Certificate
from signing.errors import (
    AnswerAttached,
    AnswerForeignCertificate,
    AnswerIncomplete,
    AnswerOtherDigest,
    AnswerOtherDocument,
    AnswerSigners,
    AnswerTooLarge,
    AnswerTrailing,
    AnswerUnbound,
    AnswerUnreadable,
    AnswerWeakDigest,
    CertificateUnreadable,
)

LARGEST = 1 << 18  # bytes, as it was sent
WEAK = frozenset({"md2", "md4", "md5", "sha1"})
BINDINGS = ("signing_certificate_v2", "signing_certificate")
AGAIN = "Начните подписание заново и подпишите именно этот документ."
PROGRAM = "Проверьте настройки программы подписания."


@dataclass(frozen=True, slots=True)
class Read:
    """What a container of one signer holds, taken apart; nothing of it is believed yet."""

    sid: asn1_cms.SignerIdentifier
    named: cms.Identifiers  # of the digest and the signature, with their parameters
    attributes: bytes  # the signed ones, a SET OF, byte for byte as they were signed
    value: bytes
    certificates: tuple[Certificate, ...]
    timestamps: tuple[bytes, ...]  # DER of the signature timestamp tokens


def read(data: bytes) -> Read:
    """Take apart a detached SignedData (RFC 5652) of one signer: BER, DER, PEM or base64.

    Raises AnswerUnreadable, AnswerTrailing, AnswerTooLarge, AnswerAttached, AnswerSigners,
    AnswerIncomplete.
    """
    if len(data) > LARGEST:
        raise AnswerTooLarge(
            f"Ответ с подписью занимает {len(data)} байт, это больше допустимых {LARGEST}. "
            f"Передайте отсоединённую подпись без вложений. {PROGRAM}"
        )
    with document.reading(_unreadable()):
        signed = _signed_data(_decoded(data))
        if signed["encap_content_info"]["content"].native is not None:
            raise AnswerAttached(
                "Подпись присоединённая: документ вложен в неё. "
                f"Нужна отсоединённая подпись. {PROGRAM}"
            )
        signers = signed["signer_infos"]
        if len(signers) != 1:
            raise AnswerSigners(
                f"Подписей в ответе: {len(signers)}, а нужна ровно одна. "
                "Передайте подпись одного человека под одним документом."
            )
        signer = signers[0]
        return Read(
            sid=signer["sid"],
            named=(signer["digest_algorithm"], signer["signature_algorithm"]),
            attributes=_attributes(signer),
            value=signer["signature"].native,
            certificates=_certificates(signed),
            timestamps=tuple(_tokens(signer)),
        )


def require_ours(
    found: Read, digest: bytes, certificate: Certificate, algorithm: Algorithm
) -> None:
    """Refuse a signer that is not the announced one or speaks of another document.

    The value itself is not checked here. Raises AnswerForeignCertificate, AnswerWeakDigest,
    AnswerOtherDigest, AnswerIncomplete, AnswerUnbound, AnswerOtherDocument, AnswerUnreadable.
    """
    with document.reading(_unreadable()):
        if not cms.names(found.sid, certificate):
            raise _foreign(certificate)
        _require_digest(found.named, algorithm)
        attributes = asn1_cms.CMSAttributes.load(found.attributes)
        content_type = _only(attributes, "content_type", "вид содержимого (content-type)")
        if content_type.native != "data":
            raise AnswerIncomplete(
                f"Подпись сделана для содержимого вида «{content_type.native}», а нужен «data». "
                f"{PROGRAM}"
            )
        imprint = _only(attributes, "message_digest", "хэш документа (message-digest)")
        _require_bound(attributes, certificate)
        if imprint.native != digest:
            raise AnswerOtherDocument(
                "Хэш внутри подписи не от этого документа или от прежней попытки его подписать. "
                f"{AGAIN}"
            )


def _decoded(data: bytes) -> bytes:
    if data[:1] == b"\x30":
        return data
    if pem.detect(data):
        return bytes(pem.unarmor(data)[2])
    try:
        return base64.b64decode(b"".join(data.split()), validate=True)
    except binascii.Error as error:
        raise _unreadable() from error


def _signed_data(data: bytes) -> asn1_cms.SignedData:
    whole = parser.peek(data)
    if whole != len(data):
        raise AnswerTrailing(
            f"После подписи в ответе идут лишние данные (байт: {len(data) - whole}). "
            f"Передайте подпись без добавлений. {PROGRAM}"
        )
    outer = asn1_cms.ContentInfo.load(data, strict=True)
    if outer["content_type"].native != "signed_data":
        raise _unreadable()
    return outer["content"]


def _attributes(signer: asn1_cms.SignerInfo) -> bytes:
    attributes = signer["signed_attrs"]
    if isinstance(attributes, core.Void):
        raise AnswerIncomplete(
            "В подписи нет подписанных атрибутов: она не связана ни с документом, ни с "
            f"сертификатом. Нужна подпись CAdES-BES. {PROGRAM}"
        )
    raw: bytes = attributes.untag().dump()
    return raw


def _certificates(signed: asn1_cms.SignedData) -> tuple[Certificate, ...]:
    try:
        found = tuple(certificates.load(one.dump()) for one in cms.certificates_in(signed))
    except CertificateUnreadable as error:
        raise _unreadable() from error
    for one in found:
        _ = one.subject.hashable, one.issuer.hashable  # names nobody can compare are refused here
    return found


def _tokens(signer: asn1_cms.SignerInfo) -> Iterator[bytes]:
    for attribute in signer["unsigned_attrs"]:
        if attribute["type"].native == cms.TIMESTAMP_ATTRIBUTE:
            yield from der.split(attribute["values"].contents)


def _require_digest(named: cms.Identifiers, prescribed: Algorithm) -> None:
    digest_algorithm, signature_algorithm = named
    used = digest_algorithm["algorithm"].native
    for name in (used, _hash_of(signature_algorithm)):
        if name in WEAK:
            raise AnswerWeakDigest(
                f"Подпись сделана с хэшем {name}, он больше не считается надёжным. "
                f"Нужен {prescribed.digest}. {PROGRAM}"
            )
    if used != prescribed.digest:
        raise AnswerOtherDigest(
            f"Подпись сделана с хэшем {used}, а для этого документа назначен {prescribed.digest}. "
            f"{PROGRAM}"
        )


def _hash_of(signature: asn1_cms.SignedDigestAlgorithm) -> str | None:
    """Return the digest a signature algorithm names, if it names one."""
    try:
        name: str = signature.hash_algo
    except ValueError:
        return None
    return name


def _only(attributes: asn1_cms.CMSAttributes, kind: str, told: str) -> core.Asn1Value:
    """Return the only value of the only attribute of a kind (RFC 5652, 11)."""
    values = [value for one in attributes if one["type"].native == kind for value in one["values"]]
    if len(values) != 1:
        raise AnswerIncomplete(
            f"В подписи должен быть ровно один атрибут «{told}», а найдено: {len(values)}. "
            f"{PROGRAM}"
        )
    return values[0]


def _require_bound(attributes: asn1_cms.CMSAttributes, certificate: Certificate) -> None:
    """Require ESS signing-certificate-v2, or the older one, of this certificate (RFC 5035)."""
    kinds = {one["type"].native for one in attributes}
    kind = next((kind for kind in BINDINGS if kind in kinds), None)
    if kind is None:
        raise AnswerUnbound(
            "Подпись не связана с сертификатом: в ней нет атрибута signing-certificate-v2. "
            f"Нужна подпись CAdES-BES, а не простая CMS. {PROGRAM}"
        )
    bound = _only(attributes, kind, f"сертификат подписи ({kind})")["certs"][0]
    if not _is_of(bound, certificate):
        raise _foreign(certificate)


def _is_of(bound: tsp.ESSCertID | tsp.ESSCertIDv2, certificate: Certificate) -> bool:
    name = "sha1"  # the older attribute knows no other (RFC 5035, 5.4)
    if isinstance(bound, tsp.ESSCertIDv2):
        name = bound["hash_algorithm"]["algorithm"].native
        if name in WEAK:
            raise AnswerWeakDigest(
                f"Сертификат связан с подписью ненадёжным хэшем {name}. {PROGRAM}"
            )
    return bool(bound["cert_hash"].native == digests.digest(name, certificate.dump()))


def _foreign(certificate: Certificate) -> AnswerForeignCertificate:
    return AnswerForeignCertificate(
        "Документ подписан не тем сертификатом, с которым начато подписание "
        f"({certificates.serial(certificate)}). Начните заново и выберите тот же сертификат."
    )


def _unreadable() -> AnswerUnreadable:
    return AnswerUnreadable(
        "Ответ не читается как подпись CMS: он повреждён, обрезан или это не подпись. "
        "Нужна отсоединённая подпись в DER, PEM или base64."
    )
