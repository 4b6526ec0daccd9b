"""Hundreds follow orders on one process of three threads: on real connections, to the end."""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event, func, select
from town import CLASS, SCHOOL, TERM, TOKENS, Town, settings_town

from service.domain.access.rights import Duty, Reach
from service.ledger import documents
from service.ledger.documents import State
from service.ledger.people import tokens
from service.ledger.people.tokens import Token
from service.ledger.printing import jobs, steps
from service.ledger.printing.jobs import Job
from service.ledger.printing.steps import Stage
from service.ledger.repeated.tables import idempotency
from service.web.http.access import Caller
from service.web.http.standing import Admitted
from service.web.http.wire import Received, Then
from service.web.jobs.held import MOST_KEPT, Held, Stream
from service.web.jobs.news import HEARTBEAT, Telling, news
from service.web.jobs.progress import Progress
from service.web.jobs.told import job_told
from service.web.jobs.watcher import CHECK, LOOK, Watcher
from signing.authority.ports import kept_port

STREAMS, POLLS, SPARE, ORDERS = 200, 50, 4, 200
PATIENCE = 60.0
END = b"0\r\n\r\n"
HEADERS = {"Authorization": f"Bearer {TOKENS['journal']}"}
SECRET = "vd_visitor_" + "x" * 40
EVERY = 1.0  # seconds a light request takes at most as a rule, while all of these watch
BUSY = 30.0  # seconds a busy machine may take; who waited for a thread would wait for longer


@contextmanager
def web(town: Town, **wanted: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """`vedomost web` over the town's ledger: one process, three threads."""
    listen = f"127.0.0.1:{kept_port()}"
    chosen = {"processes": 1, "threads": 3, "listen": listen} | wanted
    environment = {f"VEDOMOST_WEB__{name.upper()}": str(value) for name, value in chosen.items()}
    environment["VEDOMOST_ACCESS__LIMITS__PER_MINUTE"] = str(STREAMS + POLLS + ORDERS + 100)
    log = town.folder / "web.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "service", "web", "--settings", town.folder / "vedomost.toml"],
            env={**os.environ, **environment},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        until(lambda: serves(listen))
        yield listen, process
    finally:
        process.terminate()
        assert process.wait(PATIENCE) == 0, log.read_text()
    assert "Traceback" not in log.read_text()


def serves(listen: str) -> bool:
    try:
        return httpx.get(f"http://{listen}/livez").is_success
    except httpx.TransportError:
        return False


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@dataclass
class Followed:
    """Orders of a town, as many as wanted, and how they go on."""

    town: Town
    orders: list[Job] = field(default_factory=list)

    def order(self, many: int) -> None:
        first = self.town.order(self.town.post_snapshot())
        with self.town.service.database.writing() as connection:
            self.orders.append(jobs.get(connection, first["id"]))
            like = documents.get(connection, first["document"])
            step = steps.latest(connection, like.id)
            assert step is not None
            for number in range(1, many):
                name = f"d{number:031}"
                documents.add(connection, replace(like, id=name, class_id=name))
                steps.add(connection, replace(step, document=name))
                self.orders.append(replace(self.orders[0], id=f"j{name[1:]}", document=name))
                jobs.add(connection, self.orders[-1])

    def go_on(self, percent: int) -> None:
        with self.town.service.database.writing() as connection:
            for one in self.orders:
                steps.begin(connection, one.document, State.RENDERING, 1, self.town.clock())
                stage = Stage(percent, "Печатаем PDF", percent // 10, 10)
                steps.progress(connection, one.document, State.RENDERING, 1, stage)

    def end(self, orders: Collection[Job]) -> None:
        at = self.town.clock()
        with self.town.service.database.writing() as connection:
            for one in orders:
                steps.finish(connection, one.document, State.RENDERING, 1, at, None)
                found = documents.get(connection, one.document)
                documents.move(connection, found, State.AWAITING_DEPUTY, at, pages=10)


@pytest.fixture
def followed(quiet_town: Town) -> Followed:
    return Followed(quiet_town)


@pytest.fixture
def followed_once(tmp_path: Path) -> Iterator[Followed]:
    """The same, on SQLite only."""
    for town in settings_town(tmp_path, ""):
        yield Followed(town)


class Wires:
    """Many connections to a server, read by one thread."""

    def __init__(self, listen: str) -> None:
        host, port = listen.split(":")
        self._address = host, int(port)
        self._ready = selectors.DefaultSelector()
        self.read: dict[socket.socket, bytearray] = {}
        self.closed: set[socket.socket] = set()

    def ask(self, path: str, secret: str = TOKENS["journal"]) -> socket.socket:
        wire = socket.create_connection(self._address, PATIENCE)
        self.read[wire] = bytearray()
        self._ready.register(wire, selectors.EVENT_READ)
        self.again(wire, path, secret)
        return wire

    def order(self, asked: bytes, key: str, wait: int = 50) -> socket.socket:
        wire = socket.create_connection(self._address, PATIENCE)
        self.read[wire] = bytearray()
        self._ready.register(wire, selectors.EVENT_READ)
        self.order_again(wire, asked, key, wait)
        return wire

    def order_again(self, wire: socket.socket, asked: bytes, key: str, wait: int = 50) -> None:
        head = (
            f"POST /v1/schools/{SCHOOL}/jobs HTTP/1.1\r\nHost: a\r\n"
            f"Authorization: Bearer {TOKENS['journal']}\r\nContent-Type: application/json\r\n"
            f"Idempotency-Key: {key}\r\nPrefer: wait={wait}\r\nContent-Length: {len(asked)}\r\n"
        )
        wire.sendall(head.encode() + b"\r\n" + asked)

    def again(self, wire: socket.socket, path: str, secret: str = TOKENS["journal"]) -> None:
        head = f"GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {secret}\r\n\r\n"
        wire.sendall(head.encode())

    def until(self, holds: Callable[[bytes], bool], among: Collection[socket.socket]) -> None:
        """Read until all of some connections were sent what is waited for."""
        end = time.monotonic() + PATIENCE
        while not all(holds(bytes(self.read[one])) for one in among):
            assert time.monotonic() < end, Counter(bytes(self.read[one][-60:]) for one in among)
            for key, _ in self._ready.select(0.1):
                wire = key.fileobj
                assert isinstance(wire, socket.socket)
                data = wire.recv(1 << 16)
                self.read[wire] += data
                if not data:
                    self._ready.unregister(wire)
                    self.closed.add(wire)

    def close(self) -> None:
        for one in self.read:
            one.close()


def events(answer: bytes) -> list[tuple[str, int]]:
    """Return the name and the per cent of each event of an answer in chunks."""
    body, text = answer.partition(b"\r\n\r\n")[2], b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        text, body = text + rest[:length], rest[length + 2 :] if length else b""
    told = [part.split("\n") for part in text.decode().split("\n\n") if part.startswith("id: ")]
    return [(one[1][7:], json.loads(one[2][6:])["percent"]) for one in told]


def refused(client: httpx.Client, path: str) -> bool:
    with client.stream("GET", path) as answer:
        return answer.status_code == HTTPStatus.TOO_MANY_REQUESTS


def resident(process: int) -> int:
    """Return the memory of a server's one process that answers, in KiB."""
    (child,) = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    status = Path(f"/proc/{child}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def revoked_are_left(followed: Followed, wires: Wires, path: str) -> None:
    """Whoever follows with a token that is revoked is left soon, and others are not."""
    database, at = followed.town.service.database, followed.town.clock()
    reach = Reach(SCHOOL, frozenset({Duty.SECRETARY}))
    hashed = sha256(SECRET.encode()).hexdigest()
    with database.writing() as connection:
        tokens.add(connection, Token("visitor", reach, hashed, "", "a", at))
    own, lent = wires.ask(f"{path}/events"), wires.ask(f"{path}/events", SECRET)
    wires.until(lambda read: b"event: progress" in read, [own, lent])
    began = time.monotonic()
    with database.writing() as connection:
        assert tokens.revoke(connection, "visitor", at)
    wires.until(lambda read: read.endswith(END), [lent])
    assert time.monotonic() - began < CHECK + BUSY
    assert wires.read[lent].count(b"retry: ") == 2
    wires.read[lent].clear()
    wires.again(lent, f"{path}/events", SECRET)
    wires.until(lambda read: b"HTTP/1.1 401" in read, [lent])
    assert not wires.read[own].endswith(END)


def all_are_told_when_it_stops(wires: Wires, path: str, process: subprocess.Popen[bytes]) -> None:
    """Streams end saying when to come back, whoever waits is told how it stands."""
    streams, poll = [wires.ask(f"{path}/events") for _ in range(20)], wires.ask(f"{path}?wait=50")
    wires.until(lambda read: b"event: progress" in read, streams)
    time.sleep(2 * LOOK)
    assert not wires.read[poll]
    process.send_signal(signal.SIGTERM)
    wires.until(lambda read: read.endswith(END), streams)
    assert {wires.read[one].count(b"retry: ") for one in streams} == {2}
    wires.until(lambda read: b'"state":"running"' in read, [poll])
    began = time.monotonic()
    assert process.wait(PATIENCE) == 0
    assert time.monotonic() - began < BUSY


@pytest.mark.timeout(240)
def test_hundreds_follow_and_nobody_waits_for_them(followed: Followed) -> None:
    followed.order(21)
    most = STREAMS + POLLS + SPARE
    with web(followed.town, watchers=most + 10, watchers_per_caller=most) as (listen, process):
        wires, light = (
            Wires(listen),
            httpx.Client(base_url=f"http://{listen}", headers=HEADERS, timeout=PATIENCE),
        )
        assert light.get("/v1/me").is_success
        before = resident(process.pid)
        paths = [f"/v1/jobs/{one.id}" for one in followed.orders]
        streams = [wires.ask(f"{paths[n % 20]}/events") for n in range(STREAMS)]
        wires.until(lambda read: b"event: progress" in read, streams)
        took = resident(process.pid) - before
        assert took < 64 * STREAMS
        polls = [wires.ask(f"{paths[n % 20]}?wait=50") for n in range(POLLS)]
        spent = []
        for percent in (10, 50):
            for _ in range(10):
                answer = light.get("/v1/me").raise_for_status()
                spent.append(answer.elapsed.total_seconds())
            followed.go_on(percent)
            seen = f'"percent":{percent},'.encode()
            wires.until(lambda read, seen=seen: seen in read, streams)  # type: ignore[misc]
        assert statistics.median(spent) < EVERY
        assert max(spent) < BUSY
        assert not any(wires.read[one] for one in polls)

        more = [wires.ask(f"{paths[0]}/events") for _ in range(SPARE)]
        wires.until(lambda read: b"event: progress" in read, more)
        until(lambda: refused(light, f"{paths[0]}/events"))
        crowded = light.get(paths[0], headers={"Prefer": "wait=50"})
        assert (crowded.json()["state"], crowded.elapsed.total_seconds() < BUSY) == (
            "running",
            True,
        )
        assert "Preference-Applied" not in crowded.headers

        followed.end(followed.orders[:-1])
        wires.until(lambda read: read.endswith(END), streams)
        wires.until(lambda read: b'"state":"done"' in read, polls)
        for one in streams:
            told = events(bytes(wires.read[one]))
            assert told == [("progress", 0), ("progress", 10), ("progress", 50), ("end", 100)]
        for one in polls:
            assert wires.read[one].startswith(b"HTTP/1.1 200 OK\r\n")
            assert wires.read[one].count(b"HTTP/1.1") == 1
        for one in (streams[0], polls[0]):  # the connection goes on
            wires.read[one].clear()
            wires.again(one, paths[1])
        wires.until(lambda read: b'"state":"done"' in read, [streams[0], polls[0]])
        assert not wires.closed
        revoked_are_left(followed, wires, paths[20])
        all_are_told_when_it_stops(wires, paths[20], process)
        wires.close()
        light.close()


@dataclass(eq=False)
class Onlooker:
    job: Job
    admitted: Admitted
    first: object
    heard: list[object] = field(default_factory=list)

    def see(self, latest: object, _now: float) -> bool:
        if latest is not self.first:
            self.first = latest
            self.heard.append(latest)
        return latest is not None


def test_one_look_is_for_all_and_nobody_watching_costs_nothing(followed: Followed) -> None:
    followed.order(30)
    town = followed.town
    watcher = Watcher(town.service.database, town.clock, (), Progress(town.service).of)
    caller = Caller("journal", Reach(SCHOOL, frozenset({Duty.SYSTEM})))
    asked: list[str] = []
    event.listen(
        town.service.database.engine,
        "before_cursor_execute",
        lambda *told: asked.append(str(told[2])),
    )

    for many in (1, 300):
        watching = [Onlooker(followed.orders[n % 30], Admitted(caller), None) for n in range(many)]
        for one in watching:
            watcher.join(one, lambda: True)  # type: ignore[arg-type]
        until(lambda crowd=watching: all(one.heard for one in crowd))  # type: ignore[misc]
        began = time.monotonic()
        asked.clear()
        until(lambda: sum(told.startswith("SELECT") for told in tuple(asked)) >= 3)
        queries, spent = Counter(told.split()[0] for told in asked), time.monotonic() - began
        pace = 3 * (spent / HEARTBEAT + 1)
        assert queries["SELECT"] <= spent / LOOK + 1 + pace
        for one in watching:
            watcher.leave(one)  # type: ignore[arg-type]
        until(lambda: "watcher" not in {one.name for one in threading.enumerate()})
    asked.clear()
    time.sleep(3 * LOOK)
    assert asked == []


def test_who_takes_nothing_is_given_up(followed_once: Followed) -> None:
    followed = followed_once
    followed.order(1)
    with followed.town.service.database.reading() as connection:
        job = followed.orders[0]
        document = documents.get(connection, job.document)
        step = steps.latest(connection, document.id)
    assert step is not None
    now = time.monotonic()
    by = Admitted(Caller("journal", Reach(SCHOOL, frozenset({Duty.SYSTEM}))))
    latest = [news(job_told(job, document, replace(step, percent=n))) for n in range(100)]

    def held(one: Held) -> tuple[socket.socket, list[Then]]:
        with socket.create_server(("127.0.0.1", 0)) as server:
            theirs = socket.socket()
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            theirs.connect(server.getsockname())
            ours, _ = server.accept()
        given: list[Then] = []
        wire = opened.enter_context(Received(fileno=ours.detach()))
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        wire.setblocking(False)
        one.begin(wire, given.append)
        return opened.enter_context(theirs), given

    with ExitStack() as opened:
        stream = Stream(job, by, latest[0], now + 900, Telling("", now), True, True)
        theirs, given = held(stream)
        told = 0
        while stream.see(latest[told % 100], now):
            told += 1
            assert len(stream.kept) <= MOST_KEPT
            assert told < 5000
        assert given == [Then.CLOSE]

        slow = Stream(job, by, latest[0], now + 900, Telling("", now), True, True)
        theirs, given = held(slow)
        while not slow.kept:
            slow.see(latest[told % 100], now)
            told += 1
        assert slow.see(latest[told % 100], now + 19)
        assert not slow.see(latest[told % 100], now + 40)
        assert given == [Then.CLOSE]

        gone = Held(job, by, latest[0], now + 900)
        theirs, given = held(gone)
        assert gone.see(latest[0], now)
        theirs.close()
        assert not gone.see(latest[0], now)
        assert given == [Then.CLOSE]


def answered(read: bytes) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Return status, headers and body of the one answer of a connection."""
    head, _, body = read.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert len(body) == int(headers["Content-Length"])
    return int(first.split()[1]), headers, json.loads(body)


def test_hundreds_order_and_wait_and_hold_no_thread(followed_once: Followed) -> None:
    town = followed_once.town
    order = {"snapshot": town.post_snapshot(), "kind": "class-results", "class": CLASS}
    asked = json.dumps(order | {"term": TERM}).encode()
    with web(town, threads=4, watchers=ORDERS + 10, watchers_per_caller=ORDERS + 10) as (listen, _):
        wires, light = (
            Wires(listen),
            httpx.Client(base_url=f"http://{listen}", headers=HEADERS, timeout=PATIENCE),
        )
        soon = wires.order(asked, "soon", wait=1)
        wires.until(lambda read: read.endswith(b"}"), [soon])
        status, headers, told = answered(bytes(wires.read[soon]))
        assert (status, headers["Preference-Applied"], told["state"]) == (202, "wait=1", "queued")
        assert headers["Location"] == f"/v1/jobs/{told['id']}"
        wires.read[soon].clear()
        wires.order_again(soon, asked, "soon", wait=1)  # the answer is kept, and told at once
        wires.until(lambda read: read.endswith(b"}"), [soon])
        status, headers, again = answered(bytes(wires.read[soon]))
        assert (status, headers["Idempotency-Replayed"], again) == (202, "true", told)

        waiting = [wires.order(asked, f"key-{number}") for number in range(ORDERS)]
        gone = wires.order(asked, "gone")
        until(lambda: claimed(town) == ORDERS + 2)
        assert repeated(light, asked, "gone").status_code == 409
        spent = [light.get("/v1/me").raise_for_status().elapsed.total_seconds() for _ in range(20)]
        assert statistics.median(spent) < EVERY
        assert max(spent) < BUSY
        assert not any(wires.read[one] for one in waiting)
        assert repeated(light, asked, "key-0").json()["code"] == "idempotency-in-progress"
        gone.close()
        wires.read.pop(gone)
        until(lambda: repeated(light, asked, "gone").headers.get("Idempotency-Replayed") == "true")

        with town.service.database.writing() as connection:
            followed_once.orders = [jobs.get(connection, told["id"])]
        followed_once.go_on(50)
        followed_once.end(followed_once.orders)
        wires.until(lambda read: read.endswith(b"}"), waiting)
        for one in waiting:
            status, headers, told = answered(bytes(wires.read[one]))
            assert (status, told["state"]) == (200, "done")
            assert (headers["Preference-Applied"], headers["Connection"]) == (
                "wait=50",
                "keep-alive",
            )
            assert headers["RateLimit-Policy"].startswith('"caller"')
        after = repeated(light, asked, "key-0")
        assert (after.headers["Idempotency-Replayed"], after.json()) == ("true", told)
        wires.close()
        light.close()


def claimed(town: Town) -> int:
    with town.service.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(idempotency)).scalar_one()


def repeated(light: httpx.Client, asked: bytes, key: str) -> httpx.Response:
    headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
    return light.post(f"/v1/schools/{SCHOOL}/jobs", content=asked, headers=headers)
