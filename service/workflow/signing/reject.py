"""Whoever checks or signs sends a document back: it stays in the ledger with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from service.domain.approving.approval import ROLE_NAMES, Role
from service.domain.errors import Conflict, Reason
from service.ledger import documents, versions
from service.ledger.database import Database
from service.ledger.documents import Document, State
from service.ledger.road import Road


class NotYours(Conflict):
    """The document does not wait for anybody this person may act for."""

    code = "not-your-turn"
    title = "Документ сейчас не у вас"


class AlreadyRejected(Conflict):
    """The document was sent back before, for another reason, which stands."""

    code = "already-rejected"
    title = "Документ уже возвращён"


@dataclass(frozen=True, slots=True)
class Reject:
    """Sends documents back; a new snapshot makes the next version."""

    database: Database
    road: Road

    def __call__(
        self, document: str, roles: frozenset[Role], reason: str, by: str, at: datetime
    ) -> Document:
        """Reject a document on behalf of whoever it waits for; the same again changes nothing.

        Raises NotYours, or AlreadyRejected if it came back before for another reason.

        With a volume every other one of its book comes back that still waits for somebody: part of
        a book is not signed.
        """
        with self.database.writing() as connection:
            found = documents.get(connection, document)
            if found.state is State.REJECTED:
                _require_same(found, reason)
                return found
            turn = None if versions.successor(connection, found) else found.turn
            if turn is None or turn not in roles:
                whose = f"ждёт: {ROLE_NAMES[turn]}" if turn else "никого не ждёт"
                raise NotYours(f"Вернуть документ может тот, кого он ждёт. Сейчас он {whose}.")
            for volume in versions.volumes(connection, found):
                if volume.turn is not None and volume.id != found.id:
                    because = f"Возвращён том {found.volume}: {reason}"
                    self._send_back(connection, volume, because, by, at)
            return self._send_back(connection, found, reason, by, at)

    def _send_back(
        self, connection: Connection, document: Document, reason: str, by: str, at: datetime
    ) -> Document:
        problem = Reason("rejected", reason)
        return self.road.move(connection, document, State.REJECTED, at, by, problem=problem)


def _require_same(rejected: Document, reason: str) -> None:
    if rejected.problem is None or rejected.problem.message != reason:
        raise AlreadyRejected(
            "Документ уже возвращён, с другой причиной: она стоит в problem.message и остаётся. "
            "Исправленный журнал передайте новым снимком: выйдет новая версия."
        )
