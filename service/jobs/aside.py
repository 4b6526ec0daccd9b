"""What a request hands to a process of its own: few at a time wait for it, the next is told so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Lock
from typing import Generic, TypeVar

from service.domain.errors import Unavailable
from service.jobs.pool import Pool, ProcessDied, Task, always

Tool = TypeVar("Tool")
Result = TypeVar("Result")


class Crowded(Unavailable):
    """As many requests wait for this work as may; the other threads are for quick answers."""

    code = "crowded"
    title = "Сейчас слишком много таких запросов"
    wait = 5  # seconds after which asking again makes sense


class WorkBroke(Unavailable):
    """The process that did the work died, or was killed for taking too long; nothing is changed."""

    code = "work-broke"
    title = "Работа прервалась"


@dataclass(slots=True)
class Aside(Generic[Tool, Result]):
    """A pool of processes opened by the first task; `places` tasks at most run and wait."""

    name: str  # of the work, as it is told
    places: int
    open: Callable[[], Pool[Tool, Result]]
    _free: BoundedSemaphore = field(init=False)
    _turn: Lock = field(default_factory=Lock)
    _pool: Pool[Tool, Result] | None = None

    def __post_init__(self) -> None:
        self._free = BoundedSemaphore(self.places)

    def __call__(self, task: Task[Tool, Result], subject: str) -> Result:
        """Return what a task makes of a subject; its own errors come through.

        Raises Crowded, or WorkBroke if its process dies; the next task gets another one.
        """
        if not self._free.acquire(blocking=False):
            raise Crowded(f"{self.name}: очередь полна. Повторите запрос через несколько секунд.")
        try:
            return self._opened().run(task, subject, 0, always)
        except ProcessDied:
            raise WorkBroke(
                f"{self.name}: процесс завершился или не уложился в срок. Повторите запрос."
            ) from None
        finally:
            self._free.release()

    def close(self) -> None:
        """End the processes, busy or not."""
        with self._turn:
            if self._pool is not None:
                self._pool.close()

    def _opened(self) -> Pool[Tool, Result]:
        with self._turn:
            if self._pool is None:
                self._pool = self.open()
            return self._pool
