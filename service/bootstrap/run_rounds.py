"""The rounds of a worker: runs begun and taken further, plans counted, journals asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from threading import Event, Thread
from typing import Any

from service.bootstrap import calling, runs
from service.domain.errors import ServiceError
from service.jobs.advance import Clock
from service.jobs.chores import Chores
from service.jobs.couriers import Couriers
from service.jobs.pool import Pool, always
from service.ledger.database import Database
from service.ledger.files import Files
from service.ledger.printing.layouts import Counted, Layout
from service.outgoing.addresses import Allowance
from service.outgoing.calls import Outgoing, trusting
from service.settings import Settings
from service.settings.journals import JournalSettings
from service.workflow.printing.lay_out import Carry, LayOut
from service.workflow.printing.order import Order
from service.workflow.runs.advance import AdvanceRuns
from service.workflow.runs.pull import Journal, Pull, PullRounds
from service.workflow.runs.schedule import KeepSchedule

EVERY = timedelta(seconds=10)
LEASE = timedelta(minutes=2)  # of a round; longer ones are shared, as each run is claimed by itself
JOURNALS = 2  # asked at a time: each may give a large snapshot


@dataclass(frozen=True, slots=True)
class RunRounds:
    """What a worker does about runs and plans, in threads of its own."""

    chores: Chores
    layouts: Couriers[Any, Any]
    pulls: Couriers[Any, Any]

    def begin(self, stop: Event) -> Iterator[Thread]:
        """Go the rounds until `stop`; the process may end in the midst of one."""
        yield self.chores.begin(stop)
        yield self.layouts.begin(stop)
        if self.pulls.at_once:
            yield self.pulls.begin(stop)


def rounds(
    settings: Settings,
    holder: str,
    database: Database,
    files: Files,
    order: Callable[[str, str], Order],
    pool: Pool[Any, Any],
    clock: Clock,
    go_on: Callable[[], bool],
) -> RunRounds:
    """Return the rounds of the process `holder`.

    `order` takes orders with the editions its printing processes print with. Once they may not
    `go_on`, what they have in hand is left to the next, without delay.
    """

    @cache
    def editions() -> tuple[str, str]:
        known: tuple[str, str] = pool.run(calling.editions_there, "", 0, always)
        return known

    journals = _journals(settings)
    go = _Go(settings, holder, database, order, pool, editions, go_on)
    pulls = PullRounds(database, journals, holder, clock)
    pull = Pull(
        journals, pulls.require_mine, partial(_accept, pool, files), settings.web.body_limit, clock
    )
    return RunRounds(
        chores=Chores(
            database=database,
            holder=holder,
            each={"runs": go},
            clock=clock,
            look_every=EVERY.total_seconds(),
            every=EVERY,
            soon=EVERY,
            lease=LEASE,
        ),
        layouts=Couriers(
            LayOut(database, lambda: editions()[1], clock, holder),
            Carry(partial(lay_out, pool, clock)),
            settings.worker.processes,
        ),
        pulls=Couriers(pulls, pull, JOURNALS if journals else 0, look_every=5),
    )


class _Go:
    """One round over the calendars and the runs."""

    def __init__(
        self,
        settings: Settings,
        holder: str,
        database: Database,
        order: Callable[[str, str], Order],
        pool: Pool[Any, Any],
        editions: Callable[[], tuple[str, str]],
        go_on: Callable[[], bool],
    ) -> None:
        self._keep = KeepSchedule(database, runs.begin_run(settings, database), go_on)
        self._advance = cache(
            lambda: AdvanceRuns(
                database=database,
                holder=holder,
                order=order(*editions()),
                tell=runs.tell_run(settings, database),
                same_class=partial(_same_class, pool),
                pulls=lambda school: school in settings.journals,
                go_on=go_on,
            )
        )

    def __call__(self, at: datetime) -> tuple[ServiceError, ...]:
        self._keep(at)
        return self._advance()(at)


def _journals(settings: Settings) -> Mapping[str, Journal]:
    return {school: _journal(settings, told) for school, told in settings.journals.items()}


def _journal(settings: Settings, told: JournalSettings) -> Journal:
    """Return a journal the operator named: any address will do, as no school can name it."""
    authorization = ""
    if told.bearer is not None:
        authorization = f"Bearer {told.bearer.get_secret_value()}"
    elif told.user is not None and told.password is not None:
        authorization = Journal.basic(told.user, told.password.get_secret_value())
    return Journal(
        url=told.url,
        retry=timedelta(minutes=told.retry_minutes),
        outgoing=Outgoing(
            Allowance(True, True, ()), trusting(settings.outgoing.ca), whole=told.timeout
        ),
        authorization=authorization,
    )


def _same_class(pool: Pool[Any, Any], school: str, one: str, other: str, class_id: str) -> bool:
    compare = partial(calling.compare_there, school=school, one=one, other=other)
    same: bool = pool.run(compare, class_id, 0, always)
    return same


def lay_out(pool: Pool[Any, Any], clock: Clock, layout: Layout) -> Counted:
    """Have a document laid out in a printing process."""
    task = partial(calling.lay_out_there, layout=layout, at=clock())
    counted: Counted = pool.run(task, layout.id, 0, always)
    return counted


def _accept(
    pool: Pool[Any, Any], files: Files, school: str, body: bytes, by: str, at: datetime
) -> None:
    with files.arriving((body,)) as arrived:
        task = partial(calling.accept_there, arrived=arrived, school=school, by=by, at=at)
        pool.run(task, arrived.sha256, 0, always)
