"""What requests hand over: few wait, a death is told and made good, what has grown is replaced."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pool_tasks
import pytest

from service.jobs.aside import Aside, Crowded, WorkBroke
from service.jobs.pool import Pool, PoolClosed


def aside(most: int | None = None, timeout: float = 60) -> Aside[dict[str, int], int]:
    return Aside("Проба", 2, lambda: Pool(1, timeout, pool_tasks.make, nice=5, most=most))


@pytest.fixture
def beside() -> Iterator[Aside[dict[str, int], int]]:
    made = aside()
    yield made
    made.close()


def test_who_is_one_too_many_is_told_at_once(beside: Aside[dict[str, int], int]) -> None:
    beside(pool_tasks.where, "d")
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(beside, pool_tasks.hang, "d") for _ in range(2)]
        while beside._free._value:
            pass
        with pytest.raises(Crowded, match="Проба: очередь полна"):
            beside(pool_tasks.where, "d")
        beside.close()
        for one in waiting:
            with pytest.raises(PoolClosed):
                one.result(60)


def test_a_death_is_told_and_made_good(beside: Aside[dict[str, int], int]) -> None:
    with pytest.raises(WorkBroke, match="Повторите"):
        beside(pool_tasks.die, "d")
    assert beside(pool_tasks.where, "d")


def test_what_takes_too_long_is_ended() -> None:
    beside = aside(timeout=0.5)
    with pytest.raises(WorkBroke):
        beside(pool_tasks.hang, "d")
    beside.close()


def test_a_process_that_has_grown_is_replaced() -> None:
    beside = aside(most=1)
    assert beside(pool_tasks.where, "d") != beside(pool_tasks.where, "d")
    beside.close()
