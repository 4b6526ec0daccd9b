"""What files of documents are called in a package: words people know, and nobody's name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.ledger.documents import Document

FOREIGN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
LONGEST = 90  # characters of a folder or of a name before its suffix: 255 bytes are a disk's limit
ATTORNEY = "attorney"
BORROWED = 8  # characters of a document's id, where words alone do not tell two files apart


@dataclass(frozen=True, slots=True)
class Titled:
    """A document and the words for what it is."""

    document: Document
    kind: str
    term: str  # empty: the whole year


def paths(
    titled: Iterable[Titled], files: Mapping[str, Iterable[str]]
) -> dict[tuple[str, str], str]:
    """Return the path in a package by document's id and file's name («document.pdf»).

    `files` are the names each document has. Paths read «2026-2027/8А/Классный журнал.pdf»; no two
    are the same, not even to a disk that does not tell «а» from «А».
    """
    stems = {one.document.id: (one.document, _stem(one)) for one in titled}
    count = Counter(stem.casefold() for _, stem in stems.values())
    return {
        (id_, name): _with_suffix(
            stem if count[stem.casefold()] == 1 else f"{stem} ({id_[:BORROWED]})", name
        )
        for id_, (_, stem) in stems.items()
        for name in files[id_]
    }


def _stem(one: Titled) -> str:
    document = one.document
    words = [one.kind, one.term]
    if document.volumes != 1:
        words.append(f"том {document.volume}")
    if document.version > 1:
        words.append(f"версия {document.version}")
    folders = (document.year.replace("/", "-"), document.class_title)
    return "/".join(map(_plain, (*folders, ", ".join(filter(None, words)))))


def _with_suffix(stem: str, name: str) -> str:
    place, _, suffix = name.partition(".")
    if place.startswith(ATTORNEY):
        number = place.removeprefix(ATTORNEY).replace("-", " ")
        return f"{stem} — доверенность{number}.{suffix}"
    return f"{stem}.{suffix}"


def _plain(text: str) -> str:
    """Return a text as one folder or name on any disk; it never climbs and is never hidden."""
    clean = FOREIGN.sub("_", unicodedata.normalize("NFC", text))
    clean = "".join(sign for sign in clean if unicodedata.category(sign) != "Cf")
    return clean[:LONGEST].strip(" .") or "_"
