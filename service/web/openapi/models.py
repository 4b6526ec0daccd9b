"""Schemas of what goes over the wire: pydantic's own, said in Russian, without their noise."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.domain.intake.schema import schema as snapshot_schema
from service.web.http.models import Problem
from service.web.http.operations import Operation
from service.web.openapi.lexicon import RUSSIAN, lexicon

REF = "#/components/schemas/{model}"
SNAPSHOT = "Snapshot"

Schema = dict[str, Any]
TIME = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
ONE = ("items", "additionalProperties", "not", "propertyNames", "contains", "if", "then", "else")
SEVERAL = ("anyOf", "oneOf", "allOf", "prefixItems")


class Models:
    """The components of all models of some operations, and references to them."""

    def __init__(
        self, operations: Iterable[Operation], events: Iterable[type[BaseModel]] = ()
    ) -> None:
        known = tuple(operations)
        asked = {one.asked for one in known if one.asked is not None}
        told = {one for each in known for one in each.told.values() if not isinstance(one, str)}
        modes: list[tuple[type[BaseModel], Any]] = [
            *((one, "validation") for one in _sorted(asked)),
            *((one, "serialization") for one in _sorted({*told, *events, Problem})),
        ]
        found, definitions = models_json_schema(modes, ref_template=REF)
        self._references = {one: found[one, mode] for one, mode in modes}
        self.components: dict[str, Schema] = {
            name: said(name, tidied(one)) for name, one in definitions["$defs"].items()
        } | _snapshot()

    def __getitem__(self, model: type[BaseModel]) -> Schema:
        """Return the reference to a model."""
        return dict(self._references[model])


def _sorted(models: Iterable[type[BaseModel]]) -> list[type[BaseModel]]:
    return sorted(models, key=lambda model: model.__name__)


def tidied(schema: Schema) -> Schema:
    """Return a schema without titles made of names of fields, and as loose as what validates.

    A time of day has no time zone here, so RFC 3339's `time` it is not; a set takes a value twice.
    """
    kept = {key: value for key, value in schema.items() if key not in {"title", "uniqueItems"}}
    if kept.get("format") == "time":
        del kept["format"]
        kept["pattern"] = TIME
    for key in ONE:
        if isinstance(kept.get(key), dict):
            kept[key] = tidied(kept[key])
    for key in SEVERAL:
        if key in kept:
            kept[key] = [tidied(one) for one in kept[key]]
    if "properties" in kept:
        kept["properties"] = {name: tidied(one) for name, one in kept["properties"].items()}
    return kept


def said(name: str, schema: Schema) -> Schema:
    """Return a model's schema with what it and its properties mean, in Russian."""
    words = lexicon()
    model = {key: value for key, value in schema.items() if key != "description"}
    meaning = _russian(schema) or words.of_model(name)
    if meaning:
        model = {"description": meaning, **model}
    if "properties" in model:
        model["properties"] = {
            key: _with(one, _russian(one) or words.of_property(name, key))
            for key, one in model["properties"].items()
        }
    return model


def _with(schema: Schema, meaning: str) -> Schema:
    kept = {key: value for key, value in schema.items() if key != "description"}
    return {**kept, "description": meaning} if meaning else kept


def _russian(schema: Schema) -> str:
    """Return the description a schema brings itself, if it is for whoever reads Russian."""
    brought = str(schema.get("description", ""))
    return brought if RUSSIAN.search(brought) else ""


def snapshot_explained() -> Schema:
    """Return the snapshot's JSON Schema with what its parts mean, for whoever writes an export."""
    whole = snapshot_schema()
    definitions = whole.pop("$defs")
    parts = {name: said(f"{SNAPSHOT}{name}", one) for name, one in definitions.items()}
    return {**said(SNAPSHOT, whole), "$defs": parts}


def _snapshot() -> dict[str, Schema]:
    """Return the snapshot's schema as components, its definitions beside it."""
    whole = snapshot_schema()
    definitions = whole.pop("$defs")
    parts = {SNAPSHOT: whole} | {f"{SNAPSHOT}{name}": one for name, one in definitions.items()}
    return {
        name: said(name, _pointed({k: v for k, v in tidied(one).items() if k != "$schema"}))
        for name, one in parts.items()
    }


def _pointed(value: Any) -> Any:
    match value:
        case {"$ref": str(reference), **rest}:
            model = re.sub(r"^#/\$defs/", SNAPSHOT, reference)
            return {"$ref": REF.format(model=model), **_pointed(rest)}
        case dict():
            return {key: _pointed(one) for key, one in value.items()}
        case list():
            return [_pointed(one) for one in value]
        case _:
            return value
