"""Everything again, from the stores: bytes, locks, pages and signatures, trusting no answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from service.archive.store import Copy
from service.client.told import CopyTold, DocumentTold
from service.demo.places import Place
from service.domain.errors import ServiceError
from service.domain.retention import locked_until
from signing.reports import Coverage, SignatureReport
from signing.trust import Trust
from signing.verify import verify

PDF = "document.pdf"
DOCX = "document.docx"

_WHOLE = frozenset({Coverage.WHOLE_FILE, Coverage.EVIDENCE_FOLLOWS})


@dataclass(frozen=True, slots=True)
class Checked:
    """A copy as a store holds it now, and what is wrong with it (Russian), if anything."""

    name: str  # document.pdf, document.docx, manifest.json
    copy: Copy
    at: datetime
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found about one document, apart from what the service said of it."""

    document: DocumentTold
    pages: int  # counted and numbered, by the labels in the PDF itself
    pages_in_file: int  # with those that are not: a certification sheet and its empty side
    signatures: tuple[SignatureReport, ...]
    copies: tuple[Checked, ...]
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.faults and all(one.fault is None for one in self.copies)


@dataclass(frozen=True, slots=True)
class Prover:
    """Looks into the stores with clients of its own, by version, and verifies what it finds."""

    places: Mapping[str, Place]
    trust: Trust
    timezone: str

    def __call__(self, document: DocumentTold, pdf: bytes, docx: bytes, at: datetime) -> Proof:
        """Prove one document; `pdf` and `docx` are the files the service handed out."""
        expected = {PDF: _hash(pdf), DOCX: _hash(docx)}
        copies = tuple(self._checked(document, told, expected, at) for told in document.copies)
        labels = _labels(pdf)
        pages = sum(label.isdecimal() for label in labels)
        signatures = verify(pdf, self.trust, at)
        faults = (
            *self._absent(document),
            *_faults(document, pages, expected, docx),
            *_unsigned(document, signatures),
        )
        return Proof(document, pages, len(labels), signatures, copies, faults)

    def _checked(
        self, document: DocumentTold, told: CopyTold, expected: Mapping[str, str], at: datetime
    ) -> Checked:
        """Read the very version again: its bytes are the file's, its lock is the law's."""
        copy = Copy(
            told.store, told.key, told.version_id, told.mode, told.locked_until, told.sha256, 0
        )
        place = self.places.get(told.store)
        if place is None:
            return Checked(told.name, copy, at, f"хранилища {told.store} нет")
        try:
            body = place.store.get(told.key, told.version_id)
            held = place.store.check(copy)
        except ServiceError as error:
            return Checked(told.name, copy, at, str(error))
        digest = _hash(body)
        until = document.keep_until and locked_until(document.keep_until, self.timezone)
        if digest != expected.get(told.name, told.sha256):
            return Checked(told.name, held, at, "в хранилище не тот файл, что отдаёт служба")
        if held.mode != place.mode:
            return Checked(told.name, held, at, f"режим {held.mode}, нужен {place.mode}")
        if until is None or held.locked_until != until:
            return Checked(
                told.name, held, at, f"закрыт до {held.locked_until:%d.%m.%Y}, а нужно до {until}"
            )
        return Checked(told.name, held, at)

    def _absent(self, document: DocumentTold) -> Iterator[str]:
        for name in (PDF, DOCX):
            held = {one.store for one in document.copies if one.name == name}
            for store in self.places.keys() - held:
                yield f"{name}: нет копии в {store}"


def _faults(
    document: DocumentTold, pages: int, expected: Mapping[str, str], docx: bytes
) -> Iterator[str]:
    if document.state != "archived":
        yield f"состояние «{document.state}»"
    if pages != document.pages:
        yield f"пронумеровано страниц {pages}, а заявлено {document.pages}"
    if document.sheets != -(-pages // 2):
        yield f"листов заявлено {document.sheets}, а страниц {pages}"
    if (document.pdf_sha256, document.docx_sha256) != (expected[PDF], expected[DOCX]):
        yield "скачанные файлы не те, что записаны в карточке документа"
    if not _is_docx(docx):
        yield "DOCX не открывается"


def _unsigned(document: DocumentTold, signatures: tuple[SignatureReport, ...]) -> Iterator[str]:
    if not signatures:
        yield "подписей нет"
    if [one.field for one in signatures] != [one.role for one in document.signatures]:
        yield "подписи в файле не те, что в карточке документа"
    for one in signatures:
        if not one.valid:
            yield f"подпись {one.field} не подтверждена: {one.reason or one.code}"
    if signatures and signatures[-1].coverage not in _WHOLE:
        yield "после последней подписи файл изменяли"


def _labels(pdf: bytes) -> list[str]:
    """Return each page's label: its number, or a word if the page is not counted."""
    try:
        return PdfReader(BytesIO(pdf)).page_labels
    except PyPdfError:
        return []


def _is_docx(docx: bytes) -> bool:
    try:
        with ZipFile(BytesIO(docx)) as package:
            return package.testzip() is None and "word/document.xml" in package.namelist()
    except BadZipFile:
        return False


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
