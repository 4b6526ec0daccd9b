"""What was delivered, or given up, long ago is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.errors import ServiceError
from service.ledger.database import Database
from service.ledger.outgoing import deliveries

AT_ONCE = 500  # forgotten in one transaction


@dataclass(frozen=True, slots=True)
class SweepDeliveries:
    """Forgets deliveries that ended so long ago; the audit log still knows what happened."""

    database: Database
    keep: timedelta

    def __call__(self, at: datetime) -> tuple[ServiceError, ...]:
        """Forget them; nothing can stand in the way but the database."""
        gone = AT_ONCE
        while gone == AT_ONCE:
            with self.database.writing() as connection:
                gone = deliveries.forget(connection, at - self.keep, AT_ONCE)
        return ()
