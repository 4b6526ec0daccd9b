"""Whether a signature's bytes hold: the digest, the value, and what was appended afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signing import cms, document, fields
from signing.errors import SignatureBroken
from signing.revisions import Appended, appended


class Integrity(StrEnum):
    """What became of the bytes a signature covers."""

    UNBROKEN = "unbroken"
    CUT = "cut"
    ALTERED = "altered"
    VALUE_BROKEN = "value-broken"
    PARTIAL = "partial"
    CHANGED_LATER = "changed-later"


@dataclass(frozen=True, slots=True)
class Found:
    """The signatures of a file, in signing order."""

    people: tuple[EmbeddedPdfSignature, ...]
    timestamps: tuple[EmbeddedPdfSignature, ...]  # over the whole document
    garbled: tuple[str, ...]  # fields whose signature cannot even be read


def signatures_in(reader: PdfFileReader) -> Found:
    """Return what is signed in an open file; one garbled signature does not hide the others."""
    readable, garbled = [], []
    for signed in fields.signed_in(reader):
        try:
            signature = EmbeddedPdfSignature(reader, signed.field, signed.name)
            _ = signature.signer_cert, signature.external_md_algorithm
            readable.append(signature)
        except document.UNREADABLE:
            garbled.append(signed.name)
    readable.sort(key=lambda signature: signature.signed_revision)
    timestamps = [s for s in readable if s.sig_object_type == fields.DOCUMENT_TIMESTAMP]
    people = [s for s in readable if s.sig_object_type != fields.DOCUMENT_TIMESTAMP]
    return Found(tuple(people), tuple(timestamps), tuple(garbled))


def end_of(signature: EmbeddedPdfSignature) -> int:
    """Return the offset just after the last byte a signature covers."""
    _, _, start, length = (int(part) for part in signature.byte_range)
    return start + length


def bytes_of(signature: EmbeddedPdfSignature, size: int) -> Integrity:
    """Judge what one signature covers in a file of `size` bytes; later revisions are not judged."""
    if not covers_revision(signature):
        return Integrity.CUT if end_of(signature) > size else Integrity.PARTIAL
    digest = signature.compute_digest()
    try:
        intact, valid = cms.holds(signature.signer_info, signature.signer_cert, digest)
    except document.UNREADABLE:
        return Integrity.VALUE_BROKEN
    if not valid or not cms.only_padding_follows(signature.pkcs7_content):
        return Integrity.VALUE_BROKEN
    return Integrity.UNBROKEN if intact else Integrity.ALTERED


def covers_revision(signature: EmbeddedPdfSignature) -> bool:
    """Return whether a signature covers everything up to the end of its own revision."""
    if len(signature.byte_range) != len(("start", "length")) * 2:
        return False
    return bool(signature.evaluate_signature_coverage() >= SignatureCoverageLevel.ENTIRE_REVISION)


def allows_what_follows(signature: EmbeddedPdfSignature) -> bool:
    """Return whether a signature allows everything appended after it (by pyHanko's rules)."""
    signature.compute_integrity_info()
    return bool(signature.summarise_integrity_info()["docmdp_ok"])


def after(signature: EmbeddedPdfSignature, size: int) -> Appended:
    """Judge, by our own rules, what follows `signature`, the last one of a person."""
    return appended(signature.reader, signature.signed_revision, since=end_of(signature), size=size)


def require_unbroken(pdf: bytes) -> None:
    """Raise SignatureBroken if an earlier signature does not hold: nobody should add to that."""
    with document.reading(fields.unreadable()):
        found = signatures_in(document.reader(pdf))
        broken = [
            *found.garbled,
            *(
                signature.field_name
                for signature in found.people
                if bytes_of(signature, len(pdf)) is not Integrity.UNBROKEN
            ),
        ]
        if not broken and found.people and after(found.people[-1], len(pdf)) is Appended.CHANGES:
            broken = [found.people[-1].field_name]
    if broken:
        raise SignatureBroken(
            f"Подпись в поле «{broken[0]}» нарушена: документ изменён после неё. "
            "Подписывать такой документ нельзя; выпустите новую версию."
        )
