"""Verification reports as they are told over the wire."""

from __future__ import annotations

from service.web.models import (
    CopyChecked,
    DocumentVerified,
    FileVerified,
    Reason,
    SignatureChecked,
)
from service.workflow.verify import CopyReport, DocumentReport, FileReport
from signing.reports import SignatureReport


def document_verified(report: DocumentReport) -> DocumentVerified:
    """Return the answer about a document and its copies."""
    return DocumentVerified(
        document=report.document,
        sha256=report.file.sha256,
        valid=report.valid,
        signatures=[_signature(one) for one in report.file.signatures],
        copies=[_copy(one) for one in report.copies],
    )


def file_verified(report: FileReport) -> FileVerified:
    """Return the answer about a file somebody sent."""
    return FileVerified(
        sha256=report.sha256,
        signatures=[_signature(one) for one in report.signatures],
        valid=report.valid,
        document=report.document,
    )


def _copy(one: CopyReport) -> CopyChecked:
    return CopyChecked(
        name=one.kept.name,
        store=one.kept.store,
        version_id=one.kept.version_id,
        checked=one.kept.checked,
        good=one.problem is None,
        problem=Reason(code=one.problem.code, message=str(one.problem)) if one.problem else None,
    )


def _signature(one: SignatureReport) -> SignatureChecked:
    signer = one.signer
    return SignatureChecked(
        field=one.field,
        signer=signer.name if signer else None,
        serial=signer.serial if signer else None,
        issuer=signer.issuer if signer else None,
        test=bool(signer and signer.test),
        level=one.level,
        signed_at=one.signed_at,
        signed_at_source=one.signed_at_source,
        intact=one.intact,
        valid=one.valid,
        code=one.code,
        reason=one.reason,
        coverage=one.coverage,
    )
