"""What a telephone shows when it has read a document's QR code: the outcome in plain Russian."""

from __future__ import annotations

from flask import Response

from service.documents.verification_protocol import PROVES
from service.domain.errors import ServiceError
from service.domain.wording.dates import day
from service.web.http.html import Pages
from service.web.http.problems import status_of
from service.workflow.verifying import plain
from service.workflow.verifying.protocol import protocol_of
from service.workflow.verifying.verified import DocumentReport

HEADINGS = {
    True: ("good", "Подпись верна"),
    False: ("bad", "Подпись не подтверждена"),
    None: ("unknown", "Проверить до конца не удалось"),
}
DAMAGED = ("bad", "Копия в архиве повреждена")
SHOWN = ("Причина", "Поле подписи", "Время подписания", "Метка времени")  # the rest on demand


class VerifyPage:
    """Writes the page: nothing of it is fetched from anywhere, no script runs."""

    def __init__(self, version: str) -> None:
        self._pages = Pages("verify.css", {"day": day})
        self._version = version

    def found(self, report: DocumentReport) -> Response:
        """Return the page of a document: who signed it, whether it holds, what to compare."""
        protocol, told = protocol_of(report, self._version), plain.of_document(report)
        outcome, heading = HEADINGS[told.valid]
        if told.valid is False and report.file.valid:
            outcome, heading = DAMAGED
        return self._written(
            200,
            outcome=outcome,
            heading=heading,
            answer=told.text.removeprefix(plain.HOLDS),
            protocol=protocol,
            newer=report.superseded_by,
            shown=SHOWN,
            proves=PROVES,
        )

    def refused(self, error: ServiceError) -> Response:
        """Return the page that says why nothing can be told."""
        return self._written(
            status_of(error),
            outcome="unknown",
            heading=error.title,
            answer=str(error),
            protocol=None,
        )

    def _written(self, status: int, **values: object) -> Response:
        response = self._pages.written("verify.html", status, **values)
        response.headers["Vary"] = "Accept"
        return response
