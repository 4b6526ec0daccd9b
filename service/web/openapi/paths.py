"""One operation as the description tells it: parameters, body, answers, problems, rights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from service.domain.access.rights import Duty, holders
from service.web.http import idempotency
from service.web.http.cursors import Paged
from service.web.http.operations import EVENTS, JSON, Operation
from service.web.openapi import problems, security
from service.web.openapi.examples import Example, examples
from service.web.openapi.headers import named
from service.web.openapi.lexicon import RUSSIAN, Told, lexicon
from service.web.openapi.links import links, operation_of
from service.web.openapi.models import REF, SNAPSHOT, Models, tidied
from service.web.openapi.names import PARAMETER, path_of

ONCE = (
    "Ключ повтора, лучше всего UUID. Повтор запроса с тем же ключом в течение суток ничего не "
    "делает второй раз и возвращает первый успешный ответ, с `Idempotency-Replayed: true`."
)
WAITED = (
    "`wait=20`: ответить, когда задание закончится, но не позже стольких секунд (RFC 7240), самое "
    "большее 60. Сколько ждали, говорит `Preference-Applied`."
)
PART = (
    "Часть файла: `bytes=0-99`, `bytes=100-`, `bytes=-50` (RFC 9110, 14). Несколько частей сразу и "
    "другие единицы не учитываются: придёт весь файл."
)
UNALTERED = "ETag прежней части: если файл теперь другой, придёт весь файл."
RESUMED = "id последнего полученного события: повторено оно не будет."
SEEN = "ETag того, что вы видели: если теперь там другое, ничего не изменится (412)."
UNCHANGED = "ETag того, что у вас уже есть: если оно не изменилось, ответ — 304 без тела."
EVENT = {  # one of the stream's, as WHATWG HTML 9.2 has it parsed
    "type": "object",
    "description": "Одно событие потока.",
    "properties": {
        "id": {"type": "string", "description": "Пришлите его в `Last-Event-ID`, чтобы продолжить"},
        "event": {"type": "string", "enum": ["progress", "end"], "description": "Что за событие"},
        "data": {
            "type": "string",
            "contentMediaType": JSON,
            "contentSchema": {"$ref": REF.format(model="JobTold")},
            "description": "Задание, каким оно стало",
        },
        "retry": {
            "type": "integer",
            "description": "Через сколько мс возвращаться, если прервётся",
        },
    },
}
FILED = ("ETag", "Content-Disposition")
PARTED = ("Repr-Digest", "Accept-Ranges")
KEY = f"^({idempotency.BARE.pattern}|{idempotency.QUOTED.pattern})$"


def described(one: Operation, models: Models, others: Iterable[Operation]) -> dict[str, Any]:
    """Return the operation object; its answers lead to the `others`."""
    path = path_of(one.path)
    words = lexicon()
    said = words.of_operation(one.method, path)
    codes = problems.codes(one)
    name = operation_of(one)
    example = examples().of(name)
    told: dict[str, Any] = {
        "operationId": name,
        "tags": [words.group(path).name],
        "summary": one.summary,
        "parameters": [*_path(one, said), *_query(one, said), *_headers(one, said)],
        "responses": _answers(one, said, models, example, others) | problems.answers(one, codes),
        "x-problems": codes,
    }
    if one.deprecated is not None:
        told |= {"deprecated": True, "x-sunset": one.deprecated.sunset.isoformat()}
        told |= {"x-successor": one.deprecated.successor} if one.deprecated.successor else {}
    if said.told:
        told["description"] = said.told
    if one.secured:
        told["security"] = security.required(one)
        told["x-right"] = one.right.value
        told["x-duties"] = [duty.value for duty in Duty if duty in holders(one.right)]
    if body := _body(one, models, example):
        told["requestBody"] = body
    return told


def _body(one: Operation, models: Models, example: Example) -> dict[str, Any]:
    if one.asked is not None:
        content = {JSON: {"schema": models[one.asked]}}
    elif one.takes == JSON:
        content = {JSON: {"schema": {"$ref": REF.format(model=SNAPSHOT)}}}
    elif one.takes:
        content = {one.takes: _file(one.takes)}
    else:
        return {}
    if example.request is not None:
        content[JSON]["example"] = example.request
    return {"required": one.needs_body, "content": content}


def _file(media_type: str) -> dict[str, Any]:
    if media_type == EVENTS:
        return {"schema": EVENT}
    if media_type.partition(";")[0].endswith("json"):
        return {"schema": {"type": "object"}}
    return {"schema": {"type": "string", "contentMediaType": media_type}}


def _path(one: Operation, said: Told) -> list[dict[str, Any]]:
    return [
        _described(
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            | _example(name),
            said.parameters.get(name) or lexicon().parameters.get(name, ""),
        )
        for name in PARAMETER.findall(one.path)
    ]


def _example(parameter: str) -> dict[str, str]:
    known = examples().parameters
    return {"example": known[parameter]} if parameter in known else {}


def _query(one: Operation, said: Told) -> list[dict[str, Any]]:
    if one.query is None:
        return []
    schema = one.query.model_json_schema()
    defined = schema.get("$defs", {})
    needed = schema.get("required", [])
    return [
        _parameter(name, _inlined(tidied(field), defined), name in needed, said)
        for name, field in schema["properties"].items()
    ]


def _parameter(name: str, schema: dict[str, Any], needed: bool, said: Told) -> dict[str, Any]:
    """Return a parameter of the address; what may be null there is simply left out."""
    brought = schema.pop("description", "")
    meaning = said.parameters.get(name) or (brought if RUSSIAN.search(brought) else "")
    given = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(given) == 1:
        schema = {key: value for key, value in schema.items() if key != "anyOf"} | given[0]
    elif given and all("enum" in one for one in given):
        words = [word for one in given for word in one["enum"]]
        schema = {key: value for key, value in schema.items() if key != "anyOf"}
        schema |= {"type": "string", "enum": words}
    if schema.get("default", ...) is None:
        del schema["default"]
    schema.pop("description", None)
    parameter = {"name": name, "in": "query", "required": needed, "schema": schema}
    return _described(parameter, meaning or lexicon().parameters.get(name, ""))


def _headers(one: Operation, said: Told) -> list[dict[str, Any]]:
    """Return the headers of a request: to wait, for a part, to repeat safely, on condition."""
    text = {"type": "string"}
    known: list[tuple[str, str, dict[str, Any]]] = []
    if said.waits:
        known.append(("Prefer", WAITED, text))
    if one.sends_file and not said.whole:
        known += [("Range", PART, text), ("If-Range", UNALTERED, text)]
    if one.once:
        key = {"minLength": 1, "maxLength": idempotency.LONGEST, "pattern": KEY}
        known.append((idempotency.HEADER, ONCE, text | key))
    if one.streams:
        known.append(("Last-Event-ID", RESUMED, text))
    elif one.reads:
        known.append(("If-None-Match", UNCHANGED, text))
    else:
        known.append(("If-Match", SEEN, text))
    return [
        {
            "name": name,
            "in": "header",
            "required": said.matched and name == "If-Match",
            "description": told,
            "schema": schema,
        }
        for name, told, schema in known
    ]


def _described(parameter: dict[str, Any], meaning: str) -> dict[str, Any]:
    return {**parameter, "description": meaning} if meaning else parameter


def _inlined(field: Any, defined: dict[str, Any]) -> Any:
    """Return a schema without references to definitions that stay behind."""
    match field:
        case {"$ref": str(reference), **rest}:
            return tidied(defined[reference.rpartition("/")[2]]) | _inlined(rest, defined)
        case dict():
            return {key: _inlined(value, defined) for key, value in field.items()}
        case list():
            return [_inlined(value, defined) for value in field]
        case _:
            return field


def _answers(
    one: Operation, said: Told, models: Models, example: Example, others: Iterable[Operation]
) -> dict[str, Any]:
    """Return the answers that are no problems."""
    answers: dict[str, Any] = {}
    leading = [*(("Location",) if said.location else ()), *(("Set-Cookie",) if said.cookie else ())]
    for status, told in one.told.items():
        headers = [
            *leading,
            *(("ETag",) if said.tagged or (one.reads and not one.streams) else ()),
            *((idempotency.REPLAYED,) if one.once else ()),
            *(("Preference-Applied",) if said.waits else ()),
            *(("Link",) if one.query is not None and issubclass(one.query, Paged) else ()),
            *(one.deprecated.headers if one.deprecated else ()),
        ]
        if isinstance(told, str):
            content: dict[str, Any] = {told: _file(told)}
            headers = [*FILED, *(() if said.whole else PARTED)] if one.sends_file else leading
        else:
            content = {JSON: {"schema": models[told]}}
        if JSON in content and str(status) in example.answers:
            content[JSON]["example"] = example.answers[str(status)]
        content |= {media_type: _file(media_type) for media_type in one.also}
        answers[str(status)] = {
            "description": lexicon().statuses[str(status)],
            "headers": named(*headers),
            "content": content,
        }
        if following := _links(one, said, told, others):
            answers[str(status)]["links"] = following
    if one.streams:
        answers["204"] = {"description": lexicon().statuses["204"], "headers": named()}
    elif one.reads:
        same = {"description": lexicon().statuses["304"], "headers": named("ETag")}
        answers["304"] = same
    if one.sends_file:
        answers |= _part(one, said)
    return answers


def _links(
    one: Operation, said: Told, told: type[BaseModel] | str, others: Iterable[Operation]
) -> dict[str, Any]:
    named_here = {
        name: {"operationId": name, "parameters": dict(given)} for name, given in said.links.items()
    }
    return named_here if isinstance(told, str) else links(one, told.__name__, others) | named_here


def _part(one: Operation, said: Told) -> dict[str, Any]:
    """Return the answer to a request for a part of a file."""
    (media_type,) = {told for told in one.told.values() if isinstance(told, str)}
    part = {
        "description": lexicon().statuses["206"],
        "headers": named("Content-Range", "ETag", *PARTED),
        "content": {media_type: _file(media_type)},
    }
    return {} if said.whole else {"206": part}
