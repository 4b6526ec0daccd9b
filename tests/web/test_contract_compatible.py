"""What breaks a client is told, one case for each rule; what only adds passes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from service.web.openapi.compatible import breaks

Document = dict[str, Any]
TODAY = date(2027, 6, 15)
Change = Callable[[Document], object]

ASKED = {
    "type": "object",
    "additionalProperties": False,
    "required": ["kind"],
    "properties": {
        "kind": {"type": "string", "maxLength": 64, "pattern": "^[a-z-]+$"},
        "term": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "copies": {"type": "integer", "minimum": 1, "maximum": 9, "default": 1},
        "paper": {"type": "string", "enum": ["a4", "a5"]},
        "due": {"type": "string", "format": "date"},
        "names": {"type": "array", "items": {"$ref": "#/components/schemas/Name"}},
        "notes": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
TOLD = {
    "type": "object",
    "required": ["id", "state"],
    "properties": {
        "id": {"type": "string"},
        "state": {"type": "string", "enum": ["queued", "done"]},
        "at": {"type": "string", "format": "date-time"},
        "pages": {"type": "number"},
        "parent": {"$ref": "#/components/schemas/Told"},
    },
}
RELEASED: Document = {
    "paths": {
        "/v1/jobs": {
            "post": {
                "operationId": "create_job",
                "security": [{"token": []}],
                "x-duties": ["system", "secretary"],
                "parameters": [
                    {
                        "in": "query",
                        "name": "limit",
                        "required": False,
                        "schema": {"type": "integer", "maximum": 200, "default": 50},
                    }
                ],
                "requestBody": {
                    "required": False,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Asked"}}
                    },
                },
                "responses": {
                    "202": {
                        "headers": {"Location": {}},
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Told"}}
                        },
                    },
                    "404": {"$ref": "#/components/responses/NotFound"},
                },
            }
        },
        "/v1/kinds": {"get": {"operationId": "list_kinds", "parameters": [], "responses": {}}},
    },
    "components": {
        "schemas": {"Asked": ASKED, "Told": TOLD, "Name": {"type": "string", "maxLength": 9}},
        "responses": {"NotFound": {"content": {}}},
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "x-problems": {"job-missing": {"status": 404, "title": "Нет такого"}},
    },
}


def job(document: Document) -> Any:
    return document["paths"]["/v1/jobs"]["post"]


def asked(document: Document) -> Any:
    return document["components"]["schemas"]["Asked"]


def sent(document: Document) -> Any:
    return asked(document)["properties"]


def told(document: Document) -> Any:
    return document["components"]["schemas"]["Told"]


def limit(document: Document) -> Any:
    return job(document)["parameters"][0]


def needed(name: str) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": True, "schema": {"type": "string"}}


BREAKING: dict[str, Change] = {
    "is gone": lambda d: d["paths"].pop("/v1/jobs"),
    "its operationId was create_job, now add_job": lambda d: job(d).update(operationId="add_job"),
    "it asks for a token now": lambda d: d["paths"]["/v1/kinds"]["get"].update(security=[{}]),
    "no longer let in: who sends token": lambda d: job(d).update(security=[{"session": []}]),
    "the way in token has another scheme": lambda d: d["components"]["securitySchemes"][
        "token"
    ].update(scheme="basic"),
    "no longer allowed to secretary": lambda d: job(d)["x-duties"].remove("secretary"),
    "parameter limit is gone": lambda d: job(d).update(parameters=[]),
    "parameter limit is required now": lambda d: limit(d).update(required=True),
    "parameter page is new and required": lambda d: job(d)["parameters"].append(needed("page")),
    "parameter limit: its maximum was 200, now 100": lambda d: limit(d)["schema"].update(
        maximum=100
    ),
    "parameter limit: its default was 50, now 20": lambda d: limit(d)["schema"].update(default=20),
    "it takes no body any more": lambda d: job(d).pop("requestBody"),
    "it asks for a body now": lambda d: d["paths"]["/v1/kinds"]["get"].update(
        requestBody={"required": True, "content": {}}
    ),
    "its body is required now": lambda d: job(d)["requestBody"].update(required=True),
    "body: application/json is gone": lambda d: job(d)["requestBody"].update(content={}),
    "body/paper is gone": lambda d: sent(d).pop("paper"),
    "body/term is required now": lambda d: asked(d)["required"].append("term"),
    "body/size is required now": lambda d: (
        sent(d).update(size={"type": "integer"}),
        asked(d)["required"].append("size"),
    ),
    "body/kind: its type was string, now integer": lambda d: sent(d).update(
        kind={"type": "integer"}
    ),
    "body/due: its format was date, now date-time": lambda d: sent(d)["due"].update(
        format="date-time"
    ),
    "body/paper: the value 'a5' is gone": lambda d: sent(d)["paper"].update(enum=["a4"]),
    "body/kind: only ['x'] now": lambda d: sent(d)["kind"].update(enum=["x"]),
    "body/kind: its maxLength was 64, now 32": lambda d: sent(d)["kind"].update(maxLength=32),
    "body/kind: its minLength was None, now 3": lambda d: sent(d)["kind"].update(minLength=3),
    "body/kind: its pattern was ^[a-z-]+$, now ^[a-z]+$": lambda d: sent(d)["kind"].update(
        pattern="^[a-z]+$"
    ),
    "body/term: null is not taken any more": lambda d: sent(d)["term"]["anyOf"].pop(),
    "body/names/-: its maxLength was 9, now 5": lambda d: d["components"]["schemas"]["Name"].update(
        maxLength=5
    ),
    "body/notes/*: its type was string, now integer": lambda d: sent(d)["notes"].update(
        additionalProperties={"type": "integer"}
    ),
    "body/notes: unknown properties are refused now": lambda d: sent(d)["notes"].update(
        additionalProperties=False
    ),
    "the answer 202 is gone": lambda d: job(d)["responses"].pop("202"),
    "answer 202: the header Location is gone": lambda d: job(d)["responses"]["202"].update(
        headers={}
    ),
    "answer 202: application/json is gone": lambda d: job(d)["responses"]["202"].update(
        content={"text/plain": {}}
    ),
    "answer 202/id is gone": lambda d: told(d)["properties"].pop("id"),
    "answer 202/id may be missing now": lambda d: told(d)["required"].remove("id"),
    "answer 202/id: may be null now": lambda d: told(d)["properties"].update(
        id={"anyOf": [{"type": "string"}, {"type": "null"}]}
    ),
    "answer 202/id: its type was string, now integer": lambda d: told(d)["properties"].update(
        id={"type": "integer"}
    ),
    "answer 202/state: the value 'done' is gone": lambda d: told(d)["properties"]["state"].update(
        enum=["queued"]
    ),
    "answer 202/at: its format was date-time, now None": lambda d: told(d)["properties"]["at"].pop(
        "format"
    ),
    "the problem code job-missing is gone": lambda d: d["components"]["x-problems"].clear(),
    "the problem job-missing came with 404, now with 410": lambda d: d["components"]["x-problems"][
        "job-missing"
    ].update(status=410),
}

PASSING: dict[str, Change] = {
    "nothing": lambda d: d,
    "a new path": lambda d: d["paths"].update({"/v1/new": {"get": {"operationId": "get_new"}}}),
    "a new parameter": lambda d: job(d)["parameters"].append(needed("page") | {"required": False}),
    "a new property to send": lambda d: sent(d).update(size={"type": "integer"}),
    "a property nobody must send": lambda d: asked(d).update(required=[]),
    "a wider limit": lambda d: sent(d)["kind"].update(maxLength=99),
    "no pattern": lambda d: sent(d)["kind"].pop("pattern"),
    "a new value to send": lambda d: sent(d)["paper"]["enum"].append("a3"),
    "any number where whole ones were": lambda d: sent(d)["copies"].update(type="number"),
    "a new property to get": lambda d: told(d)["properties"].update(more={"type": "string"}),
    "a property that is always there": lambda d: told(d)["required"].append("at"),
    "a new value to get": lambda d: told(d)["properties"]["state"]["enum"].append("late"),
    "whole numbers to get": lambda d: told(d)["properties"]["pages"].update(type="integer"),
    "another way in": lambda d: job(d)["security"].append({"session": [], "same-origin": []}),
    "another duty": lambda d: job(d)["x-duties"].append("deputy"),
    "a new answer": lambda d: job(d)["responses"].update({"200": {}}),
    "other words": lambda d: job(d).update(summary="Иначе", description="Совсем иначе"),
    "another name of a model": lambda d: (
        d["components"]["schemas"].update(Ordered=asked(d)),
        job(d)["requestBody"]["content"]["application/json"].update(
            schema={"$ref": "#/components/schemas/Ordered"}
        ),
    ),
}


def changed(change: Change) -> Document:
    present = copy.deepcopy(RELEASED)
    change(present)
    return present


@pytest.mark.parametrize("what", BREAKING)
def test_what_breaks_is_told(what: str) -> None:
    (found,) = breaks(RELEASED, changed(BREAKING[what]), TODAY)
    assert found.removeprefix("POST /v1/jobs: ").removeprefix("GET /v1/kinds: ") == what


@pytest.mark.parametrize("what", PASSING)
def test_what_adds_passes(what: str) -> None:
    assert breaks(RELEASED, changed(PASSING[what]), TODAY) == []
