"""`/metrics` for Prometheus: what this host's processes counted, and what the ledger knows."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from threading import Event, Thread
from time import perf_counter

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.bootstrap.families import counter, gauge
from service.bootstrap.installation import OURS, are_told
from service.bootstrap.remembered import REMEMBERED, SHARE, Remembered
from service.bootstrap.run_figures import HostFigures, RunCollector
from service.bootstrap.watching import FOLDER
from service.domain.errors import Unavailable
from service.jobs.engine import queue_of
from service.jobs.leases import SILENCE
from service.ledger import standing
from service.ledger.database import Database
from service.ledger.printing import workers
from service.ledger.standing import Waiting
from service.observing.prometheus import HostCollector
from service.settings import Settings

LOG = logging.getLogger(__name__)

AGAIN = 2.0  # seconds between two tries to take over the port
STRANGE = 3  # looks at who has the port, before it is said that it is none of ours
COUNTED = (
    f"Counted anew after {REMEMBERED:.0f} seconds, or {SHARE} times what counting took if longer."
)


class LedgerCollector(Collector):
    """Asks the ledger at every scrape; while it is silent only `vedomost_ledger_up 0` is told."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], *, by_school: bool
    ) -> None:
        self._database = database
        self._clock = clock
        self._by_school = by_school

    def collect(self) -> Iterable[Metric]:
        """Return queues, obstacles, events, chores and workers as they are now."""
        began, now = perf_counter(), self._clock()
        up = GaugeMetricFamily("vedomost_ledger_up", "Whether the database answers.")
        try:
            with self._database.reading() as connection:
                waiting = standing.waiting(connection, now, by_school=self._by_school)
                obstacles = standing.in_the_way(connection)
                events = standing.events_waiting(connection)
                chores = standing.chores_known(connection)
                living = len(workers.living(connection, SILENCE))
        except Unavailable:
            up.add_metric((), 0)
            return (up,)
        up.add_metric((), 1)
        seconds = GaugeMetricFamily("vedomost_ledger_seconds", "Seconds these figures took.")
        alive = GaugeMetricFamily("vedomost_workers", "Workers that are alive.", living)
        failing = GaugeMetricFamily(
            "vedomost_chore_failing", "Chores in trouble.", labels=("chore",)
        )
        for chore in chores:
            failing.add_metric((chore.name,), int(chore.problem is not None))
        told = (
            *_queues(waiting, now, by_school=self._by_school),
            gauge("vedomost_steps_put_off", "Steps put off, by code.", "code", obstacles),
            gauge("vedomost_events", "Events of webhooks not done with.", "state", events),
        )
        seconds.add_metric((), perf_counter() - began)
        return (up, alive, failing, seconds, *told)


class StockCollector(Remembered):
    """All documents and signatures there are: the more, the longer what was counted is good."""

    def __init__(self, database: Database, remembered: float = REMEMBERED) -> None:
        super().__init__(remembered)
        self._database = database

    def _asked(self) -> tuple[Metric, ...]:
        with self._database.reading() as connection:
            documents = standing.documents_by_state(connection)
            signatures = standing.signatures_by_role(connection)
        documents_told = f"Documents by state. {COUNTED}"
        signatures_told = f"Signatures on documents. {COUNTED}"
        return (
            gauge("vedomost_documents", documents_told, "state", documents),
            counter("vedomost_signatures", signatures_told, "role", signatures),
        )


def expose(settings: Settings, database: Database, clock: Callable[[], datetime]) -> None:
    """Answer `/metrics` in threads of this process; see `service.bootstrap.watching.expose`."""
    assert settings.metrics.listen is not None
    host, _, port = settings.metrics.listen.rpartition(":")
    registry = CollectorRegistry(target_info={"service_name": OURS})
    registry.register(HostCollector(settings.data / FOLDER))
    registry.register(LedgerCollector(database, clock, by_school=settings.metrics.schools))
    registry.register(StockCollector(database))
    registry.register(RunCollector(database, clock))
    registry.register(HostFigures(settings.data, settings.signing.trust, clock))
    serve = partial(start_http_server, int(port), host.strip("[]"), registry)
    args = (serve, settings.metrics.listen)
    Thread(target=_take_over, args=args, name="metrics", daemon=True).start()


def _take_over(serve: Callable[[], object], listen: str) -> None:
    strange = 0
    while True:
        try:
            serve()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                LOG.error("metrics cannot be served: %s", error.strerror)
                return
            if 0 <= strange < STRANGE:
                strange = -1 if are_told(listen) else strange + 1
                if strange == STRANGE:
                    LOG.error("metrics: another program listens on %s, see metrics.listen", listen)
        else:
            return
        Event().wait(AGAIN)


def _queues(waiting: Iterable[Waiting], now: datetime, *, by_school: bool) -> tuple[Metric, ...]:
    labels = ("queue", "step", "school") if by_school else ("queue", "step")
    depth = GaugeMetricFamily("vedomost_queue_depth", "Open steps.", labels=(*labels, "status"))
    age = GaugeMetricFamily(
        "vedomost_queue_age_seconds", "Seconds the oldest due step has been waiting.", labels=labels
    )
    for one in waiting:
        place = (queue_of(one.state), one.state.value, *((one.school,) if by_school else ()))
        depth.add_metric((*place, "waiting"), one.waiting)
        depth.add_metric((*place, "running"), one.running)
        depth.add_metric((*place, "delayed"), one.delayed)
        since = one.since or now
        age.add_metric(place, max(0.0, (now - since).total_seconds()))
    return depth, age
