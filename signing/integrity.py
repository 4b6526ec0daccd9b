"""Whether a signature's bytes hold: the range, the digest, the value, and what was appended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial

from asn1crypto import cms as asn1_cms
from pyhanko.pdf_utils.generic import DictionaryObject, PdfObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signing import byte_ranges, claims, cms, digests, document, fields
from signing.byte_ranges import ByteRange, RangeFault, RangeRefused
from signing.claims import Claim
from signing.errors import (
    DocumentTooComplex,
    DocumentUnreadable,
    GostNotInstalled,
    KeyUnsupported,
    SignatureBroken,
    SigningError,
)
from signing.revisions import Appended, Sequel, sequel

MOST_SIGNATURES = 128  # document timestamps among them
MOST_PEOPLE = 16
FORMATS = ("/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "/ETSI.RFC3161")


class Integrity(StrEnum):
    """What became of the bytes a signature covers."""

    UNBROKEN = "unbroken"
    UNKNOWN = "unknown"  # an algorithm we do not have
    RANGE_UNREADABLE = RangeFault.UNREADABLE.value
    RANGE_PARTS = RangeFault.PARTS.value
    RANGE_NEGATIVE = RangeFault.NEGATIVE.value
    RANGE_LATE_START = RangeFault.LATE_START.value
    RANGE_OVERLAP = RangeFault.OVERLAP.value
    RANGE_GAP = RangeFault.GAP.value
    CUT = RangeFault.CUT.value
    PARTIAL = "partial"
    FORMAT_UNKNOWN = "format-unknown"
    CONTAINER_UNREADABLE = "container-unreadable"
    CERTIFICATE_MISSING = "signer-certificate-missing"
    GAP_USED = "gap-used"
    VALUE_BROKEN = "value-broken"
    ALTERED = "altered"
    SWAPPED = "signature-swapped"
    SHARED = "signature-shared"
    DIGEST_WEAK = "digest-weak"


@dataclass(frozen=True, slots=True)
class Seal:
    """A filled signature field of a file: where its bytes are, what it claims, does it hold.

    `claim` and `range` are None where they cannot be read; `integrity` then says why.
    """

    name: str
    signature: EmbeddedPdfSignature | None
    claim: Claim | None
    signed: asn1_cms.SignedData | None
    range: ByteRange | None
    integrity: Integrity
    timestamp: bool
    trouble: SigningError | None = None  # why it cannot be found out whether the value holds

    @property
    def end(self) -> int:
        """The offset just after the last byte it covers; 0 if it covers nothing for sure."""
        return self.range.end if self.range else 0

    @property
    def revision(self) -> int:
        """The number of the revision it was put in, from 0; of an unreadable one none is known."""
        return int(self.signature.signed_revision) if self.signature else -1


@dataclass(frozen=True, slots=True)
class Found:
    """The signatures of a file, in signing order, the unreadable last."""

    people: tuple[Seal, ...]
    timestamps: tuple[Seal, ...]  # over the whole document


def signatures_in(reader: PdfFileReader, pdf: bytes) -> Found:
    """Return what is signed in the open file `pdf`; one garbled signature hides no other.

    Raises DocumentTooComplex.
    """
    filled = list(fields.signed_in(reader))
    if len(filled) > MOST_SIGNATURES or sum(not one.is_timestamp for one in filled) > MOST_PEOPLE:
        raise DocumentTooComplex(
            f"В файле {len(filled)} подписей и меток времени: столько не проверяется. "
            "Возьмите исходный файл из архива."
        )
    seals = [_seal(reader, signed, pdf) for signed in filled]
    seals.sort(key=lambda one: (one.signature is None, one.revision))
    people = _compared([one for one in seals if not one.timestamp], pdf)
    return Found(tuple(people), tuple(one for one in seals if one.timestamp))


def last_of(found: Found) -> Seal | None:
    """Return the last person's signature that can be placed in the file at all."""
    return next((one for one in reversed(found.people) if one.range is not None), None)


def after(reader: PdfFileReader, seal: Seal, pdf: bytes) -> Sequel:
    """Judge, by our own rules, what follows a readable signature."""
    return sequel(reader, seal.revision, since=seal.end, pdf=pdf)


def allows_what_follows(signature: EmbeddedPdfSignature) -> bool:
    """Return whether a signature allows everything appended after it (by pyHanko's rules).

    A file too tangled to be looked through is not allowed anything.
    """
    try:
        signature.compute_integrity_info()
        return bool(signature.summarise_integrity_info()["docmdp_ok"])
    except document.UNREADABLE:
        return False


def require_unbroken(pdf: bytes) -> None:
    """Raise SignatureBroken if an earlier signature does not hold: nobody should add to that."""
    with document.reading(fields.unreadable()):
        reader = document.reader(pdf)
        found = signatures_in(reader, pdf)
        broken = [one.name for one in found.people if one.integrity is not Integrity.UNBROKEN]
        last = last_of(found)
        if not broken and last and after(reader, last, pdf).appended is Appended.CHANGES:
            broken = [last.name]
    if broken:
        raise SignatureBroken(
            f"Подпись в поле «{broken[0]}» нарушена: документ изменён после неё. "
            "Подписывать такой документ нельзя; выпустите новую версию."
        )


def digest_of(range_: ByteRange, pdf: bytes, algorithm: str) -> bytes:
    """Return the digest over the bytes a range covers."""
    digest = digests.new(algorithm)
    for stretch in range_.of(pdf):
        digest.update(stretch)
    return digest.digest()


def _seal(reader: PdfFileReader, signed: fields.Signed, pdf: bytes) -> Seal:
    name = f"{signed.name}"

    def broken(why: Integrity, range_: ByteRange | None = None) -> Seal:
        return Seal(name, None, None, None, range_, why, signed.is_timestamp)

    contents = _contents(signed.value)
    if contents is None:
        return broken(Integrity.CONTAINER_UNREADABLE)
    said: PdfObject | None = None
    if "/ByteRange" in signed.value:
        said = signed.value["/ByteRange"]
    try:
        range_ = byte_ranges.read(said, pdf, contents)
    except RangeRefused as refused:
        return broken(Integrity(refused.fault.value))
    if signed.value.get("/SubFilter") not in FORMATS:
        return broken(Integrity.FORMAT_UNKNOWN)
    try:
        with document.reading(DocumentUnreadable("")):
            signature = EmbeddedPdfSignature(reader, signed.field, name)
            container = signature.signed_data
            (claim,) = claims.claims_in(container)
            claim = claim and replace(claim, said_time=claim.said_time or _said(signature))
    except DocumentUnreadable:
        return broken(Integrity.CONTAINER_UNREADABLE)
    whole = Seal(name, signature, claim, container, range_, Integrity.UNBROKEN, signed.is_timestamp)
    return whole if signed.is_timestamp else _judged(whole, pdf)


def _said(signature: EmbeddedPdfSignature) -> datetime | None:
    """Return the time the signer's own clock showed, if /M says one with an offset."""
    try:
        said = signature.self_reported_timestamp
    except document.UNREADABLE:
        return None
    return said if said is not None and said.tzinfo is not None else None


def _contents(value: DictionaryObject) -> bytes | None:
    """Return the bytes of /Contents if there are any."""
    held = value.get("/Contents")
    original: bytes = getattr(held, "original_bytes", b"")
    return original or None


def _judged(seal: Seal, pdf: bytes) -> Seal:
    """Return the signature with what its bytes are found to be; later revisions are not judged."""
    try:
        return replace(seal, integrity=_bytes_of(seal, pdf))
    except (GostNotInstalled, KeyUnsupported) as trouble:
        return replace(seal, integrity=Integrity.UNKNOWN, trouble=trouble)


def _bytes_of(seal: Seal, pdf: bytes) -> Integrity:
    claim, range_, signature = seal.claim, seal.range, seal.signature
    if claim is None or range_ is None or signature is None:
        return Integrity.CERTIFICATE_MISSING
    if not covers_revision(signature):
        return Integrity.PARTIAL
    found = of_content(claim, partial(digest_of, range_, pdf))
    if found is not Integrity.VALUE_BROKEN and not cms.only_padding_follows(
        signature.pkcs7_content
    ):
        return Integrity.GAP_USED
    return found


def of_content(claim: Claim, digest: Callable[[str], bytes]) -> Integrity:
    """Judge a signature by the digest of what it should be over, given by an algorithm's name.

    Raises GostNotInstalled or KeyUnsupported if that cannot be found out.
    """
    try:
        with document.reading(DocumentUnreadable("")):
            intact, valid = claim.holds(digest(claim.digest))
    except DocumentUnreadable:
        return Integrity.VALUE_BROKEN
    if not valid:
        return Integrity.VALUE_BROKEN
    if not intact:
        return Integrity.ALTERED
    return Integrity.DIGEST_WEAK if claim.weak else Integrity.UNBROKEN


def covers_revision(signature: EmbeddedPdfSignature) -> bool:
    """Return whether a signature covers everything up to the end of its own revision."""
    return bool(signature.evaluate_signature_coverage() >= SignatureCoverageLevel.ENTIRE_REVISION)


def _compared(seals: Sequence[Seal], pdf: bytes) -> Iterator[Seal]:
    """Yield the signatures, those named that stand in a place of another."""
    ranges = [one.range for one in seals if one.range is not None]
    for seal in seals:
        if seal.range is not None and ranges.count(seal.range) > 1:
            yield replace(seal, integrity=Integrity.SHARED)
        elif seal.integrity is Integrity.ALTERED and seal.claim and _fits(seal.claim, seals, pdf):
            yield replace(seal, integrity=Integrity.SWAPPED)
        else:
            yield seal


def _fits(claim: Claim, others: Sequence[Seal], pdf: bytes) -> bool:
    """Return whether a signature is over the bytes of another field's range."""
    return any(
        digest_of(other.range, pdf, claim.digest) == claim.message_digest
        for other in others
        if other.range is not None and other.claim is not claim
    )
