"""Two schemas of one thing: what is narrower in what is sent, what is vaguer in what is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

Schema = Mapping[str, Any]

UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")


class Direction(Enum):
    """Who reads a value: the service what is sent, the client what is told."""

    SENT = "sent"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Side:
    """A document whose references can be followed."""

    document: Schema

    def resolved(self, schema: Schema) -> Schema:
        """Return what a reference leads to, or the schema itself."""
        while "$ref" in schema:
            found: Any = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            schema = found
        return schema

    def members(self, schema: Schema) -> list[Schema]:
        """Return the alternatives of a schema, all of them resolved."""
        one = self.resolved(schema)
        for several in ("anyOf", "oneOf"):
            if several in one:
                return [each for part in one[several] for each in self.members(part)]
        if isinstance(one.get("type"), list):
            return [{**one, "type": name} for name in one["type"]]
        return [one]


class Schemas:
    """Compares schemas of a released description and of the present one."""

    def __init__(self, released: Schema, present: Schema) -> None:
        self.released, self.present = Side(released), Side(present)
        self._open: set[tuple[Direction, int, int]] = set()

    def compared(self, direction: Direction, was: Schema, now: Schema) -> Iterator[str]:
        """Yield what breaks, each with the place within the value before it."""
        before, after = self.released.resolved(was), self.present.resolved(now)
        key = direction, id(before), id(after)
        if key in self._open:
            return
        self._open.add(key)
        try:
            yield from self._compared(direction, was, now)
            if direction is Direction.SENT:
                yield from _default(was.get("default"), now.get("default"))
        finally:
            self._open.remove(key)

    def _compared(self, direction: Direction, was: Schema, now: Schema) -> Iterator[str]:
        before, after = self.released.members(was), self.present.members(now)
        if len(before) == len(after) == 1:
            yield from self._one(direction, before[0], after[0])
            return
        left = list(after)
        for one in before:
            match = next((other for other in left if _alike(one, other)), None)
            if match is not None:
                left.remove(match)
                yield from self._one(direction, one, match)
            elif direction is Direction.SENT:
                yield f": {_name(one)} is not taken any more"
        if direction is Direction.TOLD:
            yield from (f": may be {_name(one)} now" for one in left)

    def _one(self, direction: Direction, was: Schema, now: Schema) -> Iterator[str]:
        if not _same_type(direction, was, now):
            yield f": its type was {_name(was)}, now {_name(now)}"
            return
        yield from _values(direction, was, now)
        if direction is Direction.SENT:
            yield from _limits(was, now)
        yield from self._properties(direction, was, now)
        yield from self._inside(direction, was, now)

    def _properties(self, direction: Direction, was: Schema, now: Schema) -> Iterator[str]:
        before, after = was.get("properties", {}), now.get("properties", {})
        for name, one in before.items():
            if name not in after:
                yield f"/{name} is gone"
                continue
            for what in self.compared(direction, one, after[name]):
                yield f"/{name}{what}"
        needed, still = set(was.get("required", ())), set(now.get("required", ()))
        if direction is Direction.SENT:
            yield from (f"/{name} is required now" for name in sorted(still - needed))
        else:
            yield from (
                f"/{name} may be missing now" for name in sorted((needed - still) & after.keys())
            )

    def _inside(self, direction: Direction, was: Schema, now: Schema) -> Iterator[str]:
        """Compare items of lists, names and values of maps."""
        closed = now.get("additionalProperties") is False
        if direction is Direction.SENT and closed and was.get("additionalProperties") is not False:
            yield ": unknown properties are refused now"
        for key, place in (("items", "/-"), ("additionalProperties", "/*"), ("propertyNames", "")):
            before, after = was.get(key), now.get(key)
            if isinstance(before, Mapping) and isinstance(after, Mapping):
                for what in self.compared(direction, before, after):
                    yield f"{place}{what}"


def _default(was: Any, now: Any) -> Iterator[str]:
    """Compare what is taken where nothing is sent; an object's properties have their own."""
    if was != now and not isinstance(was, Mapping):
        yield f": its default was {was!r}, now {now!r}"


def _values(direction: Direction, was: Schema, now: Schema) -> Iterator[str]:
    """Yield what is lost of an enumeration, a format or a media type."""
    before, after = _listed(was), _listed(now)
    narrowed = direction is Direction.SENT and before is None and after is not None
    if narrowed:
        yield f": only {after} now"
    elif before is not None and after is not None:
        yield from (f": the value {one!r} is gone" for one in before if one not in after)
    for key in ("format", "contentMediaType", "pattern"):
        old, new = was.get(key), now.get(key)
        lost = old is not None and (key != "pattern" or direction is Direction.SENT)
        gained = old is None and new is not None and direction is Direction.SENT
        widened = key == "pattern" and new is None
        if old != new and (gained or lost) and not widened:
            yield f": its {key} was {old}, now {new}"


def _limits(was: Schema, now: Schema) -> Iterator[str]:
    for keys, sign in ((UPPER, 1), (LOWER, -1)):
        for key in keys:
            old, new = was.get(key), now.get(key)
            if new is not None and (old is None or sign * new < sign * old) and new != _free(key):
                yield f": its {key} was {old}, now {new}"
    if now.get("uniqueItems") and not was.get("uniqueItems"):
        yield ": its items must differ now"


def _free(key: str) -> int | None:
    """Return the limit that limits nothing."""
    return 0 if key in {"minLength", "minItems", "minProperties"} else None


def _listed(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    listed: list[Any] | None = schema.get("enum")
    return listed


def _same_type(direction: Direction, was: Schema, now: Schema) -> bool:
    before, after = was.get("type"), now.get("type")
    wider = ("integer", "number") if direction is Direction.SENT else ("number", "integer")
    return before == after or (before, after) == wider


def _alike(one: Schema, other: Schema) -> bool:
    """Return whether two alternatives are the same one: of a type, and of a shape if objects."""
    if one.get("type") != other.get("type"):
        return False
    mine, theirs = one.get("properties", {}), other.get("properties", {})
    return not (mine or theirs) or bool(mine.keys() & theirs.keys())


def _name(schema: Schema) -> str:
    return str(schema.get("type", "anything"))
