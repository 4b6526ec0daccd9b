"""Jobs whose worker died: how long each lay about until somebody took it up again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Row, func, select

from service.jobs import engine
from service.ledger.database import Database
from service.ledger.tables import steps

LOOK = 0.3  # seconds between two looks at what is left alone
Place = tuple[str, str, int]  # document, state, generation


@dataclass
class Orphans:
    """Told of each death, it finds what was in hand, and watches until somebody has it again."""

    database: Database
    pauses: list[float] = field(default_factory=list)
    left: dict[tuple[Place, int], datetime] = field(default_factory=dict)  # by how often begun
    _turn: Lock = field(default_factory=Lock)

    def of(self, worker: str) -> None:
        """Write down what a worker that was killed this moment leaves behind."""
        at = datetime.now(UTC)
        with self._turn, self.database.reading() as connection:
            for place in _in_hand(connection, worker):
                row = _step(connection, place)
                if row is not None and row.finished_at is None:
                    self.left.setdefault((place, row.starts), at)

    def watch(self, stop: Callable[[float], bool]) -> None:
        """Go on until `stop`, which waits so many seconds, says that it is enough."""
        while not stop(LOOK):
            self.look()

    def look(self) -> None:
        """Note what was taken up meanwhile."""
        with self._turn, self.database.reading() as connection:
            for (place, starts), at in tuple(self.left.items()):
                taken = _taken_up(connection, place, starts)
                if taken is not None:
                    self.pauses.append((taken - at).total_seconds())
                    del self.left[place, starts]


def _taken_up(connection: Connection, place: Place, starts: int) -> datetime | None:
    """Return when a step was begun again, by itself or as the one it was handed over to."""
    row = _step(connection, place)
    if row is not None and row.starts > starts:
        return row.started_at
    document, _, generation = place
    later = select(func.min(steps.c.started_at)).where(
        steps.c.document == document, steps.c.generation > generation
    )
    return connection.execute(later).scalar()


def _in_hand(connection: Connection, worker: str) -> Iterator[Place]:
    tables = "dbos." if connection.dialect.name == "postgresql" else ""
    rows = connection.exec_driver_sql(
        f"SELECT workflow_uuid FROM {tables}workflow_status "
        f"WHERE status = '{engine.TAKEN}' AND executor_id = '{worker}'"
    )
    for (name,) in rows:
        document, state, generation = name.split(":")
        yield document, state, int(generation)


def _step(connection: Connection, place: Place) -> Row[Any] | None:
    document, state, generation = place
    chosen = select(steps).where(
        steps.c.document == document, steps.c.state == state, steps.c.generation == generation
    )
    return connection.execute(chosen).one_or_none()
