"""A verification layer by layer as plain data: the JSON of the API, the terminal and protocols."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from service.domain.errors import ServiceError
from service.workflow.keeping.check_copies import CopyReport
from service.workflow.verifying import plain
from service.workflow.verifying.verified import DocumentReport, EvidenceLayer, FileReport
from signing.errors import SigningError
from signing.evidence import EvidenceReport
from signing.reports import Link, RawData, SignatureReport, TimeStamp

Layer = dict[str, Any]


def layers(report: FileReport | DocumentReport, *, raw: bool = False) -> Layer:
    """Return everything a verification found; with `raw`, the validation data in base64 too."""
    if isinstance(report, DocumentReport):
        return _document(report, raw)
    found = plain.of_file(report)
    return {**_file(report, raw), "code": found.code, "answer": found.text, "valid": found.valid}


def signature(one: SignatureReport, *, raw: bool = False) -> Layer:
    """Return one signature, layer by layer."""
    signer = one.signer
    told: Layer = {
        "field": one.field,
        "signer": signer.name if signer else None,
        "serial": signer.serial if signer else None,
        "issuer": signer.issuer if signer else None,
        "valid_from": _time(signer.valid_from if signer else None),
        "valid_until": _time(signer.valid_until if signer else None),
        "test": bool(signer and signer.test),
        "level": one.level.value,
        "signed_at": _time(one.signed_at),
        "signed_at_source": one.signed_at_source.value,
        "intact": one.intact,
        "valid": one.valid,
        "code": one.code,
        "reason": one.reason,
        "coverage": one.coverage.value,
        "extent": None,
        "changes": [{"kind": c.kind.value, "what": c.what} for c in one.changes],
        "algorithms": None,
        "timestamp": _timestamp(one.timestamp),
        "time_problem": one.time_problem,
        "chain": [_link(link) for link in one.chain],
    }
    if one.extent:
        told["extent"] = {
            "covered": one.extent.covered,
            "size": one.extent.size,
            "revision": one.extent.revision,
            "revisions": one.extent.revisions,
        }
    if one.algorithms:
        told["algorithms"] = {
            "digest": one.algorithms.digest,
            "signature": one.algorithms.signature,
        }
    if raw:
        told["raw"] = _raw(one.raw)
    return told


def copy(one: CopyReport) -> Layer:
    """Return what a store answered when its copy was read again."""
    kept = one.kept
    return {
        "name": kept.name,
        "store": kept.store,
        "version_id": kept.version_id,
        "mode": kept.mode,
        "locked_until": _time(kept.locked_until),
        "sha256": kept.sha256,
        "checked": _time(kept.checked),
        "good": one.good is True,
        "answered": one.good is not None,
        "problem": _problem(one.problem),
    }


def _document(report: DocumentReport, raw: bool) -> Layer:
    found = plain.of_document(report)
    kept = report.retention
    return {
        **_file(report.file, raw),
        "document": report.document,
        "version": report.version,
        "superseded_by": report.superseded_by,
        "awaited": [role.value for role in report.awaited],
        "valid": found.valid,
        "code": found.code,
        "answer": found.text,
        "retention": {
            "years": kept.years,
            "keep_until": _day(kept.keep_until),
            "destroy_from": _day(kept.destroy_from),
            "locked_until": _time(kept.locked_until),
            "modes": list(kept.modes),
        },
        "copies": [copy(one) for one in report.copies],
    }


def _file(report: FileReport, raw: bool) -> Layer:
    return {
        "sha256": report.sha256,
        "size": report.size,
        "checked_at": _time(report.checked_at),
        "judged_at": _time(report.judged_at),
        "document": report.document,
        "signatures": [signature(one, raw=raw) for one in report.signatures],
        "evidence": _evidence(report.evidence),
    }


def _evidence(layer: EvidenceLayer) -> Layer | None:
    if layer.report is None:
        return None if layer.problem is None else {"problem": _problem(layer.problem)}
    report: EvidenceReport = layer.report
    return {
        "problem": None,
        "state": report.state.value,
        "since": _time(report.since),
        "until": _time(report.until),
        "tree": report.tree,
        "whole": report.whole,
        "code": report.code,
        "reason": report.reason,
        "timestamps": [
            {
                "time": _time(one.time),
                "over": one.over.value,
                "algorithm": one.algorithm,
                "authority": one.authority,
                "until": _time(one.until),
                "judged_at": _time(one.judged_at),
                "code": one.code,
                "reason": one.reason,
            }
            for one in report.timestamps
        ],
    }


def _timestamp(stamp: TimeStamp | None) -> Layer | None:
    if stamp is None:
        return None
    return {
        "time": _time(stamp.time),
        "authority": stamp.authority,
        "valid_until": _time(stamp.valid_until),
        "chain": [_link(link) for link in stamp.chain],
    }


def _link(link: Link) -> Layer:
    told = link.revocation
    return {
        "owner": link.owner,
        "serial": link.serial,
        "valid_from": _time(link.valid_from),
        "valid_until": _time(link.valid_until),
        "anchor": link.anchor,
        "revocation": {
            "standing": told.standing.value,
            "source": told.source.value if told.source else None,
            "inside": told.inside,
            "issued_at": _time(told.issued_at),
            "signed_by": told.signed_by,
            "revoked_at": _time(told.revoked_at),
        },
    }


def _raw(data: RawData) -> Layer:
    def told(ders: Iterable[bytes]) -> list[str]:
        return [base64.b64encode(der).decode("ascii") for der in ders]

    return {
        "certificates": told(data.certificates),
        "ocsps": told(data.ocsps),
        "crls": told(data.crls),
        "timestamps": told(data.timestamps),
    }


def _problem(error: ServiceError | SigningError | None) -> Layer | None:
    return {"code": error.code, "message": str(error)} if error else None


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
