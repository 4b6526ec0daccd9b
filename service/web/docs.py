"""Routes of the description: the document itself, the same for people, the snapshot's schema."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property

from flask import Response

from service.bootstrap.serving import VERSION
from service.domain.rights import Right
from service.domain.schema import schema
from service.web.openapi import description
from service.web.operations import JSON, Operation

OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
SCHEMA = "application/schema+json"


class Docs:
    """The views over all other routes; what they tell is made when it is first asked for."""

    def __init__(self, others: Iterable[Operation]) -> None:
        self._others = tuple(others)

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        return (
            Operation(
                "GET",
                "/v1/openapi.json",
                Right.PUBLIC,
                self.openapi,
                "Это описание: OpenAPI 3.1",
                {200: JSON},
            ),
            Operation(
                "GET",
                "/v1/schemas/snapshot",
                Right.PUBLIC,
                self.snapshot,
                "Схема снимка журнала: JSON Schema 2020-12",
                {200: JSON},
            ),
        )

    @cached_property
    def document(self) -> str:
        """The description, as it is sent."""
        told = description((*self._others, *self.operations()), VERSION)
        return json.dumps(told, ensure_ascii=False)

    def openapi(self) -> Response:
        """Send the description."""
        return Response(self.document, content_type=OPENAPI)

    def snapshot(self) -> Response:
        """Send the schema of a snapshot."""
        return Response(json.dumps(schema(), ensure_ascii=False), content_type=SCHEMA)
