"""The faults behind the first one of a long list, where the schema ceases to read it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, FailFast, TypeAdapter, ValidationError
from pydantic_core import from_json

from service.domain.intake import walk

Place = tuple[int | str, ...]


def behind(
    model: type[BaseModel], text: bytes, found: Sequence[Mapping[str, Any]], **as_sent: Any
) -> Iterator[dict[str, Any]]:
    """Yield what pydantic would have found in `text` too, had it read every list to its end.

    `found` is what it did find. Memory is that of the text as plain values, time that of checking
    once more what the lists hold.
    """
    if any(True for record in found for _ in _ends(model, record["loc"])):
        yield from _behind(model, from_json(text), found, as_sent)


def _behind(
    model: type[BaseModel],
    value: Any,
    found: Sequence[Mapping[str, Any]],
    as_sent: Mapping[str, Any],
) -> Iterator[dict[str, Any]]:
    ends = {end: items for record in found for end, items in _ends(model, record["loc"])}
    for (*place, last), items in ends.items():
        rest = value
        for step in place:
            rest = rest[step]
        for index in range(int(last) + 1, len(rest)):
            for record in _of(items, rest[index], as_sent):
                yield {**record, "loc": (*place, index, *record["loc"])}


def _of(items: Any, item: Any, as_sent: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    try:
        _checked(items).validate_json(json.dumps(item), **as_sent)
    except ValidationError as error:
        found = [dict(one) for one in error.errors(include_url=False, include_input=False)]
        yield from found
        if walk.is_model(items):
            yield from _behind(items, item, found, as_sent)


def _ends(model: type[BaseModel], place: Place) -> Iterator[tuple[Place, Any]]:
    """Yield each item on the way to a fault at which a list was left, and what its items are."""
    inside: type[BaseModel] | None = model
    for depth, step in enumerate(place):
        if inside is None or isinstance(step, int):
            continue
        name = walk.keys(inside).get(step)
        if name is None:
            return
        if (items := _items(inside, name)) and len(place) > depth + 1:
            yield place[: depth + 2], items
        inside = next(iter(walk.models_of(inside, name)), None)


@cache
def _items(model: type[BaseModel], name: str) -> Any:
    """Return of what a field is a list that is left at its first faulty item; None if it is not."""
    field = model.model_fields[name]
    ends = any(isinstance(one, FailFast) and one.fail_fast for one in field.metadata)
    return get_args(field.annotation)[0] if ends else None


@cache
def _checked(items: Any) -> TypeAdapter[Any]:
    return TypeAdapter(items)
