"""`report.json`: what the demo made and what was proven about it, for programs to read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from service.client.told import DocumentTold
from service.demo.proof import PDF, Checked, Proof
from signing.reports import SignatureReport


def several(document: DocumentTold) -> bool:
    """Return whether a document is one of several volumes."""
    return (document.volumes or 1) > 1


def name(document: DocumentTold, suffix: str) -> str:
    """Return a document's file in the build folder: ids and a class, no names of people."""
    term = f"_{document.term}" if document.term else ""
    volume = f"_volume{document.volume}" if several(document) else ""
    about = f"{document.class_title}{term}_v{document.version}{volume}_{document.id[:8]}"
    return f"documents/{document.school}/{document.kind}_{about}{suffix}"


def write(path: Path, proofs: Iterable[Proof]) -> None:
    """Write one entry a document; paths are relative to the report's folder."""
    entries = [_entry(proof) for proof in proofs]
    path.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _entry(proof: Proof) -> dict[str, object]:
    document = proof.document
    volume = {"volume": document.volume, "volumes": document.volumes}
    return {
        "kind": document.kind,
        "class": document.class_title,
        "term": document.term,
        "school": document.school,
        "version": document.version,
        **(volume if several(document) else {}),
        "document": document.id,
        "pdf": name(document, ".pdf"),
        "docx": name(document, ".docx"),
        "pages": proof.pages,
        "pages_in_file": proof.pages_in_file,
        "sheets": document.sheets,
        "retention_years": document.retention_years,
        "keep_until": document.keep_until and document.keep_until.isoformat(),
        "signatures": [_signature(one) for one in proof.signatures],
        "copies": [_copy(one) for one in proof.copies if one.name == PDF],
        "other_copies": [_copy(one) for one in proof.copies if one.name != PDF],
        "faults": list(proof.faults),
    }


def _signature(report: SignatureReport) -> dict[str, object]:
    return {
        "role": report.field,
        "signer": report.signer and report.signer.name,
        "signed_at": report.signed_at and report.signed_at.isoformat(),
        "level": report.level.value,
        "valid": report.valid is True,
    }


def _copy(checked: Checked) -> dict[str, object]:
    copy = checked.copy
    return {
        "store": copy.store,
        "key": copy.key,
        "version_id": copy.version_id,
        "mode": copy.mode,
        "locked_until": copy.locked_until.isoformat(),
        "sha256": copy.sha256,
        "checked": checked.fault is None,
        "checked_at": checked.at.isoformat(),
        "fault": checked.fault,
    }
