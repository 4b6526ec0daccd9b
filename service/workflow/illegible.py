"""Characters no font can print are told at the door, with their places, not found on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from service.domain import complaints, walk
from service.domain.errors import Fault
from service.domain.snapshot import Snapshot
from service.domain.text import plain
from service.rendering.typeface import Faces

SHOWN = 100
FIRST = 0x80  # below it everything is printed, or is a control character nobody prints


@dataclass(frozen=True, slots=True)
class Illegible:
    """Finds texts that will be printed with a character's number in place of the character."""

    faces: Faces

    def __call__(self, snapshot: Snapshot, body: bytes) -> Iterator[Fault]:
        """Yield the first hundred of them; `body` is what the snapshot was read from."""
        used = _characters(body)
        if self.faces.legible(used) == used:
            return
        for found, _ in zip(self._texts(snapshot, ()), range(SHOWN), strict=False):
            yield found

    def _is_illegible(self, text: str) -> bool:
        printed = plain(text)
        return self.faces.legible(printed) != printed

    def _texts(self, model: BaseModel, path: tuple[int | str, ...]) -> Iterator[Fault]:
        shape = type(model)
        for name in walk.texts(shape):
            value = getattr(model, name)
            for text in value if isinstance(value, tuple) else (value,):
                if isinstance(text, str) and self._is_illegible(text):
                    yield _fault((*path, walk.key_of(shape, name)))
        for name in walk.nested(shape):
            if not any(walk.has_text(one) for one in walk.models_of(shape, name)):
                continue
            value = getattr(model, name)
            here = (*path, walk.key_of(shape, name))
            if isinstance(value, tuple):
                for index, child in enumerate(value):
                    yield from self._texts(child, (*here, index))
            elif isinstance(value, BaseModel):
                yield from self._texts(value, here)


def _characters(body: bytes) -> str:
    """Return every character a JSON document may hold in its texts, once, ASCII left out."""
    written = set(body.translate(None, bytes(range(128))).decode())
    escaped = {chr(int(code, 16)) for code in set(re.findall(rb"\\u([0-9a-fA-F]{4})", body))}
    return "".join(sorted(one for one in written | escaped if ord(one) >= FIRST))


def _fault(path: tuple[int | str, ...]) -> Fault:
    message = "В тексте есть знак, которого нет в шрифтах: вместо него напечатается его номер."
    return Fault(complaints.pointer(path), "no-glyph", message)
