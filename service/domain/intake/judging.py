"""A snapshot judged as it came in: good or not, and what deserves a look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO

from service.domain.errors import Fault
from service.domain.intake.printable import WARNINGS_SHOWN, all_printable, warnings
from service.domain.intake.surveying import survey
from service.domain.journal import SchoolClass
from service.domain.snapshot import Logins, Snapshot


@dataclass(frozen=True, slots=True)
class Judged:
    """A good snapshot: its classes without their lists, nobody named; and up to 100 warnings.

    `extents` is where each class begins and ends in the document, none if that is not clear.
    """

    outline: Snapshot
    warnings: tuple[Fault, ...]
    extents: tuple[tuple[int, int], ...]


def judge(file: BinaryIO, printable: Callable[[str], bool]) -> Judged:
    """Return what is to be known of the snapshot in a file, if it is good.

    Raises what `survey` raises; `printable` says whether the fonts have a glyph for a character.
    """

    def see(index: int, journal: SchoolClass, written: bytes) -> tuple[Fault, ...]:
        if all_printable(written, printable):
            return ()
        return warnings(journal, printable, ("classes", index))

    found = survey(file, see)
    around = found.snapshot.model_copy(update={"classes": ()})
    warned = chain(warnings(around, printable), found.doubts, *found.seen)
    return Judged(
        found.snapshot.model_copy(update={"staff": (), "subjects": (), "logins": Logins()}),
        tuple(islice(warned, WARNINGS_SHOWN)),
        found.extents,
    )
