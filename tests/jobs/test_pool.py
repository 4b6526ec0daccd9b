"""The printing processes: replaced when they die or hang, their own errors passed through."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import forkserver

import pool_tasks
import pytest

from service.domain.errors import Rejected
from service.jobs.pool import NotWanted, Pool, PoolClosed, ProcessDied

PATIENCE = 60.0


def always() -> bool:
    return True


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def broken(pool: Pool[dict[str, int], int]) -> bool:
    """Whether the pool has seen that its process is dead."""
    (slot,) = pool._slots
    return bool(slot.executor._broken)


@pytest.fixture
def pool() -> Iterator[Pool[dict[str, int], int]]:
    made: Pool[dict[str, int], int] = Pool(1, PATIENCE, pool_tasks.make)
    yield made
    made.close()


def test_warm_process_serves_every_task(pool: Pool[dict[str, int], int]) -> None:
    one, two = (pool.run(pool_tasks.where, "d", 1, always) for _ in range(2))
    assert one == two != os.getpid()


def test_death_is_told_and_made_good(pool: Pool[dict[str, int], int]) -> None:
    before = pool.run(pool_tasks.where, "d", 1, always)
    with pytest.raises(ProcessDied):
        pool.run(pool_tasks.die, "d", 1, always)
    assert pool.run(pool_tasks.where, "d", 1, always) != before


def test_idle_death_is_nobodys_fault(pool: Pool[dict[str, int], int]) -> None:
    before = pool.run(pool_tasks.where, "d", 1, always)
    os.kill(before, 9)
    until(lambda: broken(pool))
    assert pool.run(pool_tasks.where, "d", 1, always) != before


def test_death_of_the_fork_server_is_made_good(pool: Pool[dict[str, int], int]) -> None:
    server = forkserver._forkserver
    before, first = pool.run(pool_tasks.where, "d", 1, always), server._forkserver_pid

    def kill_the_next() -> None:
        while (now := server._forkserver_pid) in {None, first}:
            time.sleep(0.001)
        os.kill(now, 9)  # it has not forked yet

    os.kill(first, 9)
    until(lambda: broken(pool))
    with ThreadPoolExecutor(1) as threads:
        killed = threads.submit(kill_the_next)
        assert pool.run(pool_tasks.where, "d", 1, always) != before
        killed.result(PATIENCE)


def test_hanging_process_is_killed() -> None:
    pool: Pool[dict[str, int], int] = Pool(1, 0.5, pool_tasks.make)
    with pytest.raises(ProcessDied, match="не закончилась"):
        pool.run(pool_tasks.hang, "d", 1, always)
    pool.close()


def test_errors_of_the_task_come_through(pool: Pool[dict[str, int], int]) -> None:
    with pytest.raises(Rejected, match="нельзя: d7"):
        pool.run(pool_tasks.refuse, "d7", 1, always)


def test_closing_leaves_the_task_for_the_next_start() -> None:
    pool: Pool[dict[str, int], int] = Pool(1, PATIENCE, pool_tasks.make)
    pool.run(pool_tasks.where, "d", 1, always)
    with ThreadPoolExecutor(1) as threads:
        task = threads.submit(pool.run, pool_tasks.hang, "d", 1, always)
        until(pool._free.empty)
        pool.close()
        with pytest.raises(PoolClosed):
            task.result(PATIENCE)


def test_what_is_no_longer_wanted_is_stopped_at_once(pool: Pool[dict[str, int], int]) -> None:
    before = pool.run(pool_tasks.where, "d", 1, always)
    began = time.monotonic()
    with pytest.raises(NotWanted):
        pool.run(pool_tasks.hang, "d", 1, lambda: time.monotonic() - began < 1)
    assert pool.run(pool_tasks.where, "d", 1, always) != before
