"""The real worker, killed at the worst moments: every document is printed and archived once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from thick import register
from town import Town

from service.jobs import engine
from service.ledger.printing import steps, workers

PATIENCE = 90.0
GRACE = 40  # seconds `vedomost serve` gives a worker to stop in
VOLUMES = 3


@contextmanager
def worker(town: Town) -> Iterator[subprocess.Popen[bytes]]:
    """Run `vedomost worker` on the town's settings; whatever is left of it is killed."""
    log = (town.folder / "worker.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "worker", "--settings", town.folder / "vedomost.toml"],
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        log.close()


def wait_for(done: Callable[[], bool], town: Town) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < until, (town.folder / "worker.log").read_text()
        time.sleep(0.1)


def states(town: Town, documents: Iterable[str]) -> set[str]:
    return {town.document(one)["state"] for one in documents}


def order_all(town: Town) -> dict[str, str]:
    """Order four documents; return their jobs."""
    body = register(2)
    told = json.loads(body)
    (journal,) = told["classes"]
    snapshot = town.post_snapshot(body)
    jobs = [town.order(snapshot, "class-register", **{"class": journal["id"]})]
    for term in told["terms"][:3]:
        wanted = {"class": journal["id"], "term": term["id"]}
        jobs.append(town.order(snapshot, "class-results", **wanted))
    return {job["document"]: job["id"] for job in jobs}


@pytest.mark.timeout(280)
def test_killed_while_printing_and_while_storing(town: Town) -> None:
    documents = order_all(town)
    with worker(town) as first:
        wait_for(lambda: _someone_prints(town, documents.values()), town)
        first.kill()
        first.wait()
    with worker(town) as second:
        wait_for(lambda: states(town, documents) == {"awaiting-deputy"}, town)
        for document in documents:
            town.sign(document, "deputy")
            town.sign(document, "director")
        wait_for(lambda: bool(town.archived_files("A")), town)
        second.kill()
        second.wait()
    with worker(town) as third:
        wait_for(lambda: states(town, documents) == {"archived"}, town)
        third.terminate()
        assert third.wait(60) == 0
    for store in ("A", "B"):
        assert len(town.archived_files(store)) == 3 * len(documents)
    for document in documents:
        assert town.ask("director", "GET", f"/v1/documents/{document}/verification").json["valid"]
    assert town.log_is_whole()


@pytest.mark.timeout(280)
def test_told_to_stop_in_the_midst_leaves_nothing_to_wait_for(quiet_town: Town) -> None:
    jobs = order_all(quiet_town).values()
    with worker(quiet_town) as first:
        wait_for(lambda: _someone_prints(quiet_town, jobs), quiet_town)
        first.terminate()
        assert first.wait(GRACE) == 0, (quiet_town.folder / "worker.log").read_text()
    with quiet_town.service.database.reading() as connection:
        held = steps.overdue(connection, quiet_town.clock() + timedelta(days=1))
        assert workers.living(connection, PATIENCE) == set()
    names = {engine.workflow_id(one.document, one.state, one.generation) for one in held}
    assert quiet_town.service.dispatcher.missing(names, set()) == set(), "each can be taken now"
    with worker(quiet_town):
        wait_for(lambda: _ended(quiet_town, jobs) == {"done"}, quiet_town)
    assert "called again" not in (quiet_town.folder / "worker.log").read_text()


@pytest.mark.timeout(280)
def test_killed_between_two_volumes(thin: Town) -> None:
    body = register(6)
    (journal,) = json.loads(body)["classes"]
    job = thin.order(thin.post_snapshot(body), "class-register", **{"class": journal["id"]})["id"]

    def told() -> dict[str, Any]:
        return dict(thin.ask("journal", "GET", f"/v1/jobs/{job}").json)

    def listed() -> list[dict[str, Any]]:
        return list(thin.ask("journal", "GET", "/v1/documents").json["documents"])

    with worker(thin) as first:
        wait_for(lambda: told()["step"].startswith("Печатаем том 2"), thin)
        first.kill()
        first.wait()
    assert [one["state"] for one in listed()] == ["rendering"]
    with worker(thin):
        wait_for(lambda: told()["state"] == "done", thin)
    assert sorted(one["volume"] for one in listed()) == list(range(1, VOLUMES + 1))
    assert {one["state"] for one in listed()} == {"awaiting-deputy"}
    assert thin.log_is_whole()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a lock on the folder
def test_second_worker_of_one_name_is_refused(quiet_town: Town) -> None:
    with worker(quiet_town):
        log = quiet_town.folder / "worker.log"
        wait_for(lambda: "takes jobs" in log.read_text(), quiet_town)
        again = subprocess.run(
            [sys.executable, "-m", "service", "worker", "--settings", "vedomost.toml"],
            check=False,
            cwd=quiet_town.folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    assert again.returncode == 5
    assert "уже работает обработчик" in again.stderr


@pytest.mark.timeout(120)
def test_starting_it_takes_up_what_a_dead_host_left(quiet_town: Town) -> None:
    database = quiet_town.service.database
    quiet_town.clock.pass_by(hours=-1)
    document = quiet_town.order(quiet_town.post_snapshot())["document"]
    tables = "dbos." if database.engine.dialect.name == "postgresql" else ""
    taken = f"UPDATE {tables}workflow_status SET status='PENDING', executor_id='lost'"
    with database.writing() as connection:
        connection.exec_driver_sql(taken)
    with worker(quiet_town):
        wait_for(lambda: states(quiet_town, [document]) == {"awaiting-deputy"}, quiet_town)
    lines = (quiet_town.folder / "worker.log").read_text().splitlines()
    began, swept = (_moment(lines, one) for one in ("takes jobs", "called again"))
    assert swept - began < timedelta(seconds=10), "the next sweep was not waited for"


def _moment(lines: Iterable[str], said: str) -> datetime:
    (line,) = (one for one in lines if said in one)
    return datetime.fromisoformat(line[:19])


def _ended(town: Town, jobs: Iterable[str]) -> set[str]:
    return {town.ask("journal", "GET", f"/v1/jobs/{job}").json["state"] for job in jobs}


def _someone_prints(town: Town, jobs: Iterable[str]) -> bool:
    told = [town.ask("journal", "GET", f"/v1/jobs/{job}").json for job in jobs]
    return any(job["state"] == "running" and job["percent"] >= 1 for job in told)
