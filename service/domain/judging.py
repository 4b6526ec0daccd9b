"""A snapshot judged as it came in: good or not, and what deserves a look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, islice

from service.domain.errors import Fault
from service.domain.parsing import survey
from service.domain.printable import WARNINGS_SHOWN, warnings
from service.domain.snapshot import Logins, Snapshot


@dataclass(frozen=True, slots=True)
class Judged:
    """A good snapshot: its classes without their lists, nobody named; and up to 100 warnings."""

    outline: Snapshot
    warnings: tuple[Fault, ...]


def judge(body: bytes, printable: Callable[[str], bool]) -> Judged:
    """Return what is to be known of a snapshot that is good; raises what `survey` raises.

    `printable` says whether the fonts have a glyph for a character.
    """
    outline, of_classes = survey(
        body, lambda index, journal: warnings(journal, printable, ("classes", index))
    )
    warned = chain(warnings(outline, printable), *of_classes)
    return Judged(
        outline.model_copy(update={"staff": (), "subjects": (), "logins": Logins()}),
        tuple(islice(warned, WARNINGS_SHOWN)),
    )
