"""Who refers to given objects in an earlier revision: an empty place there may be filled later."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set

from pyhanko.pdf_utils.generic import Reference, StreamObject
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

from signing.structure import Key, at, key_of, references

SPACE = b"\0\t\n\f\r "
TOKEN_ENDS = rb"(?=[\0\t\n\f\r %])"
REST = re.compile(rb"\+?\d{1,10}")
NEW_LINE = re.compile(rb"[\r\n]")


def strangers(
    reader: PdfFileReader,
    old: HistoricalResolver,
    wanted: Set[int],
    expected: Set[Key],
    signed: memoryview,
) -> bool:
    """Return whether an object outside `expected` refers to an object of a `wanted` number.

    `signed` is the file up to the end of the old revision. References are counted in its bytes;
    only if there are more than the `expected` objects explain is every object of it read.
    """
    if not wanted:
        return False
    told = Counter(_said(signed, wanted))
    for packed in _packed(reader, old.revision):
        told.update(_said(memoryview(packed.data), wanted))
    if told == Counter(_explained(reader, old, wanted, expected)):
        return False
    return any(
        number in wanted
        for holder in _live(reader, old.revision) - expected
        for number, _ in references(old.get_object(Reference(*holder, pdf=old)))
    )


def _said(data: memoryview, numbers: Set[int]) -> Iterator[int]:
    """Yield the number of each reference written in some bytes, be it live or dead."""
    found = re.compile(b"(?:%s)" % b"|".join(b"%d" % one for one in numbers) + TOKEN_ENDS)
    line_ends = -1  # of the comment looked at last: comments are long only once
    for match in found.finditer(data):
        before = match.start()
        while before and data[before - 1] == ord("0"):
            before -= 1
        if before and chr(data[before - 1]).isdigit():
            continue
        place = match.end()
        for token in (REST, re.compile(b"R")):
            place, line_ends = _skipped(data, place, line_ends)
            read = token.match(data, place)
            if read is None:
                break
            place = read.end()
        else:
            yield int(match[0])


def _skipped(data: memoryview, place: int, line_ends: int) -> tuple[int, int]:
    """Return the next place that is neither space nor comment."""
    while place < len(data):
        if data[place] in SPACE:
            place += 1
        elif data[place] == ord("%"):
            if line_ends < place:
                end = NEW_LINE.search(data, place)
                line_ends = end.start() if end else len(data)
            place = line_ends
        else:
            break
    return place, line_ends


def _explained(
    reader: PdfFileReader, old: HistoricalResolver, wanted: Set[int], expected: Iterable[Key]
) -> Iterator[int]:
    """Yield the number of each reference held by every version of the `expected` objects so far."""
    seen: set[object] = set()
    for revision in range(old.revision + 1):
        then = reader.get_historical_resolver(revision)
        rewritten = {key_of(ref) for ref in reader.xrefs.explicit_refs_in_revision(revision)}
        for key in rewritten & set(expected):
            place = reader.xrefs.get_historical_ref(Reference(*key, pdf=reader), revision)
            if place not in seen:
                seen.add(place)
                yield from (one for one, _ in references(at(then, key)) if one in wanted)


def _packed(reader: PdfFileReader, revision: int) -> Iterator[StreamObject]:
    for number in range(revision + 1):
        for ref in reader.xrefs.object_streams_used_in(number):
            yield reader.get_object(ref, never_decrypt=True)


def _live(reader: PdfFileReader, revision: int) -> set[Key]:
    return {
        key_of(ref)
        for number in range(revision + 1)
        for ref in reader.xrefs.explicit_refs_in_revision(number)
    }
