"""Characters of a snapshot that would not come out on paper, said at the door."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

from pydantic import BaseModel

from service.domain.errors import Fault
from service.domain.intake import walk
from service.domain.intake.complaints import pointer

WARNINGS_SHOWN = 100

_SPACING = frozenset("\t\n\r")  # printed as a space or «; »
_CONTROL = frozenset({"Cc", "Zl", "Zp"})
_NAMED = 5
_WORDS = {
    "control-character": "управляющие символы, в печать они не попадут; уберите их",
    "no-glyph": "символы, которых нет в шрифтах печати; замените их",
}

_PLAIN = bytes((*b"\t\n\r", *range(0x20, 0x7F)))  # most of a JSON text
_CONTROL_ESCAPES = (rb"\b", rb"\f")

Path = tuple[int | str, ...]


def all_printable(written: bytes, printable: Callable[[str], bool]) -> bool:
    """Tell, cheaply, whether all characters of a JSON text come out on paper.

    False may mean only that characters are written so that the bytes would not tell.
    """
    if b"\\" in written:
        if any(escape in written for escape in _CONTROL_ESCAPES):
            return False
        if rb"\u" in written:
            if not written.isascii():
                return False
            written = written.decode("raw_unicode_escape").encode(errors="surrogatepass")
    others = written.translate(None, _PLAIN).decode(errors="surrogatepass")
    return all(_trouble(character, printable) is None for character in {*_PLAIN.decode(), *others})


def warnings(part: BaseModel, printable: Callable[[str], bool], at: Path = ()) -> tuple[Fault, ...]:
    """Return up to 100 texts of a snapshot, or of its part at a place, that cannot be printed.

    `printable` says whether the fonts have a glyph for a character; it is asked once for each.
    `control-character` is left out in print, `no-glyph` prints as its number, «[U+1F600]».
    """
    found: list[Fault] = []
    known: dict[str, str | None] = {}
    for path, text in _texts(part, at):
        troubles = _troubles(text, known, printable)
        if troubles and not unicodedata.is_normalized("NFC", text):  # printed composed: Е and ¨
            troubles = _troubles(unicodedata.normalize("NFC", text), known, printable)
        found += [_warning(path, code, them) for code, them in troubles.items()]
        if len(found) >= WARNINGS_SHOWN:
            break
    return tuple(found[:WARNINGS_SHOWN])


def _troubles(
    text: str, known: dict[str, str | None], printable: Callable[[str], bool]
) -> dict[str, list[str]]:
    """Return what is the matter with a text, and the characters it is the matter with."""
    troubles: dict[str, list[str]] = {}
    for character in dict.fromkeys(text):
        if character not in known:
            known[character] = _trouble(character, printable)
        if (code := known[character]) is not None:
            troubles.setdefault(code, []).append(character)
    return troubles


def _trouble(character: str, printable: Callable[[str], bool]) -> str | None:
    if character in _SPACING:
        return None
    if unicodedata.category(character) in _CONTROL:
        return "control-character"
    return None if printable(character) else "no-glyph"


def _warning(path: Path, code: str, characters: list[str]) -> Fault:
    named = ", ".join(f"U+{ord(character):04X}" for character in characters[:_NAMED])
    more = " и другие" if len(characters) > _NAMED else ""
    field = next(step for step in reversed(path) if isinstance(step, str))
    return Fault(pointer(path), code, f"Поле «{field}»: {_WORDS[code]} ({named}{more}).")


def _texts(model: BaseModel, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield every text of a model and below it with its place in the document."""
    kind = type(model)
    for name in walk.texts(kind):
        value = getattr(model, name)
        if isinstance(value, str):
            yield (*path, walk.key_of(kind, name)), value
        elif isinstance(value, tuple):
            for index, one in enumerate(value):
                yield (*path, walk.key_of(kind, name), index), one
    for name in walk.nested(kind):
        child = getattr(model, name)
        key = walk.key_of(kind, name)
        if isinstance(child, BaseModel):
            yield from _texts(child, (*path, key))
        elif child is not None and any(map(walk.has_text, walk.models_of(kind, name))):
            for index, one in enumerate(child):
                yield from _texts(one, (*path, key, index))
