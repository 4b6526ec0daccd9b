"""Processes that print: warmed, one document at a time each, replaced when one dies or hangs."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import wait
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

from service.domain.errors import Conflict, Unavailable

Tool = TypeVar("Tool")
Result = TypeVar("Result")
Task = Callable[[Tool, str, int], Result]

PROC, PAGE = Path("/proc"), os.sysconf("SC_PAGE_SIZE")
NO_FORK = (OSError, EOFError)  # the fork server died meanwhile; whoever asks next starts another
STARTS = 5  # tries to start a process
PAUSE = 0.1  # seconds between them: one that dies is there for a moment
LOOK = 0.5  # seconds between two questions whether a task is still wanted
NICE = 10  # printing takes what the machine has left: whoever answers requests goes first


class ProcessDied(Unavailable):
    """The process that printed died, or was killed for taking too long."""

    code = "process-died"
    title = "Процесс печати завершился"


class NotStarted(ProcessDied):
    """Again and again no process could be started: no document is to blame."""


class NotWanted(Conflict):
    """What was being printed is no longer asked for: cancelled, or taken over by another worker."""

    code = "not-wanted"
    title = "Документ больше не нужен"


class PoolClosed(Unavailable):
    """The worker is stopping: the task is left for its next start."""

    code = "pool-closed"
    title = "Обработчик останавливается"


@dataclass(frozen=True, slots=True)
class _Slot:
    """One process; its number comes once it is warm."""

    executor: ProcessPoolExecutor
    number: Future[int]

    def begin(self, task: Task[Any, Any], document: str, generation: int) -> Future[Any] | None:
        """Have a task done; None if the process has died idle, was never started, or was ended."""
        if self.number.done() and self.number.exception() is not None:
            return None
        try:
            return self.executor.submit(_apply, task, document, generation)
        except (RuntimeError, *NO_FORK):  # broken or shut down, as the executor says it
            return None

    def warm(self) -> bool:
        """Return whether the process ever got as far as to take tasks."""
        return self.number.done() and self.number.exception() is None

    def held(self) -> int:
        """Return the bytes the process holds; 0 where nobody tells."""
        try:
            told = (PROC / str(self.number.result()) / "statm").read_text()
        except OSError:
            return 0
        return int(told.split()[1]) * PAGE

    def end(self) -> None:
        """Kill the process, whatever it is doing."""
        if self.warm():
            with suppress(ProcessLookupError):
                os.kill(self.number.result(), signal.SIGKILL)
        self.executor.shutdown(wait=False, cancel_futures=True)


def always() -> bool:
    """Say that work is wanted which nobody calls off."""
    return True


class Pool(Generic[Tool, Result]):
    """A few processes with one task at a time each, so that a death is laid at the right door.

    `make` builds, once in every process, the tool tasks work with; `preload` names the modules
    the fork server imports beforehand; after `timeout` seconds a task's process is killed, and
    once it has held more than `most` bytes another takes its place.
    """

    def __init__(
        self,
        processes: int,
        timeout: float,
        make: Callable[[], Tool],
        *,
        preload: tuple[str, ...] = (),
        nice: int = NICE,
        most: int | None = None,
    ) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))
        self._timeout = timeout
        self._warm = partial(_warm, make, nice)
        self._most = most
        self._closing = False
        self._slots: list[_Slot] = []
        self._free: SimpleQueue[_Slot] = SimpleQueue()
        for _ in range(processes):
            self._free.put(self._open())

    def run(
        self, task: Task[Tool, Result], document: str, generation: int, wanted: Callable[[], bool]
    ) -> Result:
        """Run a task in a free process; its own errors come through, its death is ProcessDied.

        While it runs, `wanted` is asked now and then: once it says no the process is killed and
        NotWanted raised. PoolClosed once the pool is closing, whatever became of the task.
        """
        slot = self._free.get()
        try:
            if self._closing:
                raise PoolClosed("Обработчик останавливается.")
            tries = 0
            while (future := slot.begin(task, document, generation)) is None:
                slot = self._replaced(slot)
                if (tries := tries + 1) == STARTS:
                    raise NotStarted("Процесс печати не запускается.")
                time.sleep(PAUSE)
            until = time.monotonic() + self._timeout
            while not (wait_for((future,), LOOK).done or future.cancelled()):
                if time.monotonic() > until:
                    slot = self._replaced(slot)
                    raise ProcessDied(f"Печать не закончилась за {self._timeout:.0f} с.")
                if not wanted():
                    slot = self._replaced(slot)
                    raise NotWanted("Документ больше не нужен.")
            try:
                result: Result = future.result()
                if self._most is not None and slot.held() > self._most:
                    slot = self._replaced(slot)
                return result
            except (BrokenProcessPool, CancelledError):
                warm = slot.warm()
                slot = self._replaced(slot)
                if not warm:
                    raise NotStarted("Процесс печати завершился, не начав документа.") from None
                raise ProcessDied("Процесс печати завершился, не закончив документ.") from None
        finally:
            self._free.put(slot)

    def close(self) -> None:
        """End every process, free or not."""
        self._closing = True
        for slot in tuple(self._slots):
            slot.end()

    def _open(self) -> _Slot:
        executor = ProcessPoolExecutor(1, mp_context=self._context, initializer=self._warm)
        slot = _Slot(executor, _number(executor))
        self._slots.append(slot)
        return slot

    def _replaced(self, slot: _Slot) -> _Slot:
        if self._closing:
            raise PoolClosed("Обработчик останавливается.")
        slot.end()
        self._slots.remove(slot)
        opened = self._open()
        if self._closing:  # and whoever closes has not seen this one
            opened.end()
        return opened


def _number(executor: ProcessPoolExecutor) -> Future[int]:
    """Start the process and return its number to come, or why there is none."""
    try:
        return executor.submit(os.getpid)
    except NO_FORK as error:
        failed: Future[int] = Future()
        failed.set_exception(error)
        return failed


_TOOLS: list[Any] = []  # of this process; the executor has no other place for it


def _warm(make: Callable[[], Any], nice: int) -> None:
    with suppress(PermissionError):  # a unit of systemd may forbid it: then all are equals
        os.nice(nice)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the worker, which ends us
    Thread(target=_die_with_parent, daemon=True).start()
    _TOOLS.append(make())
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # models and boxes by the hundred thousand, none cyclic


def _apply(task: Callable[[Any, str, int], Result], document: str, generation: int) -> Result:
    return task(_TOOLS[0], document, generation)


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
