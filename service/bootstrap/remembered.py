"""Figures that cost the ledger something: counted now and then, remembered in between."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from threading import Lock
from time import monotonic

from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from service.domain.errors import Unavailable

REMEMBERED = 15.0  # seconds: however many ask, the ledger is not asked more often
SHARE = 100  # and longer in a large ledger: counting takes a hundredth of the time at most


class Remembered(Collector):
    """Tells what was counted last, by this process for all who scrape it; a silent ledger nothing.

    It is counted anew once so many seconds have passed, and SHARE times what counting took; at
    once if nothing is to be remembered.
    """

    def __init__(self, remembered: float = REMEMBERED) -> None:
        self._remembered = remembered
        self._turn = Lock()
        self._found: tuple[float, tuple[Metric, ...]] | None = None  # good until, what

    def collect(self) -> Iterable[Metric]:
        """Return the figures as they were counted last."""
        with self._turn:
            began = monotonic()
            if self._found is None or began > self._found[0]:
                try:
                    told = self._asked()
                except Unavailable:
                    return ()
                self._found = began + self._good_for(monotonic() - began), told
            return self._found[1]

    def _good_for(self, took: float) -> float:
        return max(self._remembered, SHARE * took) if self._remembered else 0.0

    @abstractmethod
    def _asked(self) -> tuple[Metric, ...]:
        """Count. Raises Unavailable."""
