"""The route of evidence: the record anybody can check without this service."""

from __future__ import annotations

from hashlib import sha256

from flask import Response

from service.bootstrap.serving import Service
from service.domain.access.rights import Right
from service.web.documents.seen import seen
from service.web.http.access import Caller
from service.web.http.operations import Operation
from service.workflow.evidence.prove import MEDIA_TYPE, SUFFIX


class Evidence:
    """The views."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        return (
            Operation(
                "GET",
                "/v1/documents/<document>/evidence",
                Right.READ,
                self.evidence,
                "Доказательство существования файлов документа: EvidenceRecord, RFC 4998 (DER)",
                {200: MEDIA_TYPE},
            ),
        )

    def evidence(self, document: str, caller: Caller) -> Response:
        """Send a document's evidence record, reduced to it; a renewal changes its ETag."""
        with self.service.database.reading() as connection:
            found = seen(connection, document, caller)
        der = self.service.prove.record(document).dump()
        response = Response(der, content_type=MEDIA_TYPE)
        response.set_etag(sha256(der).hexdigest())
        response.headers["Cache-Control"] = "private, no-cache"
        name = f"{found.kind}-{found.id}-v{found.version}.{SUFFIX}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
