"""Who signed a document, when, and does it hold: every signature judged, none believed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing import certificates, document, fields, verdicts
from signing.certificates import Certificate
from signing.fields import Lock
from signing.integrity import Found, Integrity, after, allows_what_follows, bytes_of, signatures_in
from signing.judging import Bench, Judgement, Stamped, claimed_time
from signing.reports import Coverage, Level, SignatureReport, Signer, TimeSource
from signing.revisions import Appended
from signing.trust import Trust
from signing.validation_data import evidence_in

AFTER_LAST = {
    Appended.NOTHING: Coverage.WHOLE_FILE,
    Appended.EVIDENCE: Coverage.EVIDENCE_FOLLOWS,
    Appended.CHANGES: Coverage.CHANGES_FOLLOW,
}


def verify(pdf: bytes, trust: Trust, at: datetime) -> tuple[SignatureReport, ...]:
    """Judge every signature of `pdf` as of `at`; in signing order, unreadable ones last.

    Evidence inside the file is used first; only what it lacks is asked over HTTP. A document
    without signatures gives an empty tuple. Raises DocumentUnreadable.
    """
    with document.reading(fields.unreadable()):
        return _verified(pdf, trust, at)


def _verified(pdf: bytes, trust: Trust, at: datetime) -> tuple[SignatureReport, ...]:
    reader = document.reader(pdf)
    found = signatures_in(reader)
    locks = {lock.by: lock for lock in fields.locks_in(reader)}
    bench = Bench(trust, evidence_in(reader), at)
    stamps = bench.document_timestamps(pdf, found.timestamps)
    reports = []
    for signature, (integrity, coverage) in zip(
        found.people, _examined(found, len(pdf)), strict=True
    ):
        try:
            judgement = _heard(bench, signature, integrity, stamps)
            reports.append(_report(signature, integrity, coverage, judgement, locks))
        except document.UNREADABLE:
            reports.append(_garbled(signature.field_name))
    return (*reports, *(_garbled(name) for name in found.garbled))


def _heard(
    bench: Bench,
    signature: EmbeddedPdfSignature,
    integrity: Integrity,
    stamps: tuple[Stamped, ...],
) -> Judgement:
    """Judge the signer if the bytes hold; nobody's word matters where they do not."""
    if integrity is Integrity.UNBROKEN:
        return bench.judge(signature, stamps)
    claimed = claimed_time(signature)
    source = TimeSource.CLAIMED if claimed else TimeSource.UNKNOWN
    return Judgement(verdicts.on_bytes(integrity), Level.B_B, claimed, source)


def _examined(found: Found, size: int) -> list[tuple[Integrity, Coverage]]:
    """Judge the bytes under people's signatures; two looks at what follows must both agree."""
    if not found.people:
        return []
    last = found.people[-1]
    examined: list[tuple[Integrity, Coverage]] = []
    for signature in found.people:
        integrity = bytes_of(signature, size)
        if integrity is not Integrity.UNBROKEN:
            examined.append((integrity, Coverage.UNCLEAR))
            continue
        coverage = AFTER_LAST[after(last, size)]
        if coverage is Coverage.CHANGES_FOLLOW or not allows_what_follows(signature):
            examined.append((Integrity.CHANGED_LATER, Coverage.CHANGES_FOLLOW))
        else:
            follows = coverage if signature is last else Coverage.SIGNATURES_FOLLOW
            examined.append((Integrity.UNBROKEN, follows))
    return examined


def _report(
    signature: EmbeddedPdfSignature,
    integrity: Integrity,
    coverage: Coverage,
    judgement: Judgement,
    locks: Mapping[str, Lock],
) -> SignatureReport:
    lock = locks[signature.field_name]
    return SignatureReport(
        field=signature.field_name,
        signer=_signer(signature.signer_cert),
        level=judgement.level,
        signed_at=judgement.time,
        signed_at_source=judgement.source,
        intact=integrity in (Integrity.UNBROKEN, Integrity.CHANGED_LATER),
        valid=judgement.verdict.valid,
        code=judgement.verdict.code,
        reason=judgement.verdict.reason,
        coverage=coverage,
        certifies=lock.certifies,
        locks=lock.whole,
    )


def _garbled(name: str) -> SignatureReport:
    return SignatureReport(
        field=name,
        signer=None,
        level=Level.B_B,
        signed_at=None,
        signed_at_source=TimeSource.UNKNOWN,
        intact=False,
        valid=False,
        code=Integrity.VALUE_BROKEN.value,
        reason="Подпись повреждена: её содержимое не читается.",
        coverage=Coverage.UNCLEAR,
        certifies=False,
        locks=False,
    )


def _signer(certificate: Certificate) -> Signer:
    return Signer(
        name=certificates.owner(certificate),
        serial=certificates.serial(certificate),
        issuer=certificates.issuer(certificate),
        valid_from=certificates.valid_from(certificate),
        valid_until=certificates.valid_until(certificate),
        test=certificates.is_test(certificate),
    )
