"""Keys of a document that no model knows, or that stand twice in one object."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from pydantic import BaseModel

from service.domain.errors import Fault
from service.domain.intake import pieces, walk
from service.domain.intake.complaints import pointer
from service.domain.snapshot import Snapshot

_SHOWN = 60  # characters of a key
_SPACED = (b'" :', b'"\t:', b'"\n:', b'"\r:')

_UNKNOWN = "Поле «{}» схеме неизвестно: уберите его или исправьте имя."
_AGAIN = "Поле «{}» стоит в объекте дважды: оставьте одно."

Path = tuple[int | str, ...]


def all_used(body: bytes, snapshot: Snapshot) -> bool:
    """Tell, cheaply, whether every key of a valid document went into the snapshot made of it.

    False may mean only that keys are written so that counting `":` would not tell.
    """
    if unclear(body):
        return False
    return keys_in(body) == keys_of(snapshot)


def keys_in(body: bytes) -> int:
    """Return how many keys a document has; none of ours ends with a backslash, as texts may."""
    return body.count(b'":') - body.count(b'\\":')


def strange(
    body: bytes, most: int, counted: int, clean: Mapping[int, int]
) -> tuple[tuple[Fault, ...], int]:
    """Return what is wrong with keys of a valid document, `most` faults of it, and how much.

    Every key that is unknown, or stands in its object again, is a fault. What stands under it is
    passed over, and nothing of the document is built: a flood takes no memory. Counting ends at
    `counted`; what is `clean`, by the place where it begins to the one where it ends, is not
    looked through.
    """
    search = _Search(body, most, counted, clean)
    with suppress(_Enough):
        search.value(pieces.past(body, 0), Snapshot, ())
    return tuple(search.found), search.total


def unclear(body: bytes) -> bool:
    """Tell whether keys are written so that counting `":` would not tell."""
    return any(spaced in body for spaced in _SPACED)


def keys_of(snapshot: BaseModel) -> int:
    """Return how many keys of a document went into a model and everything below it."""
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


class _Enough(Exception):
    """So much is wrong that nobody counts on."""


class _Search:
    """Goes through a document once, model by model."""

    def __init__(self, body: bytes, most: int, counted: int, clean: Mapping[int, int]) -> None:
        self.found: list[Fault] = []
        self.total = 0
        self._body = body
        self._most = most
        self._counted = counted
        self._clean = clean

    def value(self, at: int, model: type[BaseModel], path: Path) -> int:
        """Look through the value at a place and return where it ends."""
        if at in self._clean:
            return self._clean[at]
        match self._body[at : at + 1]:
            case b"{":
                return self._object(at, model, path)
            case b"[":
                return self._list(at, model, path)
        return pieces.after(self._body, at)

    def _list(self, at: int, model: type[BaseModel], path: Path) -> int:
        item, end = pieces.first(self._body, at)
        index = 0
        while item:
            here = self.value(end, model, (*path, index))
            item, end = pieces.following(self._body, here)
            index += 1
        return end

    def _object(self, at: int, model: type[BaseModel], path: Path) -> int:
        seen: set[str] = set()
        known = walk.keys(model)
        member, end = pieces.first(self._body, at)
        while member:
            key, value = pieces.key(self._body, end)
            below: tuple[type[BaseModel], ...] = ()
            if key not in known:
                self._note("unknown-key", _UNKNOWN, key, path)
            elif key in seen:
                self._note("duplicate-key", _AGAIN, key, path)
            else:
                seen.add(key)
                below = walk.models_of(model, known[key])
            here = value if below else pieces.after(self._body, value)
            for one in below:
                here = self.value(value, one, (*path, key))
            member, end = pieces.following(self._body, here)
        return end

    def _note(self, code: str, said: str, key: str, path: Path) -> None:
        self.total += 1
        if self.total <= self._most:
            message = said.format(key[:_SHOWN])
            self.found.append(Fault(pointer((*path, key)), code, message))
        if self.total >= self._counted:
            raise _Enough
