"""A signed document goes into both stores, locked for as long as it must be kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from service.archive.keys import Label, object_key
from service.archive.store import Copy, ObjectExists, ObjectStore, OneStoreOnly
from service.documents.kind import DocumentKind
from service.documents.options import DocumentOptions
from service.domain.retention import Retention, destroy_from, locked_until
from service.ledger import copies, documents
from service.ledger.copies import Kept
from service.ledger.database import Database
from service.ledger.documents import Document, State
from service.ledger.files import Files
from service.ledger.road import Road
from service.ledger.signing import attorneys, detached
from service.workflow.keeping.fingerprint import Fingerprint, fingerprint

PDF = "document.pdf"
DOCX = "document.docx"
DOCX_P7S = f"{DOCX}.p7s"
MANIFEST = "manifest.json"
T = TypeVar("T")

Recall = Callable[[str, datetime], bool]
"""Takes a document on with the original the archive holds of it; False if it holds no other."""

MEDIA_TYPES: Mapping[str, str] = {
    PDF: "application/pdf",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    DOCX_P7S: "application/pkcs7-signature",
    MANIFEST: "application/json",
}
BY_SUFFIX: Mapping[str, str] = {  # of powers of attorney, however many there are
    "xml": "application/xml",
    "sig": "application/pkcs7-signature",
}


@dataclass(frozen=True, slots=True)
class Deposit:
    """Puts documents into the archive; putting again completes what is missing, nothing twice.

    Where the archive holds another original already, `recall` takes the document on with that.
    """

    database: Database
    files: Files
    store: ObjectStore
    kinds: Mapping[str, DocumentKind]
    road: Road
    recall: Recall

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
        for name, (body, known) in self._files(found).items():
            try:
                copy = self._put(found, name, body)
            except OneStoreOnly as error:
                copy, short = error.copy, error
            except ObjectExists:
                if self.recall(document, clock()):
                    return
                raise
            held += [kept_copy(found, name, one, known, clock()) for one in copy.each()]
        with self.database.writing() as connection:
            for kept in held:
                copies.put(connection, kept)
            if short is None:
                self.road.move(connection, found, State.ARCHIVED, clock(), problem=None)
        if short is not None:
            raise short

    def _files(self, document: Document) -> dict[str, tuple[bytes, Fingerprint]]:
        """Return the files by name; a manifest that one store has already stays as it is."""
        with self.database.reading() as connection:
            signed = detached.current(connection, document.id, DOCX)
            powers = attorneys.of_subject(connection, document.id)
            kept = copies.of_document(connection, document.id)
        bodies = {
            PDF: self.files.read(_made(document.pdf)),
            DOCX: self.files.read(_made(document.docx)),
        }
        if signed is not None:
            bodies[DOCX_P7S] = self.files.read(signed.p7s)
        bodies |= attorneys.bodies(self.files, powers)
        files = {name: (body, fingerprint(body)) for name, body in bodies.items()}
        written = next((one for one in kept if one.name == MANIFEST), None)
        manifest = self.store.get(written.key) if written else self._manifest(document, files)
        return files | {MANIFEST: (manifest, fingerprint(manifest))}

    def _manifest(
        self, document: Document, files: Mapping[str, tuple[bytes, Fingerprint]]
    ) -> bytes:
        known = {name: one for name, (_, one) in files.items()}
        return self._label(document).manifest(
            {name: one.sha256 for name, one in known.items()},
            {name: one.streebog256 for name, one in known.items() if one.streebog256},
        )

    def _label(self, document: Document) -> Label:
        return _label(document, self.kinds[document.kind])

    def _put(self, document: Document, name: str, body: bytes) -> Copy:
        return self.store.put(
            key_of(document, name),
            body,
            keep_until=locked_until(_made(document.keep_until), document.timezone),
            tags=self._label(document).tags(),
            media_type=media_type(name),
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
        case_index=kind.case_index(DocumentOptions.model_validate_json(document.options)),
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


def key_of(document: Document, name: str) -> str:
    """Return where the archive keeps a document's file."""
    about = (document.class_id, document.term) if document.term else (document.class_id,)
    return object_key(
        document.school,
        document.year,
        document.kind,
        document.id,
        document.version,
        name,
        *about,
        volume=document.volume if document.volumes != 1 else 0,
    )


def media_type(name: str) -> str:
    """Return the media type of a document's file."""
    return MEDIA_TYPES.get(name) or BY_SUFFIX[name.rpartition(".")[2]]


def kept_copy(document: Document, name: str, copy: Copy, known: Fingerprint, at: datetime) -> Kept:
    """Return a document's file as a store was found to hold it."""
    return Kept(
        document=document.id,
        name=name,
        checked=at,
        streebog256=known.streebog256,
        **copy.facts(),
    )


def _made(value: T | None) -> T:
    """Return what a document that got this far must have."""
    assert value is not None
    return value
