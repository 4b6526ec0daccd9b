"""Figures kept for Prometheus by all processes of a host together, in files of one folder.

Loaded only where `metrics.listen` is set, after PROMETHEUS_MULTIPROC_DIR names this process's
folder: the library decides at import how it counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from prometheus_client import Counter, Histogram, values
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from service.observing.counts import KeptCounts, is_begun

REQUEST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
STEP = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 180, 600)
STORE = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60)


class PrometheusMeters:
    """Meters that Prometheus reads; see `service.observing.watch`."""

    def __init__(self) -> None:
        values.MmapedDict = KeptCounts  # type: ignore[assignment,attr-defined]
        self._requests = Counter(
            "vedomost_http_requests",
            "HTTP requests answered.",
            ("method", "route", "status"),
            registry=None,
        )
        self._request_seconds = Histogram(
            "vedomost_http_request_seconds",
            "Seconds until an HTTP request was answered.",
            ("method", "route"),
            buckets=REQUEST,
            registry=None,
        )
        self._steps = Counter(
            "vedomost_steps",
            "Steps of documents ended, by code.",
            ("step", "outcome"),
            registry=None,
        )
        self._step_seconds = Histogram(
            "vedomost_step_seconds", "Seconds a step took.", ("step",), buckets=STEP, registry=None
        )
        self._pages = Counter("vedomost_pages", "Pages printed.", registry=None)
        self._stores = Counter(
            "vedomost_store_operations",
            "What stores were asked for, by code.",
            ("store", "operation", "outcome"),
            registry=None,
        )
        self._store_seconds = Histogram(
            "vedomost_store_seconds",
            "Seconds a store took to answer.",
            ("store", "operation"),
            buckets=STORE,
            registry=None,
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """See Meters."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(method, route).observe(seconds)

    def step(self, state: str, outcome: str, seconds: float) -> None:
        """See Meters."""
        self._steps.labels(state, outcome).inc()
        self._step_seconds.labels(state).observe(seconds)

    def pages(self, count: int) -> None:
        """See Meters."""
        self._pages.inc(count)

    def store(self, store: str, operation: str, outcome: str, seconds: float) -> None:
        """See Meters."""
        self._stores.labels(store, operation, outcome).inc()
        self._store_seconds.labels(store, operation).observe(seconds)


class HostCollector(Collector):
    """What the processes of a host have counted, role by role (label `role`).

    A role's counters only grow, and begin at nought together when it starts anew.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        """Return the sums; a process that is gone still counts until its role starts anew."""
        told: dict[str, Metric] = {}
        for role in sorted(one for one in self._folder.glob("*") if one.is_dir()):
            for metric in _counted(role):
                of_all = told.setdefault(metric.name, metric)
                of_role = [
                    one._replace(labels={**one.labels, "role": role.name}) for one in metric.samples
                ]
                if of_all is metric:
                    of_all.samples = of_role
                else:
                    of_all.samples.extend(of_role)
        return told.values()


def _counted(role: Path) -> Iterable[Metric]:
    files = [str(file) for file in sorted(role.glob("*.db")) if is_begun(file)]
    merged: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]
    return merged
