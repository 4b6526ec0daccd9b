"""What was prepared in signing sessions that are over is removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain.errors import Unavailable
from service.ledger.database import Database
from service.ledger.files import Files
from service.ledger.signing import sessions


@dataclass(frozen=True, slots=True)
class SweepSessions:
    """Removes prepared files nobody will put a signature into any more; sessions stay on record."""

    database: Database
    files: Files

    def __call__(self, at: datetime) -> tuple[Unavailable, ...]:
        """Sweep sessions that were closed or whose time is over; return what stood in the way."""
        with self.database.reading() as connection:
            over = sessions.spent(connection, at)
        problems: list[Unavailable] = []
        for session in over:
            try:
                self._sweep(session)
            except Unavailable as error:
                problems.append(error)
        return tuple(problems)

    def _sweep(self, session: str) -> None:
        with self.database.writing() as connection:
            for name in sessions.discard(connection, session):
                self.files.forget(name)
