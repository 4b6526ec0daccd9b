"""Progress of an order: waited for, streamed, estimated; light requests keep their threads."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import insert
from town import CLASS, SCHOOL, TERM, TOKENS, Town
from werkzeug.serving import make_server

from service.ledger import documents
from service.ledger.documents import State
from service.ledger.printing import jobs, pace, steps, workers
from service.ledger.printing.steps import Stage
from service.ledger.printing.workers import Pulse
from service.ledger.tables import steps as step_rows
from service.web.app import create_app
from service.web.jobs.told import job_told

JOBS = f"/v1/schools/{SCHOOL}/jobs"
HEADERS = {"Authorization": f"Bearer {TOKENS['journal']}"}
PATIENCE = 60.0


@pytest.fixture
def served(quiet_town: Town) -> Iterator[str]:
    """The address of the town's service."""
    server = make_server("127.0.0.1", 0, quiet_town.http.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def events(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    """Yield events as a client of them reads them."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line and name:
            fields[name] = value
        elif "data" in fields:
            yield fields
            fields = {}


def test_preference_is_applied(quiet_town: Town) -> None:
    sent = {
        "snapshot": quiet_town.post_snapshot(),
        "kind": "class-results",
        "class": CLASS,
        "term": TERM,
    }
    prefer = {"Prefer": "respond-async, wait=1; x=y"}
    ordered = quiet_town.ask("journal", "POST", JOBS, json=sent, headers=prefer)
    assert (ordered.status_code, ordered.headers["Preference-Applied"]) == (202, "wait=1")
    path = ordered.headers["Location"]
    plain = quiet_town.ask("journal", "GET", path, headers={"Prefer": "wait=soon"})
    assert "Preference-Applied" not in plain.headers
    timer = threading.Timer(0.3, quiet_town.work)
    timer.start()
    done = quiet_town.ask("journal", "GET", path, headers={"Prefer": "wait=99999"})
    timer.join()
    assert (done.json["state"], done.headers["Preference-Applied"]) == ("done", "wait=60")
    at_once = {"Prefer": "wait=9", "Idempotency-Key": "at-once"}
    again = quiet_town.ask("journal", "POST", JOBS, json=sent, headers=at_once)
    assert (again.status_code, again.json["state"]) == (200, "done")


def test_stream_tells_every_change_and_ends(quiet_town: Town, served: str) -> None:
    job = quiet_town.order(quiet_town.post_snapshot())
    url = f"{served}/v1/jobs/{job['id']}/events"
    with httpx.stream("GET", url, headers=HEADERS, timeout=PATIENCE) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert stream.headers["Cache-Control"] == "no-store"
        told = events(stream.iter_lines())
        first = next(told)
        assert (first["event"], json.loads(first["data"])["state"]) == ("progress", "queued")
        with quiet_town.service.database.writing() as connection:
            steps.begin(connection, job["document"], State.RENDERING, 1, quiet_town.clock())
            stage = Stage(60, "Печатаем PDF", 3, 8)
            steps.progress(connection, job["document"], State.RENDERING, 1, stage)
        second = json.loads(next(told)["data"])
        assert (second["percent"], second["step"]) == (60, "Печатаем PDF")
        assert (second["pages_done"], second["pages_total"]) == (3, 8)
        quiet_town.work()
        *_, last = told
    assert (last["event"], json.loads(last["data"])["state"]) == ("end", "done")
    finished = quiet_town.ask("journal", "GET", f"/v1/jobs/{job['id']}").json
    assert finished["pages_done"] == finished["pages_total"] > 0
    assert finished["estimate_seconds"] is None
    with quiet_town.service.database.reading() as connection:
        order, document = (
            jobs.get(connection, job["id"]),
            documents.get(connection, job["document"]),
        )
        step = steps.latest(connection, document.id, State.RENDERING)
    assert step is not None
    volumes = job_told(order, document, replace(step, pages_total=step.pages + 2))
    assert volumes.pages_done == volumes.pages_total == step.pages + 2
    seen = HEADERS | {"Last-Event-ID": last["id"]}
    assert httpx.get(url, headers=seen, timeout=PATIENCE).status_code == 204
    missed = httpx.get(url, headers=HEADERS | {"Last-Event-ID": first["id"]}, timeout=PATIENCE).text
    assert [one["event"] for one in events(iter(missed.splitlines()))] == ["end"]


def test_seen_is_not_told_again_and_the_foreign_does_not_exist(
    quiet_town: Town, served: str
) -> None:
    job = quiet_town.order(quiet_town.post_snapshot())
    url = f"{served}/v1/jobs/{job['id']}/events"
    with httpx.stream("GET", url, headers=HEADERS, timeout=PATIENCE) as stream:
        seen = next(events(stream.iter_lines()))["id"]
    headers = HEADERS | {"Last-Event-ID": seen}
    with httpx.stream("GET", url, headers=headers, timeout=PATIENCE) as stream:
        lines = stream.iter_lines()
        assert [next(lines) for _ in range(3)] == ["retry: 2000", "", ":"]
    foreign = {"Authorization": f"Bearer {TOKENS['elsewhere']}"}
    assert httpx.get(url, headers=foreign, timeout=PATIENCE).status_code == 404
    assert quiet_town.ask("journal", "HEAD", f"/v1/jobs/{job['id']}/events").status_code == 200


def test_streams_leave_threads_for_others_and_end_with_their_clients(
    quiet_town: Town, served: str
) -> None:
    job = quiet_town.order(quiet_town.post_snapshot())
    url = f"{served}/v1/jobs/{job['id']}"
    half = quiet_town.settings.web.threads // 2
    with ExitStack() as open_streams:
        held = []
        for _ in range(half):
            stream = httpx.stream("GET", f"{url}/events", headers=HEADERS, timeout=PATIENCE)
            held.append(open_streams.enter_context(stream).iter_lines())
            next(held[-1])
        refused = httpx.get(f"{url}/events", headers=HEADERS, timeout=PATIENCE)
        assert (refused.status_code, refused.json()["code"]) == (503, "too-many-streams")
        assert int(refused.headers["Retry-After"]) > 0
        at_once = httpx.get(f"{url}?wait=20", headers=HEADERS, timeout=PATIENCE)
        assert at_once.json()["state"] == "queued"
        assert at_once.elapsed < timedelta(seconds=5)
    gone = threading.Event()
    for _ in range(60):
        with httpx.stream("GET", f"{url}/events", headers=HEADERS, timeout=PATIENCE) as stream:
            if stream.status_code == 200:
                return
        gone.wait(0.25)
    pytest.fail("streams of clients that went hold their threads")


def test_estimate_is_what_was_measured(quiet_town: Town) -> None:
    job = quiet_town.order(quiet_town.post_snapshot())
    database, at = quiet_town.service.database, quiet_town.clock()
    with database.reading() as connection:
        like = documents.get(connection, job["document"])
        step = steps.latest(connection, like.id)
        assert pace.pace(connection, 2, 30).seconds_left(step, like.kind, at) is None
    with database.writing() as connection:
        for number in range(4):
            done = replace(like, id=f"d{number}", class_id=f"d{number}", state=State.ARCHIVED)
            documents.add(connection, done)
            values = {
                "document": done.id,
                "state": State.RENDERING,
                "generation": 1,
                "tries": 0,
                "starts": 1,
                "crashes": 0,
                "due": at,
                "started_at": at - timedelta(seconds=10),
                "finished_at": at - timedelta(seconds=7 - number),
                "percent": 100,
                "doing": "",
                "pages": 1,
                "school": SCHOOL,
                "turn": 0,
            }
            connection.execute(insert(step_rows).values(values))
        now = pace.pace(connection, 2, 30)
        assert (now.mean, now.seconds_left(step, like.kind, at)) == (4.5, None)
        workers.claim(connection, Pulse("worker", "here", "p"), 30)
        now = pace.pace(connection, 2, 30)
    assert now.seconds_left(step, like.kind, at) == 5
    crowd = replace(now, waiting=[0] * 10 + [step.turn], busy=2)
    assert crowd.seconds_left(step, like.kind, at) == 30  # 11 others, two at a time, then itself
    begun = replace(step, starts=1, started_at=at - timedelta(seconds=3))
    assert now.seconds_left(begun, like.kind, at) == 2
    stuck = replace(begun, started_at=at - timedelta(seconds=30))
    assert now.seconds_left(stuck, like.kind, at) is None
    later = replace(step, due=at + timedelta(minutes=5))
    assert now.seconds_left(later, like.kind, at) == 305
    fresh = create_app(quiet_town.service).test_client()  # the pace is known for two seconds
    assert fresh.get(f"/v1/jobs/{job['id']}", headers=HEADERS).json["estimate_seconds"] == 5
