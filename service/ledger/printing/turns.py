"""Whose step comes first: urgent before batch, and no school's pile before another's one paper."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from service.ledger.tables import steps

BATCH = 1_000_000_000  # turns of batches begin here; every urgent one comes before


def next_turn(connection: Connection, school: str, *, batch: bool) -> int:
    """Return the turn of a school's new step, a lower one being served sooner.

    Start-time fair queueing: a school's steps stand one behind another, and its first stands
    beside the one served now. So a paper ordered behind another school's four thousand is next.
    """
    low, high = (BATCH, 2 * BATCH) if batch else (0, BATCH)
    open_here = (steps.c.finished_at.is_(None), steps.c.turn > low, steps.c.turn < high)
    first = select(func.min(steps.c.turn)).where(*open_here).scalar_subquery()
    last = select(func.max(steps.c.turn)).where(*open_here, steps.c.school == school)
    served, own = connection.execute(select(first, last.scalar_subquery())).one()
    return max(served or low + 1, (own or low) + 1)
