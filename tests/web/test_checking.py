"""Snapshots are checked beside the threads that answer, in a process that may die at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from town import SCHOOL, SNAPSHOT, TOKENS, settings_file

from signing.authority.ports import kept_port

PATIENCE = 60.0
PROC = Path("/proc")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Web:
    """`vedomost web` with one process that answers."""

    address: str
    process: subprocess.Popen[bytes]

    def post(self, number: int) -> httpx.Response:
        return httpx.post(
            f"{self.address}/v1/schools/{SCHOOL}/snapshots",
            content=SNAPSHOT + b" " * number,
            headers={"Content-Type": "application/json", **self._token()},
            timeout=PATIENCE,
        )

    def look(self) -> httpx.Response:
        answer = httpx.get(f"{self.address}/v1/me", headers=self._token(), timeout=PATIENCE)
        return answer.raise_for_status()

    def answering(self) -> int:
        """The process that answers."""
        (one,) = children(self.process.pid)
        return one

    def checking(self) -> int:
        """The process that checks: a child of the one all of its kind are forked from."""
        (one,) = [two for one in children(self.answering()) for two in children(one)]
        return one

    def _token(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {TOKENS['journal']}"}


def children(parent: int) -> list[int]:
    tasks = (PROC / str(parent) / "task").glob("*/children")
    return [int(one) for task in tasks for one in task.read_text().split()]


def alive(process: int) -> bool:
    try:
        stat = (PROC / str(process) / "stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def until(found: Callable[[], Found]) -> Found:
    """Return what is found, once something is."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if one := found():
            return one
        time.sleep(0.05)
    raise AssertionError("it did not come")


def serves(address: str) -> bool:
    try:
        return httpx.get(f"{address}/livez").is_success
    except httpx.TransportError:
        return False


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    listen = f"127.0.0.1:{kept_port()}"
    file = settings_file(tmp_path, None, listen)
    with (tmp_path / "web.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "service", "web", "--settings", file],
            env={**os.environ, "VEDOMOST_WEB__PROCESSES": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    address = f"http://{listen}"
    try:
        until(lambda: serves(address))
        yield Web(address, process)
    finally:
        process.terminate()
        assert process.wait(PATIENCE) == 0, (tmp_path / "web.log").read_text()


@pytest.mark.timeout(240)
def test_checked_beside_the_threads_that_answer(web: Web, tmp_path: Path) -> None:
    assert children(web.answering()) == [], "nothing is started before it is needed"
    assert web.post(1).status_code == 201
    checking = web.checking()
    with ThreadPoolExecutor(1) as threads:
        os.kill(checking, signal.SIGSTOP)
        posted = threads.submit(web.post, 2)
        until(lambda: list((tmp_path / "data" / "incoming").iterdir()))
        for _ in range(20):
            web.look()
        assert not posted.done(), "a snapshot waits, others do not"
        os.kill(checking, signal.SIGKILL)
        refused = posted.result(PATIENCE)
    assert (refused.status_code, refused.json()["code"]) == (503, "work-broke")
    assert int(refused.headers["Retry-After"]) > 0
    assert web.post(2).status_code == 201, "the next one passes"
    assert web.checking() != checking
    assert list((tmp_path / "data" / "incoming").iterdir()) == []

    answering = web.answering()
    family = {*children(answering), web.checking()}
    os.kill(answering, signal.SIGKILL)
    until(lambda: not any(map(alive, family)))
    until(lambda: serves(web.address))
    assert web.post(3).status_code == 201
