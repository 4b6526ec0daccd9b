"""An ordered document is printed: PDF and DOCX made in a process of their own, hashes fixed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from service.ledger import documents
from service.ledger.database import Database
from service.ledger.documents import State
from service.ledger.road import Road


@dataclass(frozen=True, slots=True)
class Printout:
    """Files kept in the data folder by their hashes."""

    pdf: str
    docx: str
    pages: int
    sheets: int


Press = Callable[[str, int], Printout]
"""Prints a document of a generation somewhere and returns what came out."""


@dataclass(frozen=True, slots=True)
class Produce:
    """Prints documents that were ordered."""

    database: Database
    press: Press
    road: Road

    def __call__(self, document: str, clock: Callable[[], datetime]) -> None:
        """Print a document and hand it to its first signatory; printed already, do nothing."""
        with self.database.reading() as connection:
            found = documents.get(connection, document)
        if found.state is not State.RENDERING:
            return
        printout = self.press(found.id, found.generation)
        with self.database.writing() as connection:
            self.road.onward(
                connection,
                found,
                {},
                clock(),
                pdf=printout.pdf,
                printed=printout.pdf,
                docx=printout.docx,
                pages=printout.pages,
                sheets=printout.sheets,
            )
