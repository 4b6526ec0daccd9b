"""Threads that carry what is to be sent, and the one that hands it out and notes how it went."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event, Thread
from typing import Generic, TypeVar

from service.domain.errors import Unavailable
from service.jobs.traces import frames

LOG = logging.getLogger(__name__)

Errand = TypeVar("Errand")
Returned = TypeVar("Returned")


@dataclass(frozen=True, slots=True)
class Couriers(Generic[Errand, Returned]):
    """Carries errands, so many at a time; those that take long do not hold up the others.

    `hand_out` notes what came back and returns at most so many errands; it is called from one
    thread, and again with the same when it was Unavailable. `carry` is called from many. `resume`
    comes first: it sees to what a process of this name had in hand when it died.
    """

    hand_out: Callable[[Sequence[Returned], int], Sequence[Errand]]
    carry: Callable[[Errand], Returned]
    at_once: int
    look_every: float = 1
    resume: Callable[[], object] = lambda: None

    def begin(self, stop: Event) -> Thread:
        """Work in threads of their own until `stop`; then what is under way is waited for."""
        thread = Thread(target=self.run, args=(stop,), name="couriers", daemon=True)
        thread.start()
        return thread

    def run(self, stop: Event) -> None:
        """Hand errands out until `stop`, then note the last that come back."""
        under_way: set[Future[Returned]] = set()
        came: list[Returned] = []
        while not stop.is_set() and not self._resumed():
            stop.wait(self.look_every)
        with ThreadPoolExecutor(self.at_once, "courier") as threads:
            while not stop.is_set():
                free = self.at_once - len(under_way)
                errands, came = self._hand_out(came, free)
                under_way |= {threads.submit(self.carry, one) for one in errands}
                came += self._wait(under_way, stop)
        came += [one.result() for one in under_way if one.exception() is None]
        self._hand_out(came, 0)

    def _resumed(self) -> bool:
        try:
            self.resume()
        except Unavailable as error:
            LOG.warning("couriers wait: %s", error.code)
            return False
        except Exception as error:  # noqa: BLE001 - a bug must not end the thread
            LOG.error("couriers broke: %s", frames(error))
        return True

    def _hand_out(self, came: list[Returned], free: int) -> tuple[Sequence[Errand], list[Returned]]:
        """Return errands, and what could not be noted yet."""
        try:
            return self.hand_out(came, free), []
        except Unavailable as error:
            LOG.warning("couriers wait: %s", error.code)
            return (), came
        except Exception as error:  # noqa: BLE001 - a bug must not end the thread
            LOG.error("couriers broke: %s", frames(error))
            return (), []

    def _wait(self, under_way: set[Future[Returned]], stop: Event) -> list[Returned]:
        """Wait until something came back, or it is time to look again; return what came."""
        if not under_way:
            stop.wait(self.look_every)
            return []
        done, _ = wait(under_way, self.look_every, FIRST_COMPLETED)
        under_way -= done
        for one in done:
            if (error := one.exception()) is not None:
                LOG.error("an errand broke: %s", frames(error))
        return [one.result() for one in done if one.exception() is None]
