"""What a process that checks snapshots works with: no database, nothing that draws."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from service.bootstrap import memory
from service.domain.intake.judging import Judged, judge
from service.rendering.typeface import Faces

REGULAR = "PTSans-Regular"


def warmed(fonts: Path) -> Callable[[str], bool]:
    """Return what says so in a process that does nothing but check, and holds little."""
    memory.frugal()
    return printable(fonts)


def printable(fonts: Path) -> Callable[[str], bool]:
    """Return what says whether the fonts have a glyph for a character."""
    known = Faces(fonts)[REGULAR].characters
    return lambda character: ord(character) in known


def judge_beside(known: Callable[[str], bool], file: str, _never: int) -> Judged:
    """Judge the snapshot that lies in a file and let its memory go: who did it waits for more."""
    try:
        return judge_there(known, file, 0)
    finally:
        memory.given_back()


def judge_there(known: Callable[[str], bool], file: str, _never: int) -> Judged:
    """Judge the snapshot that lies in a file."""
    with Path(file).open("rb") as snapshot:
        return judge(snapshot, known)
