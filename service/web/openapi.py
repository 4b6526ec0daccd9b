"""The OpenAPI 3.1 description, made of the routes and of the models that validate."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.domain.schema import schema
from service.web import idempotency
from service.web.models import Problem
from service.web.operations import JSON, Operation
from service.web.problems import MEDIA_TYPE

REF = "#/components/schemas/{model}"
SNAPSHOT = "Snapshot"

Schemas = dict[type[BaseModel], dict[str, Any]]


def description(operations: Iterable[Operation], version: str) -> dict[str, Any]:
    """Return the document; every path, body, answer and problem the service has is in it."""
    known = tuple(operations)
    asked: set[type[BaseModel]] = {one.asked for one in known if one.asked is not None}
    told: set[type[BaseModel]] = {
        one for each in known for one in each.told.values() if not isinstance(one, str)
    }
    modes: list[tuple[type[BaseModel], Any]] = [
        *((one, "validation") for one in _named(asked)),
        *((one, "serialization") for one in _named({*told, Problem})),
    ]
    references, definitions = models_json_schema(modes, ref_template=REF)
    schemas: Schemas = {one: references[one, mode] for one, mode in modes}
    paths: dict[str, dict[str, Any]] = {}
    for one in known:
        path = re.sub(r"<(\w+)>", r"{\1}", one.path)
        paths.setdefault(path, {})[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "vedomost",
            "version": version,
            "description": "Печать, подпись и архив документов школьного журнала.",
        },
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"] | {SNAPSHOT: schema()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _named(models: set[type[BaseModel]]) -> list[type[BaseModel]]:
    return sorted(models, key=lambda model: model.__name__)


def _operation(one: Operation, schemas: Schemas) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": _name(one),
        "summary": one.summary,
        "parameters": [*_path(one), *_query(one), *_key(one)],
        "responses": _responses(one, schemas),
    }
    if one.secured:
        told["security"] = [{"token": []}]
    if one.asked is not None:
        told["requestBody"] = _body(JSON, schemas[one.asked])
    elif one.takes == JSON:
        told["requestBody"] = _body(JSON, {"$ref": REF.format(model=SNAPSHOT)})
    elif one.takes:
        told["requestBody"] = _body(one.takes, {})
    return told


def _name(one: Operation) -> str:
    return one.view.__qualname__.rpartition("<locals>.")[2].replace(".", "_").lower()


def _body(media_type: str, described: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {media_type: {"schema": described}}}


def _path(one: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"<(\w+)>", one.path)
    ]


def _query(one: Operation) -> list[dict[str, Any]]:
    if one.query is None:
        return []
    described = one.query.model_json_schema()
    defined = described.get("$defs", {})
    return [
        {"name": name, "in": "query", "required": False, "schema": _inlined(field, defined)}
        for name, field in described["properties"].items()
    ]


def _key(one: Operation) -> list[dict[str, Any]]:
    if not one.once:
        return []
    told = "Повтор запроса с тем же ключом в течение суток возвращает первый успешный ответ"
    schema = {"type": "string", "minLength": 1, "maxLength": idempotency.LONGEST}
    described = {"required": False, "description": told, "schema": schema}
    return [{"name": idempotency.HEADER, "in": "header"} | described]


def _inlined(field: Any, defined: dict[str, Any]) -> Any:
    """Return a schema without references to definitions that stay behind."""
    match field:
        case {"$ref": str(reference)}:
            return defined[reference.rpartition("/")[2]]
        case dict():
            return {key: _inlined(value, defined) for key, value in field.items()}
        case list():
            return [_inlined(value, defined) for value in field]
        case _:
            return field


def _responses(one: Operation, schemas: Schemas) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for status, told in one.told.items():
        content = {told: {}} if isinstance(told, str) else {JSON: {"schema": schemas[told]}}
        content |= {media_type: {} for media_type in one.also}
        answers[str(status)] = {"description": HTTPStatus(status).phrase, "content": content}
    if any(isinstance(told, str) for told in one.told.values()):
        for status in (206, 304):
            answers[str(status)] = {"description": HTTPStatus(status).phrase}
    for status in set(_problems(one)) - set(one.told):
        content = {MEDIA_TYPE: {"schema": schemas[Problem]}}
        answers[str(status)] = {"description": HTTPStatus(status).phrase, "content": content}
    return answers


def _problems(one: Operation) -> list[int]:
    statuses = {500, 503}
    if one.secured:
        statuses |= {401, 403, 404}
    if one.asked is not None or one.takes or one.once:
        statuses |= {400, 409, 413, 415, 422}
    if one.query is not None:
        statuses |= {422}
    if any(isinstance(told, str) for told in one.told.values()):
        statuses |= {409, 416}
    if not one.secured and one.takes:
        statuses |= {429}
    return sorted(statuses)
