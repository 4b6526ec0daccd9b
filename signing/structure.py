"""Walking through PDF objects: what one holds, what is reached from it, how it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NullObject,
    PdfObject,
    Reference,
)
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler

Key = tuple[int, int]  # object number and generation

MOST_REACHED = 20_000  # objects looked at from one place; more is nobody's honest page


def key_of(reference: Reference | IndirectObject) -> Key:
    """Return the key of an object referred to."""
    return reference.idnum, reference.generation


def at(handler: PdfHandler, key: Key) -> PdfObject:
    """Return the object of a key; one that is not there or cannot be read is null."""
    try:
        found: PdfObject = handler.get_object(Reference(*key, pdf=handler))
    except PdfReadError:
        return NullObject()
    return found


def introduced(reader: PdfFileReader, key: Key) -> int:
    """Return the revision an object first appears in."""
    return int(reader.xrefs.get_introducing_revision(Reference(*key, pdf=reader)))


def parts(item: PdfObject) -> Iterator[tuple[str, PdfObject]]:
    """Yield what a dictionary (with its names) or an array holds, references left as they are."""
    if isinstance(item, DictionaryObject):
        yield from ((name, item.raw_get(name)) for name in item)
    elif isinstance(item, ArrayObject):
        yield from (("", item.raw_get(place)) for place in range(len(item)))


def references(item: PdfObject) -> Iterator[Key]:
    """Yield every reference an object holds itself, as often as it does."""
    waiting = [item]
    while waiting:
        current = waiting.pop()
        if isinstance(current, IndirectObject):
            yield key_of(current)
        else:
            waiting.extend(part for _, part in parts(current))


def reached(
    handler: PdfHandler, start: PdfObject, but: Iterable[str] = (), most: int = MOST_REACHED
) -> Iterator[Key]:
    """Yield every object reached from `start`, streams' dictionaries included, names `but` aside.

    Stops after `most` objects.
    """
    seen: set[Key] = set()
    waiting = [start]
    avoided = frozenset(but)
    while waiting and len(seen) < most:
        current = waiting.pop()
        if isinstance(current, IndirectObject):
            key = key_of(current)
            if key in seen:
                continue
            seen.add(key)
            yield key
            current = at(handler, key)
        waiting.extend(part for name, part in parts(current) if name not in avoided)


def raw(item: DictionaryObject, name: str) -> PdfObject | None:
    """Return an entry as it stands, or None."""
    return item.raw_get(name) if name in item else None


def written(item: PdfObject) -> bytes:
    """Return an object as bytes: equal bytes, equal objects."""
    stream = BytesIO()
    item.write_to_stream(stream, None)
    return stream.getvalue()
