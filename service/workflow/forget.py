"""Answers kept for requests that come twice are forgotten after a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain.errors import Unavailable
from service.ledger.database import Database
from service.ledger.repeated import idempotency


@dataclass(frozen=True, slots=True)
class ForgetAnswers:
    """Removes idempotency keys whose life is over."""

    database: Database

    def __call__(self, at: datetime) -> tuple[Unavailable, ...]:
        """Remove them; nothing can stand in the way but the database itself."""
        with self.database.writing() as connection:
            idempotency.purge(connection, at)
        return ()
