"""Routes of verification: a file, a detached signature, a document by the id on its paper."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from service.bootstrap.serving import VERSION, Service
from service.domain.access.rights import Right
from service.domain.errors import ServiceError
from service.web.documents.seen import seen
from service.web.http.access import Caller
from service.web.http.html import HTML
from service.web.http.limits import Limits
from service.web.http.operations import JSON, Answer, Operation, Query
from service.web.http.sending import PAPER, send_paper, wanted
from service.web.verifying.models import DetachedAsked, DocumentVerified, FileVerified
from service.web.verifying.page import VerifyPage
from service.workflow.keeping.deposit import MEDIA_TYPES, PDF
from service.workflow.verifying.layers import layers
from service.workflow.verifying.verified import DocumentReport, FileReport
from signing.errors import DigestUnknown


class Raw(Query):
    """Whether to tell the raw validation data as well."""

    raw: bool = False


class Verifying:
    """The views; so many checks a minute for a stranger."""

    def __init__(self, service: Service, limits: Limits) -> None:
        self.service = service
        self.page = VerifyPage(VERSION)
        self.limits = limits

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes; each answers with the protocol if Accept asks for PDF or DOCX."""
        return (
            Operation(
                "POST",
                "/v1/verify",
                Right.PUBLIC,
                self.file,
                "Проверить подписи файла PDF, без токена",
                {200: FileVerified},
                takes=MEDIA_TYPES[PDF],
                query=Raw,
                limit=self.service.settings.web.verify_limit,
                before=self._enter,
                also=PAPER,
            ),
            Operation(
                "POST",
                "/v1/verify/detached",
                Right.PUBLIC,
                self.detached,
                "Проверить отсоединённую подпись по хэшам содержимого, без токена",
                {200: FileVerified},
                asked=DetachedAsked,
                query=Raw,
                before=self._enter,
                also=PAPER,
            ),
            Operation(
                "GET",
                "/v1/verify/<document>",
                Right.PUBLIC,
                self.paper,
                "Проверить документ по номеру на его бумаге, без токена",
                {200: DocumentVerified},
                query=Raw,
                before=self._enter,
                also=(*PAPER, HTML),
            ),
            Operation(
                "GET",
                "/v1/documents/<document>/verification",
                Right.READ,
                self.document,
                "Проверить подписи, доказательство и обе копии",
                {200: DocumentVerified},
                query=Raw,
                also=PAPER,
            ),
        )

    def file(self, body: bytes, query: Raw) -> Answer | Response:
        """Check a file somebody has."""
        return self._told(self.service.verify.file(body, self.service.clock()), query)

    def detached(self, asked: DetachedAsked, query: Raw) -> Answer | Response:
        """Check a detached signature; its content is known by its digests alone."""
        known = {str(name): value for name, value in asked.digests.items()}

        def digest(algorithm: str) -> bytes:
            if algorithm not in known:
                raise DigestUnknown(f"Передайте хэш содержимого по алгоритму {algorithm}.")
            return bytes.fromhex(known[algorithm])

        report = self.service.verify.detached(
            asked.signature.encode(), digest, known.get("sha256", "").lower(), self.service.clock()
        )
        return self._told(report, query)

    def paper(self, document: str, query: Raw) -> Answer | Response:
        """Check a document for whoever holds its paper: no file, nobody's marks, no token."""
        if wanted(JSON, *PAPER, HTML) != HTML:
            return self._told(self.service.verify.public(document, self.service.clock()), query)
        try:
            return self.page.found(self.service.verify.public(document, self.service.clock()))
        except ServiceError as error:
            return self.page.refused(error)

    def document(self, document: str, caller: Caller, query: Raw) -> Answer | Response:
        """Check a document of the caller's school."""
        with self.service.database.reading() as connection:
            seen(connection, document, caller)
        return self._told(self.service.verify.document(document, self.service.clock()), query)

    def _enter(self) -> None:
        self.limits.verification(request.remote_addr or "")

    def _told(self, report: FileReport | DocumentReport, query: Raw) -> Answer | Response:
        chosen = wanted(JSON, *PAPER)
        if chosen == JSON:
            told: dict[str, Any] = layers(report, raw=query.raw)
            model = DocumentVerified if isinstance(report, DocumentReport) else FileVerified
            return Answer(model.model_validate(told), headers={"Vary": "Accept"})
        printed = self.service.protocol(report)
        return send_paper(printed, chosen, f"verification-{printed.number}")
