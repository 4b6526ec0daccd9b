"""Schemas in words: a type, its limits, a reference to a model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup, escape

TYPES = {
    "string": "строка",
    "integer": "целое число",
    "number": "число",
    "boolean": "true или false",
    "object": "объект",
    "null": "null",
}
FORMATS = {
    "date": "день, `2027-06-15`",
    "date-time": "момент времени, `2027-06-15T10:32:00+05:00`",
    "uri-reference": "адрес",
}
LIMITS = (
    ("minLength", "не короче {}"),
    ("maxLength", "не длиннее {}"),
    ("minimum", "от {}"),
    ("maximum", "до {}"),
    ("exclusiveMinimum", "больше {}"),
    ("exclusiveMaximum", "меньше {}"),
    ("minItems", "не меньше {} шт."),
    ("maxItems", "не больше {} шт."),
    ("minProperties", "полей не меньше {}"),
    ("maxProperties", "полей не больше {}"),
)


def fields(model: Mapping[str, Any]) -> Iterator[tuple[str, bool, Mapping[str, Any]]]:
    """Return the properties of a model: name, whether it must be there, its schema."""
    needed = model.get("required", ())
    for name, one in model.get("properties", {}).items():
        yield name, name in needed, one


def named(schema: Mapping[str, Any]) -> Markup:
    """Return what a value must be, models as links."""
    words = [_kind(schema)]
    words += [escape(said.format(schema[key])) for key, said in LIMITS if key in schema]
    if "pattern" in schema:
        words.append(Markup("по образцу <code>{}</code>").format(schema["pattern"]))
    if schema.get("default") not in (None, [], {}, ""):
        words.append(Markup("по умолчанию <code>{}</code>").format(_value(schema["default"])))
    return Markup(", ").join(words)


def _kind(schema: Mapping[str, Any]) -> Markup:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="#model-{0}">{0}</a>').format(name)
    if "const" in schema or "enum" in schema:
        values = schema.get("enum", [schema.get("const")])
        return Markup(" | ").join(Markup("<code>{}</code>").format(_value(one)) for one in values)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return Markup(" или ").join(named(one) for one in schema[several])
    return _plain(schema)


def _plain(schema: Mapping[str, Any]) -> Markup:
    match schema:
        case {"type": "array", "items": dict(one)}:
            return Markup("список: {}").format(named(one))
        case {"type": "object", "additionalProperties": dict(one)}:
            return Markup("объект, значения: {}").format(named(one))
        case {"contentMediaType": str(media_type)}:
            return Markup("файл <code>{}</code>").format(media_type)
        case {"type": str(name)}:
            return _coded(FORMATS.get(schema.get("format", ""), TYPES[name]))
        case _:
            return Markup("любое значение")


def _coded(text: str) -> Markup:
    before, code, after = text.split("`") if "`" in text else (text, "", "")
    return Markup("{}<code>{}</code>{}").format(before, code, after) if code else escape(text)


def _value(value: Any) -> str:
    """Return a value as JSON tells it, text without its quotes."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
