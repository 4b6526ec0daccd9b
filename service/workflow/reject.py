"""Whoever checks or signs sends a document back: it stays in the ledger with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain.approval import ROLE_NAMES, Role
from service.domain.errors import Conflict
from service.ledger import documents
from service.ledger.database import Database
from service.ledger.documents import Document, State
from service.ledger.road import Road


class NotYours(Conflict):
    """The document does not wait for anybody this person may act for."""

    code = "not-your-turn"
    title = "Документ сейчас не у вас"


@dataclass(frozen=True, slots=True)
class Reject:
    """Sends documents back; a new snapshot makes the next version."""

    database: Database
    road: Road

    def __call__(
        self, document: str, roles: frozenset[Role], reason: str, by: str, at: datetime
    ) -> Document:
        """Reject a document on behalf of whoever it waits for; the same again changes nothing."""
        with self.database.writing() as connection:
            found = documents.get(connection, document)
            if found.state is State.REJECTED:
                return found
            if found.turn is None or found.turn not in roles:
                whose = f"ждёт: {ROLE_NAMES[found.turn]}" if found.turn else "никого не ждёт"
                raise NotYours(f"Вернуть документ может тот, кого он ждёт. Сейчас он {whose}.")
            problem = {"code": "rejected", "message": reason}
            return self.road.move(connection, found, State.REJECTED, at, by, problem=problem)
