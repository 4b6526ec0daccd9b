"""What was appended to a file after a revision: our own, stricter look beside pyHanko's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from io import BytesIO

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    PdfObject,
    Reference,
    StreamObject,
)
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler

from signing.fields import signed_in

DEEPEST_EVIDENCE = 6  # catalogue → DSS → VRI → entry → list → stream

EVIDENCE_KEY = re.compile(r"/(Type|Certs?|OCSPs?|CRLs?|VRI|TU|TS|[0-9A-F]{40})")


class Appended(StrEnum):
    """What follows a revision."""

    NOTHING = "nothing"
    EVIDENCE = "evidence"  # certificates, revocation data, document timestamps
    CHANGES = "changes"


def appended(reader: PdfFileReader, revision: int, since: int, size: int) -> Appended:
    """Judge what follows `revision`, whose bytes end at `since`, in a file of `size` bytes.

    Every object written later must belong to the document security store or to a document
    timestamp; an object of the older revision may change only where these are hung on to it.
    """
    later = range(revision + 1, reader.total_revisions)
    if not later:
        return Appended.NOTHING if since == size else Appended.CHANGES
    if any(reader.xrefs.refs_freed_in_revision(number) for number in later):
        return Appended.CHANGES
    written = {
        _key(ref) for number in later for ref in reader.xrefs.explicit_refs_in_revision(number)
    }
    containers = {
        _key(ref) for number in later for ref in reader.xrefs.object_streams_used_in(number)
    }
    containers |= {_key(ref) for ref in reader.xrefs.xref_stream_refs}
    old = reader.get_historical_resolver(revision)
    if _trailer(old) != _trailer(reader):
        return Appended.CHANGES
    fresh = {key for key in written if _introduced(reader, key) > revision}
    indexes = {key for key in _evidence(old) if _is_index(old, key) and _is_index(reader, key)}
    allowed = containers | {key for key in _evidence(reader) if key in fresh or key in indexes}
    allowed |= {key for key in _timestamps(reader) if key in fresh}
    rest = written - allowed
    if all(_only_hung_on(old, reader, key, allowed) for key in rest):
        return Appended.EVIDENCE
    return Appended.CHANGES


Key = tuple[int, int]


def _key(ref: Reference | IndirectObject) -> Key:
    return ref.idnum, ref.generation


def _introduced(reader: PdfFileReader, key: Key) -> int:
    return int(reader.xrefs.get_introducing_revision(Reference(*key, pdf=reader)))


def _trailer(handler: PdfHandler) -> tuple[bytes, ...]:
    view = handler.trailer_view
    return tuple(
        _written(view.raw_get(key)) for key in ("/Root", "/Info", "/Encrypt") if key in view
    )


def _evidence(handler: PdfHandler) -> Iterator[Key]:
    """Yield the objects of the document security store."""
    root = handler.root
    if "/DSS" in root:
        yield from _reached(root.raw_get("/DSS"), DEEPEST_EVIDENCE)


def _reached(item: PdfObject, depth: int) -> Iterator[Key]:
    if isinstance(item, IndirectObject):
        yield _key(item)
        item = item.get_object()
    if depth == 0 or isinstance(item, StreamObject):
        return
    if isinstance(item, DictionaryObject):
        for name in item:
            yield from _reached(item.raw_get(name), depth - 1)
    elif isinstance(item, ArrayObject):
        for place in range(len(item)):
            yield from _reached(item.raw_get(place), depth - 1)


def _is_index(handler: PdfHandler, key: Key) -> bool:
    """Return whether an object is a list of evidence and nothing else that a page might show."""
    item = handler.get_object(Reference(*key, pdf=handler))
    if isinstance(item, StreamObject):
        return False
    if isinstance(item, ArrayObject):
        return all(isinstance(item.raw_get(at), IndirectObject) for at in range(len(item)))
    return isinstance(item, DictionaryObject) and all(EVIDENCE_KEY.fullmatch(key) for key in item)


def _timestamps(handler: PdfHandler) -> Iterator[Key]:
    """Yield the fields and values of document timestamps."""
    for signed in signed_in(handler):
        if signed.is_timestamp:
            yield _key(signed.reference)
            raw = signed.field.raw_get("/V")
            if isinstance(raw, IndirectObject):
                yield _key(raw)


def _only_hung_on(old: HistoricalResolver, new: PdfFileReader, key: Key, allowed: set[Key]) -> bool:
    """Return whether an old object differs only by what evidence and timestamps hang on to it."""
    if _introduced(new, key) > old.revision:
        return False
    before = old.get_object(Reference(*key, pdf=old))
    after = new.get_object(Reference(*key, pdf=new))
    if key == _key(old.root_ref):
        return _grown(before, after, allowed, frozenset({"/DSS", "/Extensions"}))
    return _grown(before, after, allowed, frozenset())


def _grown(before: PdfObject, after: PdfObject, allowed: set[Key], free: frozenset[str]) -> bool:
    """Return whether lists of fields and annotations only got timestamps, `free` keys aside."""
    if isinstance(before, ArrayObject):
        return _extended(before, after, allowed)
    if not isinstance(before, DictionaryObject) or not isinstance(after, DictionaryObject):
        return False
    if isinstance(before, StreamObject) or isinstance(after, StreamObject):
        return False
    return all(
        _entry_grown(name, _raw(before, name), _raw(after, name), allowed)
        for name in {*before, *after} - free
    )


def _entry_grown(
    name: str, before: PdfObject | None, after: PdfObject | None, allowed: set[Key]
) -> bool:
    if after is None:
        return False
    if before is not None and _written(before) == _written(after):
        return True
    if name in ("/Annots", "/Fields"):
        return _extended(ArrayObject() if before is None else before, after, allowed)
    if name == "/AcroForm" and before is not None:
        return _grown(before, after, allowed, frozenset({"/SigFlags"}))
    return False


def _raw(item: DictionaryObject, name: str) -> PdfObject | None:
    return item.raw_get(name) if name in item else None


def _extended(before: PdfObject, after: PdfObject, allowed: set[Key]) -> bool:
    if not (isinstance(before, ArrayObject) and isinstance(after, ArrayObject)):
        return False
    count = len(before)
    if [_written(before.raw_get(place)) for place in range(count)] != [
        _written(after.raw_get(place)) for place in range(min(count, len(after)))
    ]:
        return False
    added = [after.raw_get(place) for place in range(count, len(after))]
    return all(isinstance(item, IndirectObject) and _key(item) in allowed for item in added)


def _written(item: PdfObject) -> bytes:
    stream = BytesIO()
    item.write_to_stream(stream, None)
    return stream.getvalue()
