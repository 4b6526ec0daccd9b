"""One class of a snapshot, taken out of its bytes without reading the others."""

from __future__ import annotations

import json

from service.domain.extract import Extract, extract
from service.domain.intake import pieces
from service.domain.intake.json_file import BOM
from service.domain.intake.parsing import parse
from service.domain.intake.surveying import excerpt
from service.ledger.files import Files
from service.ledger.snapshots import SnapshotRow

PIECES = "pieces"  # what is kept beside a snapshot: where each class begins and ends

Extents = tuple[tuple[int, int], ...]


def remember(files: Files, snapshot: str, extents: Extents) -> None:
    """Keep where the classes of a snapshot's file are, so that nobody looks for them again."""
    files.derive(snapshot, PIECES, json.dumps(extents).encode())


def of_class(files: Files, row: SnapshotRow, class_id: str) -> Extract:
    """Return what documents of a class are made of; raises ClassMissing."""
    text = files.read(row.sha256).removeprefix(BOM)
    extents = _extents(files, row.sha256, text)
    names = [one.id for one in row.classes]
    if len(extents) == len(names) and class_id in names:
        return Extract.of(extract(excerpt(text, extents, names.index(class_id)), class_id))
    return Extract.of(extract(parse(text), class_id))


def _extents(files: Files, snapshot: str, text: bytes) -> Extents:
    known = files.derived(snapshot, PIECES)
    if known is not None:
        return tuple((start, end) for start, end in json.loads(known))
    cut = pieces.split(text)
    extents = () if cut is None else cut.classes
    remember(files, snapshot, extents)
    return extents
