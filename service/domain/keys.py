"""Keys of a document that no model knows, or that stand twice in one object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from service.domain import walk
from service.domain.complaints import pointer
from service.domain.errors import Fault
from service.domain.snapshot import Snapshot

_SHOWN = 60  # characters of a key
_SPACED = (b'" :', b'"\t:', b'"\n:', b'"\r:')

Path = tuple[int | str, ...]


class _Twice(list[tuple[str, Any]]):
    """An object of a document in which a key stands twice."""


def all_used(body: bytes, snapshot: Snapshot) -> bool:
    """Tell, cheaply, whether every key of a valid document went into the snapshot made of it.

    False may mean only that keys are written so that counting `":` would not tell.
    """
    if any(spaced in body for spaced in _SPACED):
        return False
    # No known key ends with a backslash, so the second count is of texts.
    return body.count(b'":') - body.count(b'\\":') == _keys_of(snapshot)


def strange(body: bytes) -> Iterator[Fault]:
    """Yield a fault for every key of a valid document that is unknown, or stands there again."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any] | _Twice:
        found = dict(items)
        return found if len(found) == len(items) else _Twice(items)

    yield from _strange(json.loads(body, object_pairs_hook=pairs), Snapshot, ())


def _keys_of(snapshot: Snapshot) -> int:
    """Return how many keys of a document went into a snapshot and everything below it."""
    total = 0
    waiting: list[BaseModel] = [snapshot]
    while waiting:
        model = waiting.pop()
        total += len(model.model_fields_set)
        for name in walk.nested(type(model)):
            child = getattr(model, name)
            if isinstance(child, tuple):
                waiting += child
            elif child is not None:
                waiting.append(child)
    return total


def _strange(value: object, model: type[BaseModel], path: Path) -> Iterator[Fault]:
    if isinstance(value, _Twice):
        yield from _in_object(value, model, path)
    elif isinstance(value, dict):
        yield from _in_object(value.items(), model, path)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _strange(child, model, (*path, index))


def _in_object(items: Any, model: type[BaseModel], path: Path) -> Iterator[Fault]:
    seen: set[str] = set()
    known = walk.keys(model)
    for key, child in items:
        here = (*path, key)
        if key not in known:
            message = f"Поле «{key[:_SHOWN]}» схеме неизвестно: уберите его или исправьте имя."
            yield Fault(pointer(here), "unknown-key", message)
        elif key in seen:
            message = f"Поле «{key}» стоит в объекте дважды: оставьте одно."
            yield Fault(pointer(here), "duplicate-key", message)
        else:
            seen.add(key)
            for below in walk.models_of(model, known[key]):
                yield from _strange(child, below, here)
