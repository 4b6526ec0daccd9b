"""What an event says: the same line of the audit log always makes the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from service.domain.events import AWAITING, TYPES, public
from service.ledger.audit import Line
from service.ledger.documents import Document

SAID = MappingProxyType(  # of a line's details: what, and by which name it goes out
    {
        "certificate": "certificate_sha256",
        "code": "code",
        "documents": "documents",
        "generation": "generation",
        "items": "items",
        "level": "level",
        "manifest": "manifest_sha256",
        "pdf": "pdf_sha256",
        "reason": "reason",
        "role": "role",
        "session": "session",
        "sha256": "sha256",
    }
)
LINKS = MappingProxyType(
    {
        "document": "/v1/documents/{subject}",
        "package": "/v1/packages/{subject}",
        "run": "/v1/runs/{subject}",
        "signing": "/v1/signing-sessions/{subject}",
        "snapshot": "/v1/schools/{school}/snapshots/{subject}",
        "webhook": "/v1/schools/{school}/webhooks/{subject}",
    }
)


@dataclass(frozen=True, slots=True)
class Happening:
    """A public event: `id` goes out as webhook-id, `body` as the body."""

    id: str
    type: str
    body: str


def happenings(line: Line, about: Document | None) -> Iterator[Happening]:
    """Yield the events a line of the log is told as; `about` is the document it is about.

    They hold ids, states, hashes and links, and nothing that changes later.
    """
    event = line.event
    for named in public(event.action, event.details, of_document=about is not None):
        kind = _kind(named, about)
        place = {"school": event.school, "subject": event.subject}
        data: dict[str, Any] = {"school": event.school, kind: event.subject}
        if about is not None:
            data |= _of(about)
        said = SAID if kind != "run" else {key: key for key in event.details}
        known = {old: one for old, one in event.details.items() if one not in (None, "")}
        data |= {new: known[old] for old, new in said.items() if old in known}
        if event.action.startswith(AWAITING):
            data["role"] = event.action.removeprefix(AWAITING)
        data["link"] = LINKS[kind].format(**place)
        digest = sha256(f"{line.hash} {named}".encode()).hexdigest()
        yield Happening(f"evt_{digest[:32]}", named, body(named, event.at, data))


def body(named: str, at: datetime, data: Mapping[str, Any]) -> str:
    """Return the JSON that goes out: type, time in UTC, data."""
    told = {"type": named, "timestamp": at.astimezone(UTC).isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _kind(named: str, about: Document | None) -> str:
    """Return what an event is about: a signature that was refused may be under a package."""
    if about is not None:
        return "document"
    return "package" if named == "signing.refused" else TYPES[named].about


def _of(document: Document) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "class": document.class_id,
        "term": document.term or None,
        "year": document.year,
        "version": document.version,
        "volume": document.volume,
        "snapshot": document.snapshot,
    }
