"""A reader that stops looking: a file may be tangled so that its objects are reached for ever."""

from __future__ import annotations

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, PdfObject, Reference
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

MOST_LOOKS = 100_000  # at objects of one revision: a book of 200 pages takes 12 000
MOST_PARTS = 2_000_000  # of the objects looked at, together: the same book takes 350 000


class Reader(PdfFileReader):
    """A reader whose views of older revisions run out of patience."""

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        """Return the view of a revision; the same one each time."""
        views: dict[int, HistoricalResolver] = self._historical_resolver_cache
        if revision not in views:
            views[revision] = View(self, revision)
        return views[revision]


class View(HistoricalResolver):
    """A file at one of its revisions; raises PdfReadError after so many looks at its objects."""

    def __init__(self, reader: PdfFileReader, revision: int):
        super().__init__(reader, revision)
        self._looks = MOST_LOOKS
        self._parts = MOST_PARTS
        self._weights: dict[Reference, int] = {}

    def get_object(self, ref: Reference, as_metadata_stream: bool = False) -> PdfObject:
        """Return an object."""
        found: PdfObject = super().get_object(ref, as_metadata_stream)
        if ref not in self._weights:
            self._weights[ref] = _weight(found)
        self._looks -= 1
        self._parts -= self._weights[ref]
        if self._looks < 0 or self._parts < 0:
            raise PdfReadError("the objects of this file are tangled")
        return found


def _weight(item: PdfObject) -> int:
    """Return how many parts an object has, references not followed."""
    count, waiting = 0, [item]
    while waiting:
        current = waiting.pop()
        count += 1
        if isinstance(current, DictionaryObject):
            waiting.extend(dict.values(current))
        elif isinstance(current, ArrayObject):
            waiting.extend(list.__iter__(current))
    return count
