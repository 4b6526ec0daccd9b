"""Signing in three steps (prepare, sign elsewhere, embed), so that the key never comes here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

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
from signing.answers import Answer, RawValue, accepted
from signing.certificates import Certificate
from signing.integrity import require_unbroken
from signing.keys import Key
from signing.prepared import Prepared, State
from signing.stamp import Stamp
from signing.suitability import Purpose, require_current, require_usage
from signing.timing import TimestampSource, stamped
from signing.trust import Trust
from signing.validation_data import with_evidence

__all__ = ["TimestampSource", "embed", "prepare", "sign"]

ROOM_FOR_ANSWER = 6144  # the value, a client's attributes, an issuer we were not told of, DER
ROOM_FOR_TIMESTAMP = 12288


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
        document_digest=placed.document_digest,
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
    answer: bytes | Answer,
    *,
    timestamper: TimestampSource | None,
    trust: Trust,
    at: datetime,
) -> bytes:
    """Put an answer into the prepared file and return the signed document. `at` is now.

    The answer is a raw value (bytes, or RawValue) over `Prepared.to_sign`, or a Container: a whole
    CMS made over `Prepared.document_digest`; see `signing.answers` for formats. It must fit the
    file and the announced certificate, and the certificate must be good now. With a timestamper
    the signature carries its time and all that later proves it (PAdES B-LT, ETSI EN 319 142-1);
    a believable timestamp the client's CMS brings is kept instead. Without either it is B-B with
    the evidence beside it. Whatever is refused, the prepared file serves the next try.

    Raises PreparedAltered, whatever `answers.accepted` and `Trust.check` raise, AnswerTooLarge,
    TimestampUnavailable.
    """
    held = State.load(state)
    algorithm = algorithm_of(held.certificate)
    taken = accepted(
        RawValue(answer) if isinstance(answer, bytes) else answer,
        document_digest=held.require_digest(prepared_pdf, algorithm.digest),
        attributes=held.attributes,
        certificate=held.certificate,
        chain=held.chain,
        algorithm=algorithm,
    )
    held.require_room(taken.container())
    evidence = trust.check(taken.certificate, taken.chain, at)
    tokens, of_tokens = stamped(taken, timestamper, trust, at)
    container = taken.container(*tokens)
    return with_evidence(held.filled(prepared_pdf, container), evidence.joined(of_tokens))


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
    return held + ROOM_FOR_ANSWER + ROOM_FOR_TIMESTAMP


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
