"""What a process that checks snapshots works with: no database, nothing that draws."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from service.domain.judging import Judged, judge
from service.rendering.typeface import Faces

REGULAR = "PTSans-Regular"


def printable(fonts: Path) -> Callable[[str], bool]:
    """Return what says whether the fonts have a glyph for a character."""
    known = Faces(fonts)[REGULAR].characters
    return lambda character: ord(character) in known


def judge_there(known: Callable[[str], bool], file: str, _never: int) -> Judged:
    """Judge the snapshot that lies in a file."""
    return judge(Path(file).read_bytes(), known)
