"""What was appended to a file after a revision: evidence, signatures, or something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    PdfObject,
    StreamObject,
)
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler

from signing.changes import named
from signing.fields import signed_in
from signing.referrers import strangers
from signing.reports import Change, ChangeKind
from signing.structure import (
    Key,
    at,
    introduced,
    key_of,
    parts,
    raw,
    reached,
    references,
    written,
)

EVIDENCE_KEY = re.compile(r"/(Type|Certs?|OCSPs?|CRLs?|VRI|TU|TS|[0-9A-F]{40})")
END = re.compile(rb"%%EOF[\r\n \t]*\Z")
OBJECT = re.compile(rb"\bobj\b")


class Appended(StrEnum):
    """What follows a revision; the worst of it."""

    NOTHING = "nothing"
    EVIDENCE = "evidence"  # certificates, revocation data, document timestamps
    SIGNATURES = "signatures"  # empty signature fields were filled
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Sequel:
    """What follows a revision: fields filled, and what nothing explains."""

    appended: Appended
    filled: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


def sequel(reader: PdfFileReader, revision: int, since: int, pdf: bytes) -> Sequel:
    """Judge what follows `revision`, whose bytes end at `since`, in the open file `pdf`.

    Every object written later must belong to the document security store, to an invisible
    document timestamp or to a signature in a field that stood empty; an object of the older
    revision may change only where these are hung on to it; and nothing written later may take
    a place an older object already pointed at, for then it could show up on a page.
    """
    later = range(revision + 1, reader.total_revisions)
    ends = _ends_once(reader, pdf) if later else since == len(pdf)
    tail = () if ends else (Change(ChangeKind.TAIL, "данные после конца файла"),)
    if not later:
        return Sequel(Appended.CHANGES if tail else Appended.NOTHING, (), tail)
    old = reader.get_historical_resolver(revision)
    look = _Look.at(reader, old)
    changes = (*tail, *_unexplained(reader, old, look, memoryview(pdf)[:since]))
    if changes:
        return Sequel(Appended.CHANGES, tuple(look.filled.values()), changes)
    kind = Appended.SIGNATURES if look.filled else Appended.EVIDENCE
    return Sequel(kind, tuple(look.filled.values()))


def _ends_once(reader: PdfFileReader, pdf: bytes) -> bool:
    """Tell whether nothing but the end of the file follows the last cross-reference section."""
    last = reader.xrefs.get_xref_container_info(reader.total_revisions - 1)
    rest = pdf[last.end_location :]
    return rest.count(b"%%EOF") == 1 and bool(END.search(rest)) and not OBJECT.search(rest)


@dataclass(frozen=True, slots=True)
class _Look:
    """The objects written after a revision, sorted by what they are."""

    written: frozenset[Key]
    containers: frozenset[Key]  # object streams, cross-reference streams
    fresh: frozenset[Key]  # of evidence, timestamps and signatures: not there before
    indexes: frozenset[Key]  # lists of evidence that were there and got longer
    filled: dict[Key, str]  # signature fields that stood empty
    timestamps: frozenset[Key]  # fields of document timestamps

    @classmethod
    def at(cls, reader: PdfFileReader, old: HistoricalResolver) -> _Look:
        later = range(old.revision + 1, reader.total_revisions)
        rewritten = {
            key_of(ref)
            for number in later
            for ref in reader.xrefs.explicit_refs_in_revision(number)
        }
        containers = {
            key_of(ref) for number in later for ref in reader.xrefs.object_streams_used_in(number)
        }
        containers |= {key_of(ref) for ref in reader.xrefs.xref_stream_refs}
        unknown = {key for key in rewritten if introduced(reader, key) > old.revision}
        evidence = set(_evidence(reader))
        filled = _filled(reader, old, unknown)
        stamps = {one for one in _timestamps(reader) if one in unknown}
        signed = {one for key in (*filled, *stamps) for one in _of_signature(reader, key)}
        return cls(
            written=frozenset(rewritten),
            containers=frozenset(containers),
            fresh=frozenset((evidence | signed) & unknown),
            indexes=frozenset(
                key
                for key in rewritten & evidence & set(_evidence(old))
                if _is_index(old, key) and _is_index(reader, key)
            ),
            filled=filled,
            timestamps=frozenset(stamps),
        )


def _unexplained(
    reader: PdfFileReader, old: HistoricalResolver, look: _Look, signed: memoryview
) -> Iterator[Change]:
    freed = any(
        reader.xrefs.refs_freed_in_revision(number)
        for number in range(old.revision + 1, reader.total_revisions)
    )
    if freed:
        yield Change(ChangeKind.REMOVED, "удалённые объекты")
        return
    if _trailer(old) != _trailer(reader):
        yield Change(ChangeKind.CATALOGUE, "корень документа")
    explained = look.containers | look.fresh | look.indexes
    rest = {key for key in look.written - explained if not _only_hung_on(old, reader, key, look)}
    yield from named(old, reader, rest)
    lists = {key for key in _evidence(old) if _is_index(old, key)}
    elsewhere = {
        key for name, part in parts(old.root) if name != "/DSS" for key in references(part)
    }
    wanted = look.fresh | look.indexes
    if wanted & elsewhere or strangers(
        reader, old, {number for number, _ in wanted}, {key_of(old.root_ref), *lists}, signed
    ):
        yield Change(ChangeKind.EVIDENCE_MISUSED, "содержимое под видом данных для проверки")


def _trailer(handler: PdfHandler) -> tuple[bytes, ...]:
    view = handler.trailer_view
    return tuple(
        written(view.raw_get(key)) for key in ("/Root", "/Info", "/Encrypt") if key in view
    )


def _evidence(handler: PdfHandler) -> Iterator[Key]:
    """Yield the objects of the document security store."""
    store = raw(handler.root, "/DSS")
    if store is not None:
        yield from reached(handler, store)


def _is_index(handler: PdfHandler, key: Key) -> bool:
    """Return whether an object is a list of evidence and nothing else that a page might show."""
    item = at(handler, key)
    if isinstance(item, StreamObject):
        return False
    if isinstance(item, ArrayObject):
        return all(isinstance(item.raw_get(place), IndirectObject) for place in range(len(item)))
    return isinstance(item, DictionaryObject) and all(EVIDENCE_KEY.fullmatch(key) for key in item)


def _timestamps(handler: PdfHandler) -> Iterator[Key]:
    """Yield the fields of document timestamps that nobody sees."""
    for signed in signed_in(handler):
        if signed.is_timestamp and _invisible(signed.field):
            yield key_of(signed.reference)


def _invisible(field: DictionaryObject) -> bool:
    box = field.get("/Rect", ArrayObject())
    flat = len(box) == 0 or box[0] == box[2] or box[1] == box[3]
    return flat and "/Kids" not in field


def _filled(reader: PdfFileReader, old: HistoricalResolver, unknown: set[Key]) -> dict[Key, str]:
    """Return the signature fields that stood empty in the old revision and no longer do."""
    before = {signed.name for signed in signed_in(old)}
    return {
        key_of(signed.reference): signed.name
        for signed in signed_in(reader)
        if signed.name not in before and key_of(signed.reference) not in unknown
    }


def _of_signature(reader: PdfFileReader, key: Key) -> Iterator[Key]:
    """Yield a signature field, its value and all that its mark is drawn with."""
    field = at(reader, key)
    yield key
    if isinstance(field, DictionaryObject):
        value = raw(field, "/V")
        if isinstance(value, IndirectObject):
            yield key_of(value)
        look = raw(field, "/AP")
        if look is not None:
            yield from reached(reader, look, but=("/Parent", "/P"))


def _only_hung_on(old: HistoricalResolver, new: PdfFileReader, key: Key, look: _Look) -> bool:
    """Return whether an old object differs only by what was rightly hung on to it."""
    if introduced(new, key) > old.revision:
        return False
    before, after = at(old, key), at(new, key)
    free: frozenset[str] = frozenset()
    if key == key_of(old.root_ref):
        free = frozenset({"/DSS", "/Extensions"})
    elif key in look.filled:
        free = frozenset({"/V", "/AP"})
    return _grown(before, after, look.timestamps, free)


def _grown(
    before: PdfObject, after: PdfObject, allowed: frozenset[Key], free: frozenset[str]
) -> bool:
    """Return whether lists of fields and annotations only got timestamps, `free` names aside."""
    if isinstance(before, ArrayObject):
        return _extended(before, after, allowed)
    if not isinstance(before, DictionaryObject) or not isinstance(after, DictionaryObject):
        return False
    if isinstance(before, StreamObject) or isinstance(after, StreamObject):
        return False
    return all(
        _entry_grown(name, raw(before, name), raw(after, name), allowed)
        for name in {*before, *after} - free
    )


def _entry_grown(
    name: str, before: PdfObject | None, after: PdfObject | None, allowed: frozenset[Key]
) -> bool:
    if after is None:
        return False
    if before is not None and written(before) == written(after):
        return True
    if name in ("/Annots", "/Fields"):
        return _extended(ArrayObject() if before is None else before, after, allowed)
    if name == "/AcroForm" and before is not None:
        return _grown(before, after, allowed, frozenset({"/SigFlags"}))
    return name == "/SigFlags"


def _extended(before: PdfObject, after: PdfObject, allowed: frozenset[Key]) -> bool:
    if not (isinstance(before, ArrayObject) and isinstance(after, ArrayObject)):
        return False
    count = len(before)
    if [written(before.raw_get(place)) for place in range(count)] != [
        written(after.raw_get(place)) for place in range(min(count, len(after)))
    ]:
        return False
    added = [after.raw_get(place) for place in range(count, len(after))]
    return all(isinstance(item, IndirectObject) and key_of(item) in allowed for item in added)
