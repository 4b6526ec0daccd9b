"""The worker and the processes it prints in."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Thread
from typing import Any

from service.archive.mirrored import MirroredStore
from service.archive.store import ObjectStore
from service.bootstrap import calling, evidence, ordering, outgoing, recalling
from service.bootstrap.ground import each_store, now
from service.bootstrap.health_checks import LOCKS
from service.bootstrap.run_rounds import RunRounds, rounds
from service.bootstrap.watched_steps import Counted, Watched
from service.bootstrap.working_files import files
from service.jobs import engine
from service.jobs.advance import Advance, Backoff, Clock, Sweeper
from service.jobs.chores import Chore, Chores
from service.jobs.couriers import Couriers
from service.jobs.engine import Dispatcher
from service.jobs.leases import SILENCE, Leases
from service.jobs.pool import Pool
from service.jobs.worker import Worker
from service.ledger.database import connect
from service.ledger.documents import State
from service.ledger.road import Road
from service.observing.watch import NOBODY, Watch
from service.reports import catalogue
from service.settings import Settings
from service.workflow.forget import ForgetAnswers
from service.workflow.keeping.deposit import Deposit
from service.workflow.printing.produce import Produce
from service.workflow.signing.sweep import SweepSessions

LOOK_AGAIN = timedelta(minutes=1)  # at a store whose lock was not seen to hold
STORING = 4  # documents on their way into the stores at a time


@dataclass(frozen=True, slots=True)
class Working:
    """A worker, what it does daily, what sends events, and its rounds of runs."""

    worker: Worker
    chores: Chores
    couriers: Couriers[Any, Any]
    rounds: RunRounds
    close: Callable[[], None]

    def beside(self, stop: Event) -> Iterator[Thread]:
        """Begin everything but the jobs, in threads that end with `stop`."""
        yield self.chores.begin(stop)
        yield from self.rounds.begin(stop)
        yield self.couriers.begin(stop)


def working(
    settings: Settings,
    clock: Clock = now,
    watch: Watch = NOBODY,
    go_on: Callable[[], bool] = lambda: True,
) -> Working:
    """Return the parts of the process that does the jobs, until it may not `go_on`."""
    database = connect(settings.ledger)
    dispatcher = Dispatcher.at(database.url)
    road = Road(dispatcher)
    kinds = catalogue()
    make = partial(calling.make, settings)
    pool: Pool[Any, Any] = Pool(
        settings.worker.processes, settings.worker.render_timeout, make, preload=(calling.PRESS,)
    )
    produce = Produce(database, Counted(calling.print_by(pool), watch), road)
    both = each_store(settings, clock, watch)
    store = MirroredStore(*both)
    recall = recalling.when_met(settings, database, road, store)
    deposit = Deposit(database, files(settings), store, kinds, road, recall)
    process = secrets.token_hex(8)
    worker = Worker(
        database=database,
        name=settings.worker.name,
        process=process,
        folder=settings.data,
        advance=Advance(
            database=database,
            road=road,
            work={
                state: Watched(work, state, watch)
                for state, work in (
                    (State.RENDERING, produce),
                    (State.DEPOSITING, deposit),
                    (State.IN_ONE_STORE, deposit),
                )
            },
            backoff=Backoff(settings.worker.retry_first, settings.worker.retry_last),
            clock=clock,
            go_on=go_on,
        ),
        sweeper=Sweeper(database, road, dispatcher.missing, engine.workflow_id, SILENCE),
        leases=Leases(database, SILENCE),
        queues={
            engine.queue_of(State.RENDERING): settings.worker.processes,
            engine.queue_of(State.DEPOSITING): STORING,
        },
        clock=clock,
        interrupt=pool.close,
    )

    def close() -> None:
        pool.close()
        dispatcher.close()
        database.close()

    daily: dict[str, Chore] = {
        "evidence": evidence.chore(settings, database, store),
        "deliveries": outgoing.sweep(settings, database),
        "secrets": outgoing.seal(settings, database),
        "sessions": SweepSessions(database, files(settings)),
        "answers": ForgetAnswers(database),
        **{name: partial(_prove_lock, one) for name, one in zip(LOCKS, both, strict=True)},
    }
    order = partial(ordering.order, settings, database, road)
    return Working(
        worker,
        Chores(database, process, daily, clock, at_once=dict.fromkeys(LOCKS, LOOK_AGAIN)),
        outgoing.couriers(settings, database, clock),
        rounds(settings, process, database, files(settings), order, pool, clock, go_on),
        close,
    )


def _prove_lock(store: ObjectStore, at: datetime) -> tuple[()]:
    """See once a day that a store's lock holds; the ledger then knows, and so does everybody."""
    store.prove_lock(at)
    return ()
