"""Routes of the description: the document itself, the same for people, the snapshot's schema."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from flask import Response, request

from service.bootstrap.serving import VERSION
from service.domain.access.rights import Right
from service.web.docs.page import page, policy
from service.web.http.operations import Operation
from service.web.openapi import description
from service.web.openapi.models import snapshot_explained

OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
HTML = "text/html"
SCHEMA = "application/schema+json"


class Docs:
    """The views over all other routes; what they tell is made when it is first asked for."""

    def __init__(self, others: Iterable[Operation]) -> None:
        every = (*others, *self.operations())
        self._written = {secure: _Written(every, secure=secure) for secure in (False, True)}

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        return (
            Operation(
                "GET",
                "/v1/openapi.json",
                Right.PUBLIC,
                self.openapi,
                "Это описание: OpenAPI 3.1",
                {200: OPENAPI},
            ),
            Operation(
                "GET",
                "/v1/docs",
                Right.PUBLIC,
                self.page,
                "Это же описание для людей: страница без единого скрипта",
                {200: HTML},
            ),
            Operation(
                "GET",
                "/v1/schemas/snapshot",
                Right.PUBLIC,
                self.snapshot,
                "Схема снимка журнала: JSON Schema 2020-12",
                {200: SCHEMA},
            ),
        )

    def openapi(self) -> Response:
        """Send the description."""
        return Response(self._written[request.is_secure].json, content_type=OPENAPI)

    def page(self) -> Response:
        """Send the description as a page."""
        written = self._written[request.is_secure].page
        response = Response(written, content_type=f"{HTML}; charset=utf-8")
        response.headers["Content-Security-Policy"] = policy()
        return response

    def snapshot(self) -> Response:
        """Send the schema of a snapshot."""
        return Response(json.dumps(snapshot_explained(), ensure_ascii=False), content_type=SCHEMA)


class _Written:
    """What is told over https, or not: the cookie has another name there."""

    def __init__(self, operations: Iterable[Operation], *, secure: bool) -> None:
        self._operations = tuple(operations)
        self._secure = secure

    @cached_property
    def document(self) -> dict[str, Any]:
        """The description."""
        return description(self._operations, VERSION, secure=self._secure)

    @cached_property
    def json(self) -> str:
        """The description as it is sent."""
        return json.dumps(self.document, ensure_ascii=False)

    @cached_property
    def page(self) -> str:
        """The description for people."""
        return page(self.document)
