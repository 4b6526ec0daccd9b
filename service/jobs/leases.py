"""What dead processes still hold is freed, as soon as they are known to be dead."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from service.ledger.calendar import held as runs_held
from service.ledger.database import Database
from service.ledger.outgoing import deliveries
from service.ledger.printing import layouts, workers

LOG = logging.getLogger(__name__)

SILENCE = 30.0  # seconds: a worker not heard of for so long is dead, and what it held is others'


@dataclass(frozen=True, slots=True)
class Leases:
    """Runs, layouts and events in the hands of workers; dead is who was silent for so many seconds.

    Silence goes by the database's clock. Who was only asleep finds its lease lost.
    """

    database: Database
    silence: float

    def __call__(self, at: datetime) -> int:
        """Free what the dead hold; return how much that was."""
        with self.database.reading() as connection:
            living = workers.holders(connection, self.silence)
            if not (
                runs_held.forsaken(connection, living)
                or layouts.forsaken(connection, living)
                or deliveries.forsaken(connection, living)
            ):
                return 0
        with self.database.writing() as connection:
            living = workers.holders(connection, self.silence)
            freed = (
                runs_held.free(connection, living, at)
                + layouts.free(connection, living)
                + deliveries.free(connection, living, at)
            )
        if freed:
            LOG.warning("%d leases of dead workers ended", freed)
        return freed
