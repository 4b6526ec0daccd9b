"""The OpenAPI 3.1 description: routes, the very models that validate, and a Russian lexicon."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from service.web.http.operations import Operation
from service.web.openapi import security, webhooks
from service.web.openapi.headers import HEADERS
from service.web.openapi.lexicon import lexicon
from service.web.openapi.models import Models
from service.web.openapi.names import path_of
from service.web.openapi.paths import described
from service.web.openapi.problems import catalogue, responses

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def description(
    operations: Iterable[Operation], version: str, *, secure: bool = False
) -> dict[str, Any]:
    """Return the document; every path, body, answer and problem the service has is in it.

    `secure` is whether it is read over https: there the cookie has another name.
    """
    known = tuple(operations)
    words = lexicon()
    models = Models(known, webhooks.ABOUT.values())
    paths: dict[str, dict[str, Any]] = {}
    for one in known:
        paths.setdefault(path_of(one.path), {})[one.method.lower()] = described(one, models, known)
    told = [operation for item in paths.values() for operation in item.values()]
    used = {tag for operation in told for tag in operation["tags"]}
    codes = {code for operation in told for code in operation["x-problems"]}
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": "vedomost",
            "version": version,
            "summary": words.info["summary"],
            "description": words.info["description"],
            "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": words.info["server"]}],
        "tags": [
            {"name": group.name, "description": group.description}
            for group in words.groups
            if group.name in used
        ],
        "paths": paths,
        "webhooks": webhooks.events(models),
        "components": {
            "schemas": models.components,
            "responses": responses(),
            "headers": dict(HEADERS),
            "securitySchemes": security.schemes(secure=secure),
            "x-problems": catalogue(codes),
        },
    }
