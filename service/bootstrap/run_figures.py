"""Figures of runs, webhooks, evidence and the host: what they cost is asked for now and then."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.bootstrap.families import counter, gauge
from service.bootstrap.remembered import REMEMBERED, Remembered
from service.ledger import standing
from service.ledger.calendar import standing as run_standing
from service.ledger.database import Database
from service.ledger.standing import ChoreStanding
from signing import certificates
from signing.errors import SigningError


class RunCollector(Remembered):
    """What the ledger knows of runs and webhooks; while it is silent nothing is told of them."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], remembered: float = REMEMBERED
    ) -> None:
        super().__init__(remembered)
        self._database = database
        self._clock = clock

    def _asked(self) -> tuple[Metric, ...]:
        now = self._clock()
        with self._database.reading() as connection:
            going_on = run_standing.open_runs(connection, now)
            lines = run_standing.open_lines(connection)
            reminders = run_standing.reminders_said(connection)
            failures = standing.failures(connection)
            addresses = run_standing.addresses_by_state(connection)
            given_up = run_standing.events_failed(connection)
            ends = run_standing.evidence_ends(connection)
            chores = standing.chores_known(connection)
        return (
            GaugeMetricFamily("vedomost_runs_open", "Runs that go on.", going_on.count),
            GaugeMetricFamily(
                "vedomost_runs_overdue", "Open runs past their last deadline.", going_on.overdue
            ),
            gauge("vedomost_run_lines", "Lines of open runs by state.", "state", lines),
            counter("vedomost_reminders", "Reminders said.", "about", reminders),
            gauge("vedomost_documents_failed", "Failed documents by code.", "code", failures),
            gauge("vedomost_webhooks", "Addresses of webhooks by state.", "state", addresses),
            GaugeMetricFamily("vedomost_events_failed", "Events given up, still kept.", given_up),
            _lateness(chores, now),
            _moment(
                "vedomost_evidence_end_timestamp_seconds",
                "When the first evidence can be checked no more.",
                ends,
            ),
        )


class HostFigures(Collector):
    """What this host has: room in the data folder, certificates that are trusted."""

    def __init__(self, data: Path, trust: Path, clock: Callable[[], datetime]) -> None:
        self._data = data
        self._trust = trust
        self._clock = clock

    def collect(self) -> Iterable[Metric]:
        """Return the figures; of a folder that cannot be read nothing is told."""
        return (*self._room(), *self._ends())

    def _room(self) -> Iterable[Metric]:
        try:
            room = shutil.disk_usage(self._data)
        except OSError:
            return ()
        return (
            GaugeMetricFamily("vedomost_disk_free_bytes", "Free in the data folder.", room.free),
            GaugeMetricFamily("vedomost_disk_size_bytes", "Size of its disk.", room.total),
        )

    def _ends(self) -> Iterable[Metric]:
        try:
            found = certificates.load_folder(self._trust)
        except (OSError, SigningError):
            return ()
        now = self._clock()
        ends = (certificates.valid_until(one) for one in found)
        first = min((end for end in ends if end > now), default=None)
        told = "When the first trusted certificate in force ends."
        return (_moment("vedomost_trust_end_timestamp_seconds", told, first),)


def _lateness(chores: Iterable[ChoreStanding], now: datetime) -> Metric:
    told = "Seconds a chore should have been done ago."
    family = GaugeMetricFamily("vedomost_chore_late_seconds", told, labels=("chore",))
    for one in chores:
        family.add_metric((one.name,), max(0.0, (now - one.due).total_seconds()))
    return family


def _moment(name: str, told: str, moment: datetime | None) -> Metric:
    family = GaugeMetricFamily(name, told)
    if moment is not None:
        family.add_metric((), moment.timestamp())
    return family
