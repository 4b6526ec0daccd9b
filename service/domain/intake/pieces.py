"""Where the values of a JSON text begin and end, found without building any of them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

DEPTH = 4  # levels that one match of a regular expression passes over
MOST = 100  # classes

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'


def _flat(levels: int) -> bytes:
    # Atomic and bounded, as a possessive group inside another does not match before Python 3.11.5.
    inner = rb"[{\[]" + _flat(levels - 1) + rb"[}\]]" if levels else b"(?!)"
    between = rb'[^"{}\[\]]*+'
    return rb"(?>(?:" + between + rb"(?:" + _STRING + rb"|" + inner + rb")){0,9999})" + between


STRING = re.compile(_STRING, re.DOTALL)
FLAT = re.compile(_flat(DEPTH), re.DOTALL)
SPACE = re.compile(rb"[ \t\n\r]*+")
KEY = re.compile(rb"(" + _STRING + rb")[ \t\n\r]*+:[ \t\n\r]*+", re.DOTALL)
NEXT = re.compile(rb"[ \t\n\r]*+([,}\]])[ \t\n\r]*+")
SCALAR = re.compile(rb'[^ \t\n\r,:"{}\[\]]++')


class Uneven(ValueError):
    """The text is not JSON, or not to the end."""


def past(body: bytes, at: int) -> int:
    """Return where the white space at a place ends."""
    return _end(SPACE, body, at)


def after(body: bytes, at: int) -> int:
    """Return where the value that begins at a place ends; raises Uneven."""
    opening = body[at : at + 1]
    if opening == b'"':
        return _end(STRING, body, at)
    if opening not in (b"{", b"["):
        return _end(SCALAR, body, at)
    depth, at = 1, at + 1
    while depth:
        end = _end(FLAT, body, at)
        match body[end : end + 1]:
            case b"{" | b"[":
                depth += 1
                end += 1
            case b"}" | b"]":
                depth -= 1
                end += 1
            case _ if end == at:
                raise Uneven
        at = end
    return at


def key(body: bytes, at: int) -> tuple[str, int]:
    """Return the key that begins at a place and where its value begins; raises Uneven."""
    found = KEY.match(body, at)
    if found is None:
        raise Uneven
    said = found[1]
    return json.loads(said) if b"\\" in said else said[1:-1].decode(), found.end()


def first(body: bytes, at: int) -> tuple[bool, int]:
    """Say whether what is opened at a place has members, and where the first begins or it ends."""
    at = past(body, at + 1)
    closed = body[at : at + 1] in (b"}", b"]")
    return not closed, at + closed


def following(body: bytes, at: int) -> tuple[bool, int]:
    """Say whether a member follows the one that ends at a place, and where, or where all end.

    Raises Uneven.
    """
    found = NEXT.match(body, at)
    if found is None:
        raise Uneven
    return (True, found.end()) if found[1] == b"," else (False, found.end(1))


def _end(pattern: re.Pattern[bytes], body: bytes, at: int) -> int:
    found = pattern.match(body, at)
    if found is None:
        raise Uneven
    return found.end()


@dataclass(frozen=True, slots=True)
class Pieces:
    """A snapshot's text without its classes, and where each of these begins and ends."""

    outline: bytes
    classes: tuple[tuple[int, int], ...]

    @property
    def gap(self) -> int:
        """Where the outline leaves the classes out."""
        return self.classes[0][0]

    def moved(self, at: int) -> int:
        """Return where in the text a byte of the outline stands."""
        return at if at < self.gap else at - self.gap + self.classes[-1][1]


def split(body: bytes) -> Pieces | None:
    """Return a snapshot's text in pieces: if each is JSON, so is the whole.

    None where it is not clear where they are: no list of 1 to 100 objects, or the key twice.
    """
    try:
        classes = _classes(body, past(body, 0))
    except Uneven:
        return None
    if not 1 <= len(classes) <= MOST or any(body[at : at + 1] != b"{" for at, _ in classes):
        return None
    return Pieces(body[: classes[0][0]] + body[classes[-1][1] :], classes)


def _classes(body: bytes, at: int) -> tuple[tuple[int, int], ...]:
    """Return where the items of the one list of classes are in the object at a place.

    Raises Uneven where there is none, or two.
    """
    found: list[list[tuple[int, int]]] = []
    member, here = _opened(body, at, b"{")
    while member:
        name, value = key(body, here)
        if name == "classes":
            found.append([])
            end = _items(body, value, found[-1])
        else:
            end = after(body, value)
        member, here = following(body, end)
    if len(found) != 1:
        raise Uneven
    return tuple(found[0])


def _items(body: bytes, at: int, found: list[tuple[int, int]]) -> int:
    """Note where each item of the list at a place is and return where the list ends."""
    item, here = _opened(body, at, b"[")
    while item:
        end = after(body, here)
        found.append((here, end))
        item, here = following(body, end)
    return here


def _opened(body: bytes, at: int, bracket: bytes) -> tuple[bool, int]:
    if body[at : at + 1] != bracket:
        raise Uneven
    return first(body, at)
