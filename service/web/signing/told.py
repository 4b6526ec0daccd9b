"""Signing sessions as they are told over the wire."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from service.documents.kind import DocumentKind
from service.ledger import documents
from service.ledger.documents import Document
from service.ledger.signing import packages, sessions
from service.ledger.signing.attorneys import Power
from service.ledger.signing.packages import MANIFEST, Package
from service.ledger.signing.sessions import Item, ItemState, Part, Session, Subject
from service.web.documents.told import attorney_told
from service.web.signing.models import CountsTold, ItemTold, PartTold, SessionTold
from service.workflow.keeping.deposit import DOCX, PDF
from signing import digests

SESSIONS = "/v1/signing-sessions"


@dataclass(frozen=True, slots=True)
class Shown:
    """Which items of a session are told, and whether with what is to be signed."""

    state: ItemState | None = None
    offset: int = 0
    limit: int | None = None
    parts: bool = True


def session_told(
    connection: Connection,
    session: Session,
    kinds: Mapping[str, DocumentKind],
    at: datetime,
    shown: Shown | None = None,
) -> SessionTold:
    """Return a session as it stands at a moment."""
    wanted = shown or Shown()
    items = sessions.items(connection, session.id)
    counts = Counter(one.state for one in items)
    chosen = [one for one in items if wanted.state in {None, one.state}]
    end = None if wanted.limit is None else wanted.offset + wanted.limit
    return SessionTold(
        id=session.id,
        school=session.school,
        role=session.role,
        state=_state(session, counts, at),
        signer=session.signer,
        attorney=attorney_told(Power.loaded(session.attorney)) if session.attorney else None,
        opened_at=session.opened_at,
        expires_at=session.expires_at,
        counts=CountsTold(**{state.value: counts[state] for state in ItemState}),
        items=items_told(
            connection, session, chosen[wanted.offset : end], kinds, parts=wanted.parts
        ),
    )


def items_told(
    connection: Connection,
    session: Session,
    items: Iterable[Item],
    kinds: Mapping[str, DocumentKind],
    *,
    parts: bool = True,
) -> list[ItemTold]:
    """Return items of a session; of another school's documents nothing but that they are not."""
    held = tuple(items)
    found = documents.by_ids(connection, _about(held, Subject.DOCUMENT))
    known = {one.id: one for one in found if one.school == session.school}
    packed = {one.id: one for one in packages.by_ids(connection, _about(held, Subject.PACKAGE))}
    made = sessions.parts(connection, session.id) if parts else {}
    told = []
    for one in held:
        item = _item(session, one, made.get(one.id, ()))
        if one.subject is Subject.PACKAGE:
            about = _package(session, one, packed.get(one.id))
        else:
            about = _document(session, one, known.get(one.id), kinds)
        told.append(item.model_copy(update=about))
    return told


def _about(items: Iterable[Item], subject: Subject) -> list[str]:
    return [one.id for one in items if one.subject is subject]


def _item(session: Session, item: Item, parts: tuple[Part, ...]) -> ItemTold:
    waiting = item.state is ItemState.WAITING
    return ItemTold(
        state=item.state.value,
        parts=[_part(session, item, one) for one in parts] if waiting else [],
        problem=item.problem,
    )


def _document(
    session: Session,
    item: Item,
    document: Document | None,
    kinds: Mapping[str, DocumentKind],
) -> dict[str, Any]:
    if document is None:
        return {"document": item.id}
    kind = kinds.get(document.kind)
    preview = f"/v1/documents/{item.id}/pdf" if document.pdf else None
    if item.state is ItemState.WAITING:
        preview = prepared_path(session, item)
    return {
        "document": item.id,
        "kind": document.kind,
        "title": kind.title if kind else document.kind,
        "class_title": document.class_title,
        "term": document.term or None,
        "version": document.version,
        "pages": document.pages,
        "sheets": document.sheets,
        "pdf_sha256": document.pdf,
        "preview": preview,
    }


def _package(session: Session, item: Item, package: Package | None) -> dict[str, Any]:
    if package is None or package.school != session.school:
        return {"package": item.id}
    return {
        "package": item.id,
        "title": f"Пакет, документов: {len(package.documents)}",
        "manifest_sha256": package.manifest,
        "preview": f"/v1/packages/{item.id}/{MANIFEST}",
    }


def prepared_path(session: Session, item: Item) -> str:
    """Return the address of the prepared PDF of a document."""
    return f"{SESSIONS}/{session.id}/documents/{item.id}/pdf"


def _part(session: Session, item: Item, part: Part) -> PartTold:
    content = {
        PDF: prepared_path(session, item),
        DOCX: f"/v1/documents/{item.id}/docx",
    }.get(part.file, f"/v1/packages/{item.id}/{part.file}")
    return PartTold(
        file=part.file,
        content=content,
        to_sign=_text(part.to_sign),
        to_sign_digest=_text(digests.digest(part.digest_algorithm, part.to_sign)),
        document_digest=_text(part.document_digest),
        digest_algorithm=part.digest_algorithm,
        signature_algorithm=part.signature_algorithm,
    )


def _state(
    session: Session, counts: Mapping[ItemState, int], at: datetime
) -> Literal["open", "complete", "closed", "expired"]:
    if not counts[ItemState.UNPREPARED] and not counts[ItemState.WAITING]:
        return "complete"
    if session.closed_at is not None:
        return "closed"
    return "expired" if at > session.expires_at else "open"


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
