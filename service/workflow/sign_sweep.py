"""What was prepared in signing sessions that are over is removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.ledger import sessions
from service.ledger.database import Database
from service.ledger.files import Files


@dataclass(frozen=True, slots=True)
class SweepSessions:
    """Removes prepared files nobody will put a signature into any more; sessions stay on record."""

    database: Database
    files: Files

    def __call__(self, at: datetime) -> int:
        """Sweep sessions that were closed or whose time is over; return how many there were."""
        with self.database.reading() as connection:
            over = sessions.spent(connection, at)
        for session in over:
            with self.database.writing() as connection:
                for name in sessions.discard(connection, session):
                    self.files.forget(name)
        return len(over)
