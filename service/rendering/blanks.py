"""Running text as blanks: a text that stands on lines of its own is set into a slot like ink.

So one layout serves every document that differs in such texts only. A text that has to be broken
is laid out by WeasyPrint with the page, and a layout with such texts is kept in memory only, for
they may name people.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from service.rendering.capture import Capture, Run, Slot
from service.rendering.forms import Forms
from service.rendering.paper import MM
from service.rendering.setting import set_lines
from service.rendering.typeface import Faces

GUTTER = 5 * MM  # points left free to the right of an open text, at least


@dataclass(frozen=True, slots=True)
class Said:
    """A text of a template: `{{ said(text) }}` is where it stands."""

    text: str
    broken: bool = False  # "\\n" breaks a line
    open: bool = False  # nothing stands to its right, however narrow its box is drawn

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines it wants; more than one only where "\\n" breaks them."""
        return tuple(self.text.split("\n")) if self.broken else (self.text,)


class Blanks:
    """Pages laid out once for all texts that fit the same lines."""

    def __init__(self, forms: Forms):
        self._forms = forms
        self._faces = forms.typesetter.faces
        self._literal = lru_cache(maxsize=256)(self._lay_out)

    def page(self, template: str, values: Mapping[str, Any]) -> Capture:
        """Return the one page of a template; every `Said` among the values is in its place."""
        texts = list(_texts(values))
        laid_out = {n for n, one in enumerate(texts) if not one.text}
        while True:
            form = self._form(template, values, texts, laid_out)
            wide = {
                n
                for n, one in enumerate(texts)
                if n not in laid_out and not self._fits(form, form.slots[_name(n)], one)
            }
            if not wide:
                break
            laid_out |= wide
        runs: list[Run] = []
        for n, one in enumerate(texts):
            if n not in laid_out:
                runs += _set(form.slots[_name(n)], one, self._faces, form.width)
        return replace(form, runs=form.runs + tuple(runs))

    def _form(
        self, template: str, values: Mapping[str, Any], texts: list[Said], laid_out: set[int]
    ) -> Capture:
        left = iter(range(len(texts)))
        marked = _marked(values, left, laid_out)
        if any(texts[n].text for n in laid_out):
            return self._literal(template, json.dumps(marked))
        return self._forms.form(template, **marked)

    def _lay_out(self, template: str, marked: str) -> Capture:
        (captured,) = self._forms.typesetter.pages(template, **json.loads(marked))
        return captured

    def _fits(self, form: Capture, slot: Slot, one: Said) -> bool:
        if "\n" in one.text and not one.broken:
            return False
        face, room = self._faces[slot.face], _room(slot, one, form.width)
        return all(face.width(line, slot.size) <= room for line in one.lines)


def _name(number: int) -> str:
    return f"said-{number}"


def _room(slot: Slot, one: Said, width: float) -> float:
    return width - slot.x - GUTTER if one.open else slot.width


def _set(slot: Slot, one: Said, faces: Faces, width: float) -> tuple[Run, ...]:
    lines = one.lines
    middle = slot.top + (len(lines) - 1) * slot.leading / 2
    box = replace(slot, width=_room(slot, one, width), top=middle)
    return set_lines(box, lines, faces)


def _texts(value: Any) -> Iterator[Said]:
    if isinstance(value, Said):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _marked(value: Any, numbers: Iterator[int], laid_out: set[int]) -> Any:
    """Return the values as a template takes them: a text as it is, or the slot it is set into."""
    if isinstance(value, Said):
        number = next(numbers)
        if number in laid_out:
            return value.text
        return {"slot": _name(number), "sample": "\n".join("0" for _ in value.lines)}
    if isinstance(value, Mapping):
        return {name: _marked(inner, numbers, laid_out) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_marked(inner, numbers, laid_out) for inner in value]
    return value
