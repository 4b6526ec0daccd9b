"""Whether a description still means what a released one meant: additions pass, the rest is told.

What a client sends may be taken more widely and what it gets may be told in more detail, never the
other way round.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from service.web.openapi.compatible_schemas import Direction, Schemas

Document = Mapping[str, Any]
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


def breaks(released: Document, present: Document, on: date) -> list[str]:
    """Return what a client of the released service would stumble over, in the order it stands.

    A deprecated operation may be gone `on` the day of its sunset or later.
    """
    schemas = Schemas(released, present)
    found = [
        *_operations(released, present, schemas, on),
        *_schemes(released["components"], present["components"]),
        *_codes(released["components"], present["components"]),
    ]
    return list(dict.fromkeys(found))


def _schemes(released: Document, present: Document) -> Iterator[str]:
    for name, was in released.get("securitySchemes", {}).items():
        now = present.get("securitySchemes", {}).get(name, {})
        changed = [key for key in ("type", "scheme", "in", "name") if was.get(key) != now.get(key)]
        if changed:
            yield f"the way in {name} has another {', '.join(changed)}"


def _codes(released: Document, present: Document) -> Iterator[str]:
    for code, was in released.get("x-problems", {}).items():
        now = present.get("x-problems", {}).get(code)
        if now is None:
            yield f"the problem code {code} is gone"
        elif now["status"] != was["status"]:
            yield f"the problem {code} came with {was['status']}, now with {now['status']}"


def _operations(released: Document, present: Document, schemas: Schemas, on: date) -> Iterator[str]:
    for path, item in released["paths"].items():
        for method in (one for one in METHODS if one in item):
            name = f"{method.upper()} {path}"
            now = present["paths"].get(path, {}).get(method)
            if now is None:
                if item[method].get("x-sunset", "9999") > on.isoformat():
                    yield f"{name}: is gone"
                continue
            for what in _operation(item[method], now, schemas):
                yield f"{name}: {what}"


def _operation(was: Document, now: Document, schemas: Schemas) -> Iterator[str]:
    if was["operationId"] != now["operationId"]:
        yield f"its operationId was {was['operationId']}, now {now['operationId']}"
    if now.get("security") and not was.get("security"):
        yield "it asks for a token now"
    yield from _ways(was.get("security", ()), now.get("security", ()))
    if lost := [one for one in was.get("x-duties", ()) if one not in now.get("x-duties", ())]:
        yield f"no longer allowed to {', '.join(lost)}"
    yield from _parameters(was, now, schemas)
    yield from _body(was.get("requestBody"), now.get("requestBody"), schemas)
    yield from _answers(was["responses"], now["responses"], schemas)


def _ways(was: Iterable[Document], now: Collection[Document]) -> Iterator[str]:
    for way in was:
        if now and not any(one.keys() <= way.keys() for one in now):
            yield f"no longer let in: who sends {' and '.join(way)}"


def _parameters(was: Document, now: Document, schemas: Schemas) -> Iterator[str]:
    before = {(one["in"], one["name"]): one for one in was.get("parameters", ())}
    after = {(one["in"], one["name"]): one for one in now.get("parameters", ())}
    for key, one in before.items():
        said = f"parameter {key[1]}"
        if key not in after:
            yield f"{said} is gone"
            continue
        if after[key].get("required") and not one.get("required"):
            yield f"{said} is required now"
        for what in schemas.compared(Direction.SENT, one["schema"], after[key]["schema"]):
            yield f"{said}{what}"
    for key, one in after.items():
        if key not in before and one.get("required"):
            yield f"parameter {key[1]} is new and required"


def _body(was: Document | None, now: Document | None, schemas: Schemas) -> Iterator[str]:
    if was is None:
        if now is not None and now.get("required"):
            yield "it asks for a body now"
        return
    if now is None:
        yield "it takes no body any more"
        return
    if now.get("required") and not was.get("required"):
        yield "its body is required now"
    for what in _contents(Direction.SENT, was, now, schemas):
        yield f"body{what}"


def _answers(was: Document, now: Document, schemas: Schemas) -> Iterator[str]:
    for status, one in was.items():
        if status not in now:
            yield f"the answer {status} is gone"
            continue
        before, after = schemas.released.resolved(one), schemas.present.resolved(now[status])
        for name in before.get("headers", {}):
            if name not in after.get("headers", {}):
                yield f"answer {status}: the header {name} is gone"
        for what in _contents(Direction.TOLD, before, after, schemas):
            yield f"answer {status}{what}"


def _contents(
    direction: Direction, was: Document, now: Document, schemas: Schemas
) -> Iterator[str]:
    for media_type, one in was.get("content", {}).items():
        after = now.get("content", {}).get(media_type)
        if after is None:
            yield f": {media_type} is gone"
            continue
        yield from schemas.compared(direction, one.get("schema", {}), after.get("schema", {}))
