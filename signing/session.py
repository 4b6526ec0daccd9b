"""Signing in three steps (prepare, sign elsewhere, embed), so that the key never comes here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from asn1crypto import cms as asn1_cms
from pyhanko.pdf_utils.form_tools import annot_width_height, get_single_field_annot
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigIOSetup,
    SigMDPSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from signing import certificates, cms, document, fields
from signing.algorithms import algorithm_of
from signing.certificates import Certificate
from signing.errors import (
    SigningRefused,
    TimestampUnavailable,
    ValueMismatch,
)
from signing.integrity import require_unbroken
from signing.keys import Key
from signing.prepared import Prepared, State, altered
from signing.stamp import Stamp
from signing.suitability import Purpose, require_current, require_usage
from signing.tokens import Token
from signing.trust import Trust
from signing.validation_data import Evidence, with_evidence

ROOM_FOR_VALUE = 2048  # the value, the attributes and the DER around them
ROOM_FOR_TIMESTAMP = 12288


class TimestampSource(Protocol):
    """Whoever gives a timestamp token over bytes."""

    def token(self, value: bytes) -> asn1_cms.ContentInfo:
        """Return a token over `value`, or raise TimestampUnavailable."""


def prepare(
    pdf: bytes,
    field: str,
    certificate: Certificate,
    chain: Iterable[Certificate],
    *,
    stamp: Stamp | None,
    at: datetime,
) -> Prepared:
    """Make `pdf` ready to be signed in `field` by the owner of `certificate`.

    The first signature certifies the document and lets the other fields be filled (DocMDP 2),
    unless its field has a /Lock; a field with a /Lock locks what it says. `chain` is the issuers of
    the certificate in any order. `stamp` None leaves a visible field empty-looking. `at` is now.

    Raises FieldMissing, FieldSigned, DocumentLocked, SignatureBroken, DocumentUnreadable,
    WrongKeyUsage, CertificateExpired, CertificateNotYetValid, KeyUnsupported.
    """
    algorithm = algorithm_of(certificate)
    require_usage(certificate, Purpose.SIGNING)
    require_current(certificate, at)
    issuers = certificates.issuers_of(certificate, chain)
    require_unbroken(pdf)
    with document.reading(fields.unreadable()):
        writer = document.writer(pdf)
        fields.require_signable(writer, field)
        certify = not any(enumerate_sig_fields(writer, filled_status=True))
        writer.register_extension(ESIC_EXTENSION_1)
        embedding = PdfCMSEmbedder().write_cms(field, writer, existing_fields_only=True)
        target = next(embedding).get_object()
        _draw(writer, target, certificate, stamp)
        embedding.send(
            SigObjSetup(
                sig_placeholder=SignatureObject(
                    timestamp=at,
                    subfilter=SigSeedSubFilter.PADES,
                    bytes_reserved=2 * _room(certificate, issuers),
                ),
                mdp_setup=_permissions(target, certify, algorithm.digest),
            )
        )
        placed, output = embedding.send(SigIOSetup(md_algorithm=algorithm.digest))
    attributes = cms.attributes(placed.document_digest, certificate, algorithm)
    return Prepared(
        pdf=output.getvalue(),
        to_sign=attributes,
        state=State(
            start=placed.reserved_region_start,
            end=placed.reserved_region_end,
            attributes=attributes,
            certificate=certificate,
            chain=issuers,
        ).dumped(),
    )


def embed(
    prepared_pdf: bytes,
    state: bytes,
    value: bytes,
    *,
    timestamper: TimestampSource | None,
    trust: Trust,
    at: datetime,
) -> bytes:
    """Put `value` into the prepared file and return the signed document. `at` is now.

    The value must fit the file and the announced certificate, and the certificate must be good
    now. With a timestamper the signature carries its time and all that later proves it (PAdES
    B-LT); without one it is B-B with the evidence beside it.

    Raises PreparedAltered, ValueMismatch, whatever `Trust.check` raises, TimestampUnavailable.
    """
    held = State.load(state)
    algorithm = algorithm_of(held.certificate)
    digest = held.digest_of(prepared_pdf, algorithm.digest)
    parts = (held.attributes, value, held.certificate, held.chain, algorithm)
    container = cms.assemble(*parts)
    signer = asn1_cms.ContentInfo.load(container)["content"]["signer_infos"][0]
    intact, valid = cms.holds(signer, held.certificate, digest)
    if not intact:
        raise altered()
    if not valid:
        raise ValueMismatch(
            "Значение подписи не подходит: подписан другой документ либо использован другой ключ, "
            f"не тот, что у сертификата {certificates.serial(held.certificate)}. "
            "Начните подписание заново и выберите тот же сертификат."
        )
    evidence = trust.check(held.certificate, held.chain, at)
    if timestamper is not None:
        token = timestamper.token(value).dump()
        seen = asn1_cms.ContentInfo.load(token)
        evidence = evidence.joined(_believed(seen, value, held.certificate, trust, at))
        container = cms.assemble(*parts, token)
    return with_evidence(held.filled(prepared_pdf, container), evidence)


def sign(
    pdf: bytes,
    field: str,
    key: Key,
    *,
    stamp: Stamp | None,
    timestamper: TimestampSource | None,
    trust: Trust,
    at: datetime,
) -> bytes:
    """Return `pdf` with one more signature, made with `key`; earlier ones keep holding."""
    prepared = prepare(pdf, field, key.certificate, key.chain, stamp=stamp, at=at)
    value = key.sign(prepared.to_sign)
    return embed(prepared.pdf, prepared.state, value, timestamper=timestamper, trust=trust, at=at)


def _room(certificate: Certificate, chain: Iterable[Certificate]) -> int:
    held = sum(len(item.dump()) for item in (certificate, *chain))
    return held + ROOM_FOR_VALUE + ROOM_FOR_TIMESTAMP


def _draw(
    writer: IncrementalPdfFileWriter,
    field: DictionaryObject,
    certificate: Certificate,
    stamp: Stamp | None,
) -> None:
    widget = get_single_field_annot(field)
    width, height = annot_width_height(widget)
    if stamp is None or not width or not height:
        return
    mark = stamp.draw(writer, certificate, float(width), float(height))
    widget[document.name("AP")] = document.dictionary(N=mark)
    writer.update_container(widget)


def _permissions(field: DictionaryObject, certify: bool, digest: str) -> SigMDPSetup:
    locked, permission = fields.field_lock(field)
    if locked is None and certify:
        return SigMDPSetup(digest, certify=True, docmdp_perms=MDPPerm.FILL_FORMS)
    return SigMDPSetup(digest, field_lock=locked, docmdp_perms=permission)


def _believed(
    token: asn1_cms.ContentInfo,
    value: bytes,
    certificate: Certificate,
    trust: Trust,
    at: datetime,
) -> Evidence:
    doubtful = TimestampUnavailable(
        "Служба меток времени прислала метку, которой нельзя верить. Подпись не поставлена; "
        "проверьте адрес службы и её корневой сертификат в настройках."
    )
    with document.reading(doubtful):
        read = Token.read(token["content"], value)
    if not read.intact:
        raise doubtful
    require_current(certificate, read.time)
    try:
        return trust.check(read.certificate, read.chain, at, Purpose.TIMESTAMPING)
    except SigningRefused as error:
        raise doubtful from error
