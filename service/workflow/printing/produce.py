"""An ordered document is printed in a process of its own, all volumes at once, hashes fixed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from service.domain.errors import Unavailable
from service.ledger import documents, versions
from service.ledger.database import Database
from service.ledger.documents import Document, State
from service.ledger.road import Road


@dataclass(frozen=True, slots=True)
class Printout:
    """A volume's id, and its files kept in the data folder by their hashes."""

    document: str
    pdf: str
    docx: str
    pages: int
    sheets: int


Press = Callable[[str, int, Callable[[], bool]], tuple[Printout, ...]]
"""Prints a document of a generation, while it is wanted; returns its volumes, its own first."""


@dataclass(frozen=True, slots=True)
class Produce:
    """Prints documents that were ordered; a thick one becomes several, one a volume.

    Volumes are printed together: none of them may ever be another edition's of the program.
    """

    database: Database
    press: Press
    road: Road

    def __call__(self, document: str, clock: Callable[[], datetime]) -> None:
        """Print a document and hand it to its first signatory; printed already, do nothing."""
        with self.database.reading() as connection:
            found = documents.get(connection, document)
        if found.state is not State.RENDERING:
            return
        first, *others = self.press(found.id, found.generation, partial(self._wanted, found))
        with self.database.writing() as connection:
            at, volumes = clock(), 1 + len(others)
            self.road.onward(connection, found, {}, at, volumes=volumes, **_files(first))
            for volume, printout in enumerate(others, start=2):
                further = replace(
                    found,
                    id=printout.document,
                    volume=volume,
                    volumes=volumes,
                    supersedes=_before(connection, found, volume),
                    generation=1,
                    created_at=at,
                    updated_at=at,
                )
                self.road.bind(connection, further, **_files(printout))

    def _wanted(self, document: Document) -> bool:
        """Return whether a document stands where its printing was begun, as far as is known."""
        try:
            with self.database.reading() as connection:
                return documents.get(connection, document.id).generation == document.generation
        except Unavailable:
            return True


def _files(printout: Printout) -> dict[str, Any]:
    return {
        "pdf": printout.pdf,
        "printed": printout.pdf,
        "docx": printout.docx,
        "pages": printout.pages,
        "sheets": printout.sheets,
    }


def _before(connection: Connection, first: Document, volume: int) -> str:
    """Return what a volume supersedes: the same one of the version before, or its first."""
    if not first.supersedes:
        return ""
    before = versions.volumes(connection, documents.get(connection, first.supersedes))
    return next((one.id for one in before if one.volume == volume), first.supersedes)
