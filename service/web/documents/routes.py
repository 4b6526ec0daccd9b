"""Routes around a document: find, read, download, send back, verify."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from flask import Response, request
from pydantic import Field

from service.bootstrap.serving import Service
from service.domain.access.rights import Right
from service.domain.codes import Id, YearLabel
from service.domain.errors import Conflict, Missing
from service.ledger.documents import Document, State
from service.ledger.search import Sought, search
from service.ledger.signing import detached
from service.web.documents.models import DocumentsTold, DocumentTold, RejectionAsked
from service.web.documents.seen import seen
from service.web.documents.told import document_told, documents_told
from service.web.http.access import Caller
from service.web.http.cursors import Cursors, Paged
from service.web.http.operations import Answer, Operation
from service.web.http.sending import send
from service.workflow.keeping.deposit import DOCX, DOCX_P7S, MEDIA_TYPES, PDF


class NotPrinted(Conflict):
    """The document has no files yet."""

    code = "not-printed"
    title = "Документ ещё не напечатан"


class DocxUnsigned(Missing):
    """Nobody has signed the DOCX: the school does not ask for it, or it is nobody's turn yet."""

    code = "docx-unsigned"
    title = "Под файлом DOCX нет подписи"


class ListedDocuments(Paged):
    """Which documents; `school` may only be one of the token's own."""

    school: str | None = None
    state: State | None = None
    kind: Id | None = None
    class_: Annotated[Id | None, Field(alias="class")] = None
    term: Id | None = None
    year: Annotated[
        YearLabel | None,
        Field(description="Учебный год, как «2026/2027»"),
    ] = None
    latest: Annotated[
        bool, Field(description="Только те, чьё место не заняла более новая версия")
    ] = False
    keep_until_before: Annotated[
        date | None, Field(description="Только те, чей срок хранения кончается раньше этого дня")
    ] = None


class Documents:
    """The views."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.cursors = Cursors(service.database)

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        one = "/v1/documents/<document>"
        return (
            Operation(
                "GET",
                "/v1/documents",
                Right.READ,
                self.search,
                "Документы школы, новые первыми",
                {200: DocumentsTold},
                query=ListedDocuments,
            ),
            Operation("GET", one, Right.READ, self.document, "Документ", {200: DocumentTold}),
            Operation(
                "GET", f"{one}/pdf", Right.READ, self.pdf, "Файл PDF/A", {200: MEDIA_TYPES[PDF]}
            ),
            Operation(
                "GET", f"{one}/docx", Right.READ, self.docx, "Файл DOCX", {200: MEDIA_TYPES[DOCX]}
            ),
            Operation(
                "GET",
                f"{one}/docx.p7s",
                Right.READ,
                self.docx_p7s,
                "Отсоединённая подпись файла DOCX (CAdES)",
                {200: MEDIA_TYPES[DOCX_P7S]},
            ),
            Operation(
                "POST",
                f"{one}/rejection",
                Right.REJECT,
                self.reject,
                "Вернуть документ с причиной",
                {200: DocumentTold},
                asked=RejectionAsked,
                changes=one,
            ),
        )

    def search(self, caller: Caller, query: ListedDocuments) -> Answer:
        """List documents."""
        school = caller.chosen(query.school)
        page = self.cursors.page(request, query, school)
        sought = Sought(
            school=school,
            state=query.state,
            kind=query.kind,
            class_id=query.class_,
            term=query.term,
            year=query.year,
            latest=query.latest,
            keep_until_before=query.keep_until_before,
            classes=caller.classes,
        )
        with self.service.database.reading() as connection:
            found = search(connection, sought, page)
            cut = self.cursors.cut(
                request, query, school, found, lambda one: (one.created_at, one.id)
            )
            told = documents_told(connection, cut.rows)
        return Answer(DocumentsTold(documents=told, next=cut.next), headers=cut.headers)

    def document(self, document: str, caller: Caller) -> Answer:
        """Tell about a document."""
        with self.service.database.reading() as connection:
            return Answer(document_told(connection, seen(connection, document, caller)))

    def pdf(self, document: str, caller: Caller) -> Response:
        """Send the latest revision of the PDF."""
        found = self._get(document, caller)
        return self._file(found, found.pdf, PDF)

    def docx(self, document: str, caller: Caller) -> Response:
        """Send the DOCX."""
        found = self._get(document, caller)
        return self._file(found, found.docx, DOCX)

    def docx_p7s(self, document: str, caller: Caller) -> Response:
        """Send the detached signatures of the DOCX, of all who have signed it so far."""
        found = self._get(document, caller)
        with self.service.database.reading() as connection:
            signed = detached.current(connection, found.id, DOCX)
        if signed is None:
            raise DocxUnsigned("Под файлом DOCX этого документа никто не подписывался.")
        return self._file(found, signed.p7s, DOCX_P7S)

    def reject(self, document: str, caller: Caller, asked: RejectionAsked) -> Answer:
        """Send a document back."""
        self._get(document, caller)
        self.service.reject(document, caller.roles, asked.reason, caller.id, self.service.clock())
        return self.document(document, caller)

    def _get(self, document: str, caller: Caller) -> Document:
        with self.service.database.reading() as connection:
            return seen(connection, document, caller)

    def _file(self, found: Document, name: str | None, kind: str) -> Response:
        if name is None:
            raise NotPrinted("Файлы появятся, когда документ будет напечатан.")
        volume = f"-volume-{found.volume}" if found.volumes != 1 else ""
        stem = f"{found.kind}-{found.id}-v{found.version}{volume}"
        called = f"{stem}.{kind.partition('.')[2]}"
        return send(self.service.files, name, MEDIA_TYPES[kind], called)
