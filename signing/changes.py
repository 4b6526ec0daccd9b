"""Naming what was changed after a signature: which page, which annotation, or else which object."""

from __future__ import annotations

from collections.abc import Iterator, Set

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler

from signing.reports import Change, ChangeKind
from signing.structure import Key, at, key_of, parts, raw, reached, written

MOST_NAMED = 20
MOST_PAGES = 500  # looked through for what changed
MOST_SHOWN = 1000  # objects looked at on each
ENTRIES = {
    "/Metadata": (ChangeKind.METADATA, "сведения о документе"),
    "/Names": (ChangeKind.ATTACHMENT, "список вложений"),
    "/AF": (ChangeKind.ATTACHMENT, "список вложений"),
    "/AcroForm": (ChangeKind.FIELD, "список полей"),
    "/Pages": (ChangeKind.PAGE, "список страниц"),
    "/OpenAction": (ChangeKind.CATALOGUE, "действие при открытии документа"),
    "/AA": (ChangeKind.CATALOGUE, "действия документа"),
}
ASIDE = ("/Parent", "/P", "/Annots", "/B", "/Pg", "/Dest", "/A", "/V", "/Data")


def named(old: HistoricalResolver, new: PdfFileReader, changed: Set[Key]) -> Iterator[Change]:
    """Yield what the changed objects mean for whoever looks at the document, each thing once."""
    if not changed:
        return
    told: dict[Change, None] = {}
    rest = set(changed)
    if key_of(new.root_ref) in rest:
        rest.discard(key_of(new.root_ref))
        told.update(dict.fromkeys(_of_catalogue(old.root, new.root)))
    told.update(dict.fromkeys(_on_pages(old, new, rest)))
    told.update(dict.fromkeys(_elsewhere(new, rest)))
    for key in sorted(rest):
        change = _of_object(new, key)
        if change.kind is not ChangeKind.OBJECT or not told:
            told.setdefault(change)
    yield from list(told)[:MOST_NAMED]


def _of_catalogue(old: DictionaryObject, new: DictionaryObject) -> Iterator[Change]:
    for name in sorted({*old, *new} - {"/DSS", "/Extensions"}):
        before, after = raw(old, name), raw(new, name)
        if before is None or after is None or written(before) != written(after):
            kind, what = ENTRIES.get(name, (ChangeKind.CATALOGUE, f"запись каталога {name}"))
            yield Change(kind, what)


def _on_pages(old: HistoricalResolver, new: PdfFileReader, rest: set[Key]) -> Iterator[Change]:
    """Yield the pages that show changed objects, and take those objects out of `rest`."""
    shown: set[Key] = set()
    for number, page in enumerate(_pages(new), start=1):
        if not rest - shown:
            break
        sheet = page.get_object()
        drawn = {key_of(page), *reached(new, sheet, but=ASIDE, most=MOST_SHOWN)} & rest
        notes = raw(sheet, "/Annots") if isinstance(sheet, DictionaryObject) else None
        pinned = set() if notes is None else set(reached(new, notes, ASIDE, MOST_SHOWN)) & rest
        only_pinned = key_of(page) in drawn and _only_annotated(old, key_of(page), sheet)
        if drawn - pinned - ({key_of(page)} if only_pinned else set()):
            yield Change(ChangeKind.PAGE, f"страница {number}")
        filled = {one for one in pinned if _is_field(new, one)}
        if filled:
            yield Change(ChangeKind.FIELD, f"поле на странице {number}")
        if pinned - filled or (only_pinned and not filled):
            yield Change(ChangeKind.ANNOTATION, f"пометка на странице {number}")
        shown |= drawn | pinned
    tree = {one for one in rest - shown if _type(new, one) in ("/Page", "/Pages")}
    if tree:
        yield Change(ChangeKind.PAGE, "список страниц")
    rest -= shown | tree


def _only_annotated(old: HistoricalResolver, page: Key, after: PdfObject) -> bool:
    """Return whether a page differs by its list of annotations alone."""
    before = at(old, page)
    if not isinstance(before, DictionaryObject) or not isinstance(after, DictionaryObject):
        return False
    names = {*before, *after} - {"/Annots"}
    pairs = [(raw(before, name), raw(after, name)) for name in names]
    return all(
        one is not None and other is not None and written(one) == written(other)
        for one, other in pairs
    )


def _pages(handler: PdfHandler) -> Iterator[IndirectObject]:
    waiting: list[PdfObject] = [handler.root.raw_get("/Pages")]
    seen: set[Key] = set()
    while waiting and len(seen) < MOST_PAGES:
        current = waiting.pop()
        if not isinstance(current, IndirectObject) or key_of(current) in seen:
            continue
        seen.add(key_of(current))
        node = current.get_object()
        kids = node.get("/Kids") if isinstance(node, DictionaryObject) else None
        if isinstance(kids, ArrayObject):
            waiting.extend(part for _, part in reversed(list(parts(kids))))
        else:
            yield current


def _elsewhere(new: PdfFileReader, rest: set[Key]) -> Iterator[Change]:
    """Yield changes of what hangs on the catalogue, and take those objects out of `rest`."""
    for name in ("/Metadata", "/AF", "/Names", "/AcroForm"):
        held = raw(new.root, name)
        found = set() if held is None else set(reached(new, held, but=ASIDE)) & rest
        if found:
            kind, what = ENTRIES[name]
            yield Change(kind, what)
            rest -= found
    info = new.trailer_view.raw_get("/Info") if "/Info" in new.trailer_view else None
    if isinstance(info, IndirectObject) and key_of(info) in rest:
        rest.discard(key_of(info))
        yield Change(ChangeKind.METADATA, "сведения о документе")


def _of_object(new: PdfFileReader, key: Key) -> Change:
    kind = _type(new, key)
    if kind in ("/Filespec", "/EmbeddedFile"):
        return Change(ChangeKind.ATTACHMENT, "вложение")
    if kind == "/Metadata":
        return Change(ChangeKind.METADATA, "сведения о документе")
    if kind == "/Annot":
        return Change(ChangeKind.ANNOTATION, "пометка")
    return Change(ChangeKind.OBJECT, f"объект {key[0]}")


def _is_field(handler: PdfHandler, key: Key) -> bool:
    item = at(handler, key)
    return isinstance(item, DictionaryObject) and "/FT" in item


def _type(handler: PdfHandler, key: Key) -> str:
    item = at(handler, key)
    return str(item.get("/Type", "")) if isinstance(item, DictionaryObject) else ""
