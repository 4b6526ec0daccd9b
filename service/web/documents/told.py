"""Rows of the ledger as they are told over the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from service.ledger import copies, versions
from service.ledger.copies import Kept
from service.ledger.documents import AUTOMATIC, Document, State
from service.ledger.printing import steps
from service.ledger.printing.steps import Step
from service.ledger.signing import attorneys, signings
from service.ledger.signing.attorneys import Noted, Power
from service.ledger.signing.signings import Signature
from service.ledger.snapshots import SnapshotRow
from service.web.documents.models import (
    AttorneyTold,
    ClassTold,
    CopyTold,
    DocumentTold,
    FindingTold,
    SignatureTold,
    SnapshotListed,
    SnapshotTold,
    TermTold,
)
from service.web.http.models import FaultShown


def snapshot_told(row: SnapshotRow) -> SnapshotTold:
    """Return a snapshot's answer."""
    return SnapshotTold(
        **_in_short(row),
        terms=[TermTold(id=t.id, title=t.title, grades=list(t.grades)) for t in row.terms],
        warnings=[
            FaultShown(pointer=w.pointer, code=w.code, message=w.message) for w in row.warnings
        ],
    )


def snapshot_listed(row: SnapshotRow) -> SnapshotListed:
    """Return a snapshot as it stands in a list."""
    return SnapshotListed(**_in_short(row), warnings_total=len(row.warnings))


def _in_short(row: SnapshotRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "sha256": row.sha256,
        "size": row.size,
        "year": row.year,
        "accepted_at": row.accepted_at,
        "classes": [ClassTold(id=c.id, title=c.title, grade=c.grade) for c in row.classes],
    }


def documents_told(connection: Connection, found: Sequence[Document]) -> list[DocumentTold]:
    """Return documents with their signatures and copies, read together however many they are."""
    names = [one.id for one in found]
    moving = [one.id for one in found if one.state in AUTOMATIC]
    known = _Known(
        steps=steps.newest(connection, moving),
        others=versions.other_volumes(connection, found),
        newer=versions.successors(connection, names),
        powers=attorneys.of_subjects(connection, names),
        signatures=signings.of_documents(connection, names),
        copies=copies.of_documents(connection, names),
    )
    return [_document(one, known) for one in found]


def document_told(connection: Connection, document: Document) -> DocumentTold:
    """Return a document with its signatures and copies."""
    (told,) = documents_told(connection, [document])
    return told


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of some documents, by their ids."""

    steps: Mapping[str, Step]
    others: Mapping[str, list[str]]
    newer: Mapping[str, str]
    powers: Mapping[str, list[Noted]]
    signatures: Mapping[str, list[Signature]]
    copies: Mapping[str, list[Kept]]


def _document(document: Document, known: _Known) -> DocumentTold:
    waiting = known.steps.get(document.id)
    newer = known.newer.get(document.id)
    powers = {one.role: one.power for one in known.powers[document.id]}
    return DocumentTold(
        id=document.id,
        school=document.school,
        snapshot=document.snapshot,
        kind=document.kind,
        class_=document.class_id,
        class_title=document.class_title,
        term=document.term or None,
        year=document.year,
        version=document.version,
        volume=document.volume,
        volumes=document.volumes,
        other_volumes=known.others.get(document.id, []),
        supersedes=document.supersedes or None,
        superseded_by=newer,
        state=State.SUPERSEDED if newer and document.turn else document.state,
        issued_at=document.issued_at,
        pages=document.pages,
        sheets=document.sheets,
        retention_years=document.retention_years,
        keep_until=document.keep_until,
        pdf_sha256=document.pdf,
        docx_sha256=document.docx,
        turn=None if newer else document.turn,
        route=list(document.route),
        problem=document.problem or (waiting.problem if waiting else None),
        signatures=[_signature(one, powers.get(one.role)) for one in known.signatures[document.id]],
        copies=[copy_told(one) for one in known.copies[document.id]],
    )


def attorney_told(power: Power) -> AttorneyTold:
    """Return a power of attorney without its files."""
    findings = [
        FindingTold(what=one.what, holds=one.holds, said=one.said) for one in power.findings
    ]
    return AttorneyTold(number=power.number, until=power.until, findings=findings)


def _signature(one: Signature, power: Power | None) -> SignatureTold:
    return SignatureTold(
        role=one.role,
        signer=one.signer,
        signed_at=one.signed_at,
        level=one.level,
        valid=one.valid,
        attorney=attorney_told(power) if power else None,
    )


def copy_told(one: Kept) -> CopyTold:
    """Return a copy as it was last read back."""
    return CopyTold(
        name=one.name,
        store=one.store,
        key=one.key,
        version_id=one.version_id,
        mode=one.mode,
        locked_until=one.locked_until,
        sha256=one.sha256,
        checked=one.checked,
    )
