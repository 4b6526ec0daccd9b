"""Runs in some process's hands: one at a time looks at a run, one at a time asks its journal.

Whoever holds a run keeps it for as long as its process lives (`service.ledger.printing.workers`),
however long that takes; what a dead one held is freed. A holder is told apart by its process, so
that one that was only asleep has lost the run when it wakes.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from service.domain.errors import Reason
from service.ledger.calendar.runs import Run, RunState, RunTaken, of_row
from service.ledger.calendar.tables import runs
from service.ledger.moments import astray


def to_look_at(connection: Connection, holder: str, at: datetime, limit: int) -> tuple[Run, ...]:
    """Return the runs a process may look at now, those that wait longest first."""
    return _due(connection, runs.c.next_look, runs.c.look_by, holder, at, limit)


def to_pull(connection: Connection, holder: str, at: datetime, limit: int) -> tuple[Run, ...]:
    """Return the runs for which a process may ask a journal now."""
    return _due(connection, runs.c.next_pull, runs.c.pull_by, holder, at, limit)


def claim_look(connection: Connection, run: Run, holder: str, until: datetime) -> bool:
    """Take a run to look at; False if another did.

    A process that never says what came of it may itself look again after `until`.
    """
    done = connection.execute(
        update(runs)
        .where(
            runs.c.id == run.id,
            runs.c.next_look == run.next_look,
            runs.c.look_by.is_not_distinct_from(run.look_by),
        )
        .values(next_look=until, look_by=holder)
    )
    return done.rowcount == 1


def claim_pull(connection: Connection, run: Run, holder: str, until: datetime) -> bool:
    """Take a run to ask its journal for; False if another did, as for `claim_look`."""
    done = connection.execute(
        update(runs)
        .where(
            runs.c.id == run.id,
            runs.c.next_pull == run.next_pull,
            runs.c.pull_by.is_not_distinct_from(run.pull_by),
        )
        .values(next_pull=until, pull_by=holder)
    )
    return done.rowcount == 1


def require_look(connection: Connection, run: str, holder: str) -> None:
    """Pass if a process still holds a run it looks at. Raises RunTaken."""
    if connection.execute(select(runs.c.look_by).where(runs.c.id == run)).scalar() != holder:
        raise RunTaken("Прогоном уже занимается другой обработчик.")


def require_pull(connection: Connection, run: str, holder: str) -> None:
    """Pass if a process is still to ask a run's journal. Raises RunTaken."""
    if connection.execute(select(runs.c.pull_by).where(runs.c.id == run)).scalar() != holder:
        raise RunTaken("Журнал этого прогона уже спрашивает другой обработчик.")


def looked(connection: Connection, run: str, holder: str, claimed: datetime, at: datetime) -> None:
    """Let go of a run; it is looked at next at a moment, or at once if it was woken meanwhile."""
    mine = update(runs).where(runs.c.id == run, runs.c.look_by == holder)
    connection.execute(mine.where(runs.c.next_look == claimed).values(next_look=at))
    connection.execute(mine.values(look_by=None))


def pulled(
    connection: Connection, run: str, holder: str, at: datetime, problem: Reason | None
) -> None:
    """Say what came of asking a journal, and when to ask again; a latecomer writes nothing."""
    connection.execute(
        update(runs)
        .where(runs.c.id == run, runs.c.pull_by == holder, runs.c.state == RunState.OPEN)
        .values(next_pull=at, pull_by=None, problem=problem)
    )


def forsaken(connection: Connection, living: Collection[str]) -> bool:
    """Return whether a process that does not live holds a run."""
    held = or_(_dead(runs.c.look_by, living), _dead(runs.c.pull_by, living))
    return connection.execute(select(runs.c.id).where(held).limit(1)).first() is not None


def free(connection: Connection, living: Collection[str], at: datetime) -> int:
    """Have what processes that do not live held taken up now; return how many runs that were."""
    count = 0
    for holder, due in ((runs.c.look_by, runs.c.next_look), (runs.c.pull_by, runs.c.next_pull)):
        held = update(runs).where(_dead(holder, living))
        connection.execute(held.where(due.is_not(None)).values({due: at}))
        count += connection.execute(held.values({holder: None})).rowcount
    return count


def _dead(holder: Any, living: Collection[str]) -> Any:
    return holder.is_not(None) & holder.not_in(living)


def _due(
    connection: Connection, due: Any, holder: Any, own: str, at: datetime, limit: int
) -> tuple[Run, ...]:
    # Asked so that each is read in the order of its index: in one, or by holder, all were sorted.
    mine = select(runs).where(func.coalesce(holder, own) == own).order_by(due).limit(limit)
    rows = chain(
        connection.execute(mine.where(due <= at)), connection.execute(mine.where(astray(due, at)))
    )
    return tuple(of_row(row) for row in islice(rows, limit))
