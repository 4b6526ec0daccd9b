"""An order is called off before it is printed, or what failed is put aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain.errors import Conflict, Reason
from service.ledger import documents
from service.ledger.database import Database
from service.ledger.documents import AUTOMATIC, Document, State
from service.ledger.road import Road


class TooLate(Conflict):
    """The document is printed: it can be sent back, not cancelled."""

    code = "too-late-to-cancel"
    title = "Отменить уже нельзя"


class NothingFailed(Conflict):
    """The document did not fail and was not cancelled."""

    code = "nothing-to-retry"
    title = "Повторять нечего"


@dataclass(frozen=True, slots=True)
class Cancel:
    """Takes orders back, and takes them up again; doing either twice is doing it once."""

    database: Database
    road: Road

    def __call__(self, document: str, by: str, at: datetime) -> Document:
        """Stop a document that is being printed or failed to be; its process is ended."""
        with self.database.writing() as connection:
            found = documents.get(connection, document)
            if found.state is State.CANCELLED:
                return found
            unprinted = found.state is State.FAILED and found.failed_in is State.RENDERING
            if found.state is not State.RENDERING and not unprinted:
                raise TooLate(
                    "Документ уже напечатан. Если он не нужен, верните его с указанием причины."
                )
            problem = Reason("cancelled", "Заказ отменён.")
            return self.road.move(
                connection, found, State.CANCELLED, at, by, problem=problem, failed_in=None
            )

    def retry(self, document: str, by: str, at: datetime) -> Document:
        """Take a failed or cancelled document up where it stopped."""
        with self.database.writing() as connection:
            found = documents.get(connection, document)
            if found.state in AUTOMATIC:
                return found
            if found.state not in {State.FAILED, State.CANCELLED}:
                raise NothingFailed("Документ не обрывался: повторять нечего.")
            again = found.failed_in or State.RENDERING
            return self.road.move(connection, found, again, at, by, failed_in=None, problem=None)
