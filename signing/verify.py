"""Who signed a document, when, and does it hold: every signature judged, none believed."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from asn1crypto import cms as asn1_cms
from asn1crypto import pem
from pyhanko.pdf_utils.reader import PdfFileReader

from signing import document, fields, signed_data, verdicts
from signing.claims import Claim, claims_in
from signing.errors import (
    DigestUnknown,
    DocumentTooComplex,
    DocumentUnreadable,
    GostNotInstalled,
    KeyUnsupported,
)
from signing.fields import Lock
from signing.integrity import (
    MOST_PEOPLE,
    Found,
    Integrity,
    Seal,
    after,
    allows_what_follows,
    covers_revision,
    last_of,
    of_content,
    signatures_in,
)
from signing.judging import Bench, Stamped
from signing.reporting import report, unjudged, unread
from signing.reports import Change, ChangeKind, Coverage, Extent, SignatureReport
from signing.revisions import Appended, Sequel
from signing.trust import Trust
from signing.validation_data import Evidence, evidence_in
from signing.verdicts import GOOD, Verdict

FOLLOWS = {
    Appended.NOTHING: Coverage.WHOLE_FILE,
    Appended.EVIDENCE: Coverage.EVIDENCE_FOLLOWS,
    Appended.SIGNATURES: Coverage.SIGNATURES_FOLLOW,
    Appended.CHANGES: Coverage.CHANGES_FOLLOW,
}
SEQUENCE = b"\x30"
INTACT = frozenset({Integrity.UNBROKEN, Integrity.DIGEST_WEAK})


def verify(pdf: bytes, trust: Trust, at: datetime) -> tuple[SignatureReport, ...]:
    """Judge every signature of `pdf` as of `at`; in signing order, unreadable ones last.

    Evidence inside the file is used first; only what it lacks is asked over HTTP. A document
    without signatures gives an empty tuple. Raises DocumentUnreadable, DocumentEncrypted,
    DocumentTooComplex.
    """
    with document.reading(fields.unreadable()):
        reader = document.reader(pdf)
        return tuple(_verified(reader, pdf, trust, at))


def verify_detached(
    p7s: bytes, content: Callable[[str], bytes], trust: Trust, at: datetime
) -> tuple[SignatureReport, ...]:
    """Judge every signature of a detached CMS or CAdES `p7s` (RFC 5652) as of `at`.

    `p7s` is DER, BER, PEM or base64; `content` gives the digest of what was signed by the name of
    an algorithm (see `detached.digest_of`). Validation data inside is used first. Raises
    SignaturesUnreadable.
    """
    signed = signed_data.read(_decoded(p7s))
    if len(signed["signer_infos"]) > MOST_PEOPLE:
        raise DocumentTooComplex(
            f"В файле подписи больше {MOST_PEOPLE} подписей: столько не проверяется."
        )
    bench = Bench(trust, Evidence(), at)
    with document.reading(signed_data.unreadable()):
        return tuple(
            _of_signer(bench, f"{number}", claim, content)
            for number, claim in enumerate(claims_in(signed), start=1)
        )


def _of_signer(
    bench: Bench, name: str, claim: Claim | None, content: Callable[[str], bytes]
) -> SignatureReport:
    if claim is None:
        return unread(name, verdicts.on_bytes(Integrity.CERTIFICATE_MISSING))
    return _heard(bench, name, claim, _on_content(claim, content), ())


def _decoded(p7s: bytes) -> bytes:
    """Return the DER or BER of what may be PEM or base64; what is neither is left as it is."""
    if p7s[:1] == SEQUENCE:
        return p7s
    try:
        with document.reading(DocumentUnreadable("")):
            if pem.detect(p7s):
                return bytes(pem.unarmor(p7s)[2])
            return base64.b64decode(b"".join(p7s.split()), validate=True)
    except DocumentUnreadable:
        return p7s


def _on_content(claim: Claim, content: Callable[[str], bytes]) -> Verdict:
    try:
        integrity = of_content(claim, content)
    except (DigestUnknown, GostNotInstalled, KeyUnsupported) as trouble:
        return verdicts.on_trouble(trouble)
    return GOOD if integrity is Integrity.UNBROKEN else verdicts.on_bytes(integrity)


def _verified(
    reader: PdfFileReader, pdf: bytes, trust: Trust, at: datetime
) -> Iterator[SignatureReport]:
    found = signatures_in(reader, pdf)
    locks = {lock.by: lock for lock in fields.locks_in(reader)}
    bench = Bench(trust, _evidence(reader), at)
    stamps = bench.document_timestamps(_tokens(found, pdf))
    sequels = _sequels(reader, found, locks, pdf)
    for seal in found.people:
        if seal.claim is None:
            yield unread(seal.name, verdicts.on_bytes(seal.integrity))
            continue
        sequel = sequels.get(seal.name)
        verdict = _on_file(seal, sequel)
        covered = [one for one in stamps if one.covers > seal.end]
        yield replace(
            _heard(bench, seal.name, seal.claim, verdict, covered, seal.end),
            intact=seal.integrity in INTACT,
            coverage=FOLLOWS[sequel.appended] if sequel else Coverage.UNCLEAR,
            changes=sequel.changes if sequel else (),
            extent=_extent(reader, seal, pdf),
            certifies=locks[seal.name].certifies,
            locks=locks[seal.name].whole,
        )


def _evidence(reader: PdfFileReader) -> Evidence:
    """Return what the file brings along; what does not read as evidence is none."""
    try:
        return evidence_in(reader)
    except document.UNREADABLE:
        return Evidence()


def _heard(
    bench: Bench,
    name: str,
    claim: Claim,
    verdict: Verdict,
    stamps: Iterable[Stamped],
    end: int | None = None,
) -> SignatureReport:
    """Judge the signer if the bytes hold; nobody's word matters where they do not."""
    if verdict.valid is not True:
        return report(name, claim, unjudged(claim, verdict), intact=False)
    try:
        judgement = bench.judge(claim, stamps, end)
    except document.UNREADABLE:
        return unread(name, verdicts.on_bytes(Integrity.CONTAINER_UNREADABLE))
    return report(name, claim, judgement, intact=True, coverage=Coverage.WHOLE_FILE)


def _on_file(seal: Seal, sequel: Sequel | None) -> Verdict:
    if seal.trouble is not None:
        return verdicts.on_trouble(seal.trouble)
    if seal.integrity not in INTACT or sequel is None:
        return verdicts.on_bytes(seal.integrity)
    if sequel.appended is Appended.CHANGES:
        return verdicts.on_changes(sequel.changes)
    return GOOD if seal.integrity is Integrity.UNBROKEN else verdicts.on_bytes(seal.integrity)


def _sequels(
    reader: PdfFileReader, found: Found, locks: Mapping[str, Lock], pdf: bytes
) -> dict[str, Sequel]:
    """Return what follows each unbroken signature; what it does not allow is named a change.

    Our own rules decide. What they do not know (other products add fields of their own between
    two signatures) is left to pyHanko's, but never after the last signature.
    """
    last = last_of(found)
    ending = after(reader, last, pdf) if last else Sequel(Appended.NOTHING)
    sequels = {}
    for seal in found.people:
        if seal.integrity not in INTACT or seal.signature is None:
            continue
        sequel = ending if seal is last else after(reader, seal, pdf)
        if ending.appended is Appended.CHANGES:
            sequel = replace(sequel, appended=Appended.CHANGES, changes=ending.changes)
        elif sequel.appended is Appended.CHANGES and seal is not last:
            if allows_what_follows(seal.signature):
                sequel = Sequel(Appended.SIGNATURES, sequel.filled)
        elif any(locks[seal.name].covers(name) for name in sequel.filled):
            sequel = replace(sequel, appended=Appended.CHANGES, changes=_forbidden(sequel))
        sequels[seal.name] = sequel
    return sequels


def _forbidden(sequel: Sequel) -> tuple[Change, ...]:
    return tuple(Change(ChangeKind.FIELD, f"поле подписи «{name}»") for name in sequel.filled)


def _tokens(found: Found, pdf: bytes) -> Iterator[tuple[asn1_cms.SignedData, bytes, int]]:
    for seal in found.timestamps:
        if seal.signature is None or seal.range is None or not covers_revision(seal.signature):
            continue
        yield seal.signed, b"".join(seal.range.of(pdf)), seal.end


def _extent(reader: PdfFileReader, seal: Seal, pdf: bytes) -> Extent | None:
    if seal.range is None:
        return None
    covered = sum(len(stretch) for stretch in seal.range.of(pdf))
    return Extent(covered, len(pdf), seal.revision + 1, reader.total_revisions)
