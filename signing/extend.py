"""Making a signed file provable for longer: PAdES B-LTA, and again before its timestamp ages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms as asn1_cms
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp

from signing import document, fields
from signing.certificates import Certificate
from signing.errors import (
    DocumentUnreadable,
    SigningError,
    SigningRefused,
    TimestampUnavailable,
)
from signing.integrity import Found, signatures_in
from signing.suitability import Purpose
from signing.timing import TimestampSource, believed
from signing.tokens import Token
from signing.trust import Trust
from signing.validation_data import Evidence, evidence_in, with_evidence
from signing.verify import verify

DIGEST = "sha256"
ROOM_FOR_TIMESTAMP = 12288  # bytes, where the file has no token to guess by
SPARE = 1024  # bytes by which the next token may be longer than those before it


class ExtensionRefused(SigningRefused):
    """Nothing is signed, or what is signed cannot be proven today: more time would not help."""

    code = "extension-refused"
    title = "Продлить подпись нельзя"


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody whose certificate a file rests on, and since when it must have been good."""

    certificate: Certificate
    chain: tuple[Certificate, ...]
    moment: datetime
    purpose: Purpose
    end: int  # of the bytes of the file it speaks for


def extended(pdf: bytes, timestamper: TimestampSource, trust: Trust, at: datetime) -> bytes:
    """Return `pdf` as PAdES B-LTA (ETSI EN 319 142-1, 6.2.4); earlier signatures keep holding.

    Two revisions are appended: validation data (certificates, OCSP, CRLs) of every signer and
    timestamp that lacks some, then a document timestamp over all of it; after it, if the file has
    none yet, the data about the timestamp's own authority. Called again before the certificate of
    the last timestamp's authority ends, it renews: the older timestamp is proven by the newer
    one. `at` is now.

    Raises DocumentUnreadable, ExtensionRefused where nothing is signed or a signature cannot be
    proven any more, TimestampUnavailable, RevocationUnknown.
    """
    reports = verify(pdf, trust, at)
    doubtful = next((one for one in reports if one.valid is not True), None)
    if doubtful is not None:
        raise ExtensionRefused(
            f"Продлить нельзя: подпись в поле «{doubtful.field}» не подтверждается. "
            f"{doubtful.reason} Метка времени закрепила бы то, чего уже не доказать."
        )
    if not reports:
        raise ExtensionRefused("Продлевать нечего: документ не подписан.")
    with document.reading(fields.unreadable()):
        reader = document.reader(pdf)
        held = evidence_in(reader)
        found = signatures_in(reader, pdf)
        lacking = _lacking(found, pdf, held, trust, at)
        room = _room(found)
    proven = with_evidence(pdf, lacking) if lacking != Evidence() else pdf
    stamped, of_authority = _stamped(proven, room, timestamper, trust, at)
    rest = of_authority.without(held.joined(lacking))
    return with_evidence(stamped, rest) if rest != Evidence() else stamped


def _lacking(found: Found, pdf: bytes, held: Evidence, trust: Trust, at: datetime) -> Evidence:
    """Return the validation data that a file needs and does not hold.

    What a document timestamp covers already speaks for its time. Of what none covers yet, the
    state of today is asked for; if nobody tells, what the file holds must do.
    """
    covered = max((seal.end for seal in found.timestamps), default=0)
    gathered = held
    for witness in _witnesses(found, pdf, at):
        own = gathered.joined(Evidence(certificates=witness.chain))
        if witness.end < covered:
            trust.check_past(witness.certificate, witness.moment, own, witness.purpose)
        else:
            gathered = gathered.joined(_fresh(witness, own, trust, at))
    return gathered.without(held)


def _fresh(witness: Witness, own: Evidence, trust: Trust, at: datetime) -> Evidence:
    try:
        return trust.check(witness.certificate, own.certificates, at, witness.purpose)
    except SigningError:
        trust.check_past(witness.certificate, witness.moment, own, witness.purpose)
        return own


def _witnesses(found: Found, pdf: bytes, at: datetime) -> Iterator[Witness]:
    """Yield whose certificates a file rests on, the authorities of its timestamps among them."""
    for seal in found.people:
        if seal.claim is None:
            continue
        claim = seal.claim
        tokens = [_token(signed, claim.value) for signed in claim.timestamps()]
        yield from (_of_token(token, seal.end) for token in tokens if token)
        moment = min((token.time for token in tokens if token), default=at)
        yield Witness(claim.certificate, claim.others, moment, Purpose.SIGNING, seal.end)
    for seal in found.timestamps:
        if seal.signed is not None and seal.range is not None:
            token = _token(seal.signed, b"".join(seal.range.of(pdf)))
            if token is not None:
                yield _of_token(token, seal.end)


def _token(signed: asn1_cms.SignedData, stamped: bytes) -> Token | None:
    """Return the token if its seal holds; `verify` has found that enough of them do."""
    try:
        with document.reading(DocumentUnreadable("")):
            token = Token.read(signed, stamped)
    except DocumentUnreadable:
        return None
    return token if token.intact else None


def _of_token(token: Token, end: int) -> Witness:
    return Witness(token.certificate, token.chain, token.time, Purpose.TIMESTAMPING, end)


def _room(found: Found) -> int:
    """Return how many bytes the next token may take, guessed by the tokens before it."""
    sizes = [len(seal.signed.dump()) for seal in found.timestamps if seal.signed is not None]
    for seal in found.people:
        if seal.claim is not None:
            sizes += [len(signed.dump()) for signed in seal.claim.timestamps()]
    return max(sizes) + SPARE if sizes else ROOM_FOR_TIMESTAMP


def _stamped(
    pdf: bytes, room: int, timestamper: TimestampSource, trust: Trust, at: datetime
) -> tuple[bytes, Evidence]:
    """Return `pdf` with a document timestamp (RFC 3161, ISO 32000-2, 12.8.5), and its evidence."""
    with document.reading(fields.unreadable()):
        writer = document.writer(pdf)
        writer.register_extension(ESIC_EXTENSION_1)
        name = _free_name([name for name, _, _ in enumerate_sig_fields(writer)])
        embedding = PdfCMSEmbedder().write_cms(name, writer)
        next(embedding)
        placeholder = DocumentTimestamp(bytes_reserved=2 * room)
        embedding.send(SigObjSetup(sig_placeholder=placeholder))
        placed, output = embedding.send(SigIOSetup(md_algorithm=DIGEST))
    whole = output.getvalue()
    covered = whole[: placed.reserved_region_start] + whole[placed.reserved_region_end :]
    token = timestamper.token(covered)
    der = token.dump()
    if len(der) > room:
        if room >= ROOM_FOR_TIMESTAMP:
            raise _too_long(len(der))
        return _stamped(pdf, ROOM_FOR_TIMESTAMP, timestamper, trust, at)
    _, evidence = believed(der, covered, trust, at)
    embedding.send(token)
    return output.getvalue(), evidence


def _free_name(taken: Iterable[str]) -> str:
    names = set(taken)
    number = 1
    while f"timestamp-{number}" in names:
        number += 1
    return f"timestamp-{number}"


def _too_long(size: int) -> TimestampUnavailable:
    return TimestampUnavailable(
        f"Метка времени на документ занимает {size} байт, а места для неё {ROOM_FOR_TIMESTAMP}. "
        "Сообщите администратору: служба меток времени прислала слишком длинный ответ."
    )
