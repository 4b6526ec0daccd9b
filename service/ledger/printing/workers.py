"""Workers that are alive: each says so again and again, by the database's own clock."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, TextClause, delete, insert, select, text, update

from service.domain.errors import Conflict
from service.ledger.tables import workers

CLOCKS = {
    "postgresql": text("SELECT extract(epoch FROM clock_timestamp())::double precision"),
    "sqlite": text("SELECT (julianday('now') - 2440587.5) * 86400.0"),
}


class WorkerRuns(Conflict):
    """A worker of this name is alive: a second one would take its jobs from it."""

    code = "worker-runs"
    title = "Обработчик уже запущен"


@dataclass(frozen=True, slots=True)
class Pulse:
    """Who a worker is: its name, the data folder it runs on, and this very process."""

    name: str
    place: str
    process: str


def claim(connection: Connection, pulse: Pulse, silence: float) -> None:
    """Take a name; it is free if its owner was silent for so many seconds, or ran in this place.

    A second process in one place is kept away by a lock on the data folder, so whoever held the
    name there is dead. Raises WorkerRuns.
    """
    moment = now(connection)
    held = connection.execute(select(workers).where(workers.c.name == pulse.name)).one_or_none()
    if held is not None and held.place != pulse.place and moment - held.seen < silence:
        raise WorkerRuns(
            f"Обработчик «{pulse.name}» работает на другой машине: "
            "дайте этому другое имя (worker.name в настройках)."
        )
    connection.execute(delete(workers).where(workers.c.name == pulse.name))
    connection.execute(
        insert(workers).values(
            name=pulse.name, place=pulse.place, process=pulse.process, seen=moment
        )
    )


def beat(connection: Connection, pulse: Pulse) -> bool:
    """Say that a worker lives; False if its name belongs to another process by now."""
    done = connection.execute(
        update(workers)
        .where(workers.c.name == pulse.name, workers.c.process == pulse.process)
        .values(seen=now(connection))
    )
    return done.rowcount == 1


def leave(connection: Connection, pulse: Pulse) -> None:
    """Give a name back."""
    connection.execute(
        delete(workers).where(workers.c.name == pulse.name, workers.c.process == pulse.process)
    )


def living(connection: Connection, silence: float) -> frozenset[str]:
    """Return the names of workers heard of in the last so many seconds."""
    since = now(connection) - silence
    return frozenset(
        connection.execute(select(workers.c.name).where(workers.c.seen > since)).scalars()
    )


def died(connection: Connection, silence: float, lately: float) -> bool:
    """Return whether a worker's silence grew that long in the last `lately` seconds."""
    until = now(connection) - silence
    chosen = select(workers.c.name).where(workers.c.seen <= until, workers.c.seen > until - lately)
    return connection.execute(chosen.limit(1)).first() is not None


def holders(connection: Connection, silence: float) -> frozenset[str]:
    """Return by what the living are known as holders: their processes, and names of old."""
    since = now(connection) - silence
    chosen = select(workers.c.name, workers.c.process).where(workers.c.seen > since)
    return frozenset(one for row in connection.execute(chosen) for one in row)


def now(connection: Connection) -> float:
    """Return the seconds of the database's clock since 1970."""
    clock: TextClause = CLOCKS[connection.dialect.name]
    return float(connection.execute(clock).scalar_one())
