"""How fast orders are printed and how many wait before one: what an estimate is made of."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import fmean

from sqlalchemy import Connection, select

from service.ledger.documents import State
from service.ledger.printing import workers
from service.ledger.printing.steps import Step
from service.ledger.tables import documents, steps

LAST = 200  # finished steps a mean is taken of
ENOUGH = 3  # fewer tell nothing
OVERDUE = 2.0  # means after which nobody knows when it will end
DONE = 100  # per cent: finished, and not given up


@dataclass(frozen=True, slots=True)
class Pace:
    """Printing as it goes now: seconds of a document by kind, who waits, how many are printed.

    `hands` are the documents all living workers print at a time.
    """

    mean: float | None
    by_kind: Mapping[str, float]
    waiting: Sequence[int]  # turns of steps nobody has begun, in order
    busy: int
    hands: int

    def seconds_left(self, step: Step, kind: str, at: datetime) -> int | None:
        """Return in how many seconds a printing step should end, or None if nobody can tell.

        It is a mean: of what was printed last, of the same kind where there was any. Nothing is
        said while no worker lives, before anything was printed, or once a step takes far longer.
        """
        if self.mean is None or self.hands == 0:
            return None
        own = self.by_kind.get(kind, self.mean)
        if step.starts == 0 or step.started_at is None:
            put_off = (step.due - at).total_seconds()
            return ceil(max(self._queue(step.turn), put_off) + own)
        gone = (at - step.started_at).total_seconds()
        return None if gone > own * OVERDUE else max(1, ceil(own - gone))

    def _queue(self, turn: int) -> float:
        """Return for how many seconds others are printed first."""
        before = bisect_left(self.waiting, turn) - max(0, self.hands - self.busy) + 1
        return max(0, before) * (self.mean or 0) / self.hands


def pace(connection: Connection, processes: int, silence: float) -> Pace:
    """Return the pace of all workers heard of in the last `silence` seconds.

    Each is taken to print as many `processes` at a time as this host's settings say.
    """
    ended = connection.execute(
        select(steps.c.started_at, steps.c.finished_at, documents.c.kind)
        .join(documents, documents.c.id == steps.c.document)
        .where(
            steps.c.state == State.RENDERING,
            steps.c.finished_at.is_not(None),
            steps.c.started_at.is_not(None),
            steps.c.percent == DONE,
        )
        .order_by(steps.c.finished_at.desc())
        .limit(LAST)
    ).all()
    took: dict[str, list[float]] = defaultdict(list)
    for row in ended:
        took[row.kind].append(max(0.0, (row.finished_at - row.started_at).total_seconds()))
    every = [one for each in took.values() for one in each]
    open_here = (steps.c.state == State.RENDERING, steps.c.finished_at.is_(None))
    found = connection.execute(select(steps.c.turn, steps.c.starts).where(*open_here)).all()
    return Pace(
        mean=fmean(every) if len(every) >= ENOUGH else None,
        by_kind={kind: fmean(each) for kind, each in took.items() if len(each) >= ENOUGH},
        waiting=sorted(row.turn for row in found if row.starts == 0),
        busy=sum(row.starts > 0 for row in found),
        hands=len(workers.living(connection, silence)) * processes,
    )
