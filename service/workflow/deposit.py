"""A signed document goes into both stores, locked for as long as it must be kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from service.archive.keys import Label, object_key
from service.archive.store import Copy, ObjectStore, OneStoreOnly
from service.documents.kind import DocumentKind
from service.documents.options import PrintOptions
from service.domain.retention import Retention, destroy_from, locked_until
from service.ledger import copies, documents
from service.ledger.copies import Kept
from service.ledger.database import Database
from service.ledger.documents import Document, State
from service.ledger.files import Files, sha256
from service.ledger.road import Road

PDF = "document.pdf"
DOCX = "document.docx"
MANIFEST = "manifest.json"
T = TypeVar("T")
MEDIA_TYPES: Mapping[str, str] = {
    PDF: "application/pdf",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    MANIFEST: "application/json",
}


@dataclass(frozen=True, slots=True)
class Deposit:
    """Puts documents into the archive; putting again completes what is missing, nothing twice."""

    database: Database
    files: Files
    store: ObjectStore
    kinds: Mapping[str, DocumentKind]
    road: Road

    def __call__(self, document: str, clock: Callable[[], datetime]) -> None:
        """Keep a document in both stores and call it archived.

        With one store down what the other holds is written down and OneStoreOnly raised;
        with both down, the failure of the first.
        """
        with self.database.reading() as connection:
            found = documents.get(connection, document)
        if found.state not in {State.DEPOSITING, State.IN_ONE_STORE}:
            return
        held: list[Kept] = []
        short: OneStoreOnly | None = None
        for name, body in self._bodies(found).items():
            try:
                copy = self._put(found, name, body)
            except OneStoreOnly as error:
                copy, short = error.copy, error
            held += [_kept(found, name, one, clock()) for one in copy.each()]
        with self.database.writing() as connection:
            for kept in held:
                copies.put(connection, kept)
            if short is None:
                self.road.move(connection, found, State.ARCHIVED, clock(), problem=None)
        if short is not None:
            raise short

    def _bodies(self, document: Document) -> dict[str, bytes]:
        bodies = {
            PDF: self.files.read(_made(document.pdf)),
            DOCX: self.files.read(_made(document.docx)),
        }
        hashes = {name: sha256(body) for name, body in bodies.items()}
        return bodies | {MANIFEST: self._label(document).manifest(hashes)}

    def _label(self, document: Document) -> Label:
        return _label(document, self.kinds[document.kind])

    def _put(self, document: Document, name: str, body: bytes) -> Copy:
        about = (document.class_id, document.term) if document.term else (document.class_id,)
        return self.store.put(
            object_key(
                document.school,
                document.year,
                document.kind,
                document.id,
                document.version,
                name,
                *about,
                volume=document.volume if document.volumes != 1 else 0,
            ),
            body,
            keep_until=locked_until(_made(document.keep_until), document.timezone),
            tags=self._label(document).tags(),
            media_type=MEDIA_TYPES[name],
        )


def _label(document: Document, kind: DocumentKind) -> Label:
    """Return what the archive must know about a signed document."""
    last_day = _made(document.keep_until)
    retention = Retention(document.retention_years)
    closed = last_day.year - retention
    return Label(
        doc_type=document.kind,
        school_id=document.school,
        school_year=document.year,
        class_id=document.class_id,
        case_index=kind.case_index(PrintOptions.model_validate_json(document.options)),
        retention_years=retention,
        closed_year=closed,
        keep_until=last_day,
        destroy_from=destroy_from(closed, retention),
        doc_id=document.id,
        version=document.version,
        signed=bool(document.route),
        supersedes=document.supersedes,
        volume=document.volume,
        volumes=_made(document.volumes),
    )


def _kept(document: Document, name: str, copy: Copy, at: datetime) -> Kept:
    return Kept(
        document=document.id,
        name=name,
        store=copy.store,
        key=copy.key,
        version_id=copy.version_id,
        mode=copy.mode,
        locked_until=copy.locked_until,
        sha256=copy.sha256,
        size=copy.size,
        checked=at,
    )


def _made(value: T | None) -> T:
    """Return what a document that got this far must have."""
    assert value is not None
    return value
