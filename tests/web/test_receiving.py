"""Whoever sends slowly is waited for beside the threads, and at last told that he is too slow."""

from __future__ import annotations

import json
import logging
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from gunicorn.http.errors import InvalidHeader
from hypothesis import given
from hypothesis import strategies as st

from service.observing.prometheus import PrometheusMeters
from service.observing.watch import NoTracer, Watch
from service.web.openapi.problems import known
from service.web.serving.arriving import Arriving
from service.web.serving.receiving import LEAVING
from service.web.serving.refusing import farewell
from signing.authority.ports import kept_port

LARGEST = 1 << 20
PATIENCE = 1.5
SERVER = """
import sys
from gunicorn.app.base import BaseApplication
from service.web.serving.receiving import receiving

class Server(BaseApplication):
    def load_config(self):
        for name, value in {wanted}.items():
            self.cfg.set(name, value)
        self.cfg.set("worker_class", receiving({largest}, {patience}))

    def load(self):
        def answer(environ, start_response):
            sent = b"" if environ["PATH_INFO"] == "/unread" else environ["wsgi.input"].read()
            start_response("200 OK", [("Content-Length", str(len(sent)))])
            return [sent]
        return answer

Server().run()
"""
HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
WHOLE = (
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    HEAD + b"12345",
    CHUNKED + b"5;x=1\r\n12\r\n5\r\n0\r\n\r\n",
    CHUNKED + b"0\r\nA: b\r\n\r\n",
)


def arriving() -> Arriving:
    return Arriving(LARGEST, 0.0)


@given(st.sampled_from(WHOLE), st.lists(st.integers(1, 60), max_size=12))
def test_a_request_is_whole_with_its_last_byte_however_it_is_cut(
    request_: bytes, cuts: list[int]
) -> None:
    one = arriving()
    for at in sorted({cut for cut in cuts if cut < len(request_)} | {len(request_)}):
        assert not one.whole
        one.take(request_[one.received : at], 0.0)
    assert one.whole
    one.kept.seek(0)
    assert one.kept.read() == request_
    one.kept.close()


@pytest.mark.parametrize(
    "beyond_hope",
    [
        b"x" * (65 << 10),
        b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (LARGEST + 1),
        CHUNKED + b"zz\r\n",
        CHUNKED + b"5" * (5 << 10),
        CHUNKED + b"ffffffff\r\n" + bytes(LARGEST + (65 << 10)),
    ],
)
def test_what_will_be_refused_is_not_waited_for(beyond_hope: bytes) -> None:
    one = arriving()
    one.take(beyond_hope, 0.0)
    assert one.whole
    one.kept.close()


def test_a_client_may_be_slow_but_not_stall_nor_drip() -> None:
    one = arriving()
    one.take(HEAD, 1.0)
    assert not one.late(9.0, 10, 1024)
    assert one.late(11.5, 10, 1024)
    for second in range(2, 30):
        one.take(b"1", float(second))
    assert one.late(30.0, 10, 1024)
    one.kept.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A server with two threads that answers with what it was sent."""
    port = kept_port()
    wanted = {"bind": f"127.0.0.1:{port}", "threads": 2, "control_socket_disable": True}
    program = SERVER.format(wanted=wanted, largest=LARGEST, patience=PATIENCE)
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-c", program], stderr=out)
    until = time.monotonic() + 60
    while not listens(port):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until
        time.sleep(0.05)
    yield "127.0.0.1", port
    process.terminate()
    assert process.wait(30) == 0
    assert "Traceback" not in Path(log).read_text()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def asked(wire: socket.socket, sent: bytes) -> bytes:
    """Send a request; return the body of its answer."""
    wire.sendall(sent)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += wire.recv(4096)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += wire.recv(4096)
    return body


def test_slow_senders_hold_no_thread_and_are_told(address: tuple[str, int]) -> None:
    with ExitStack() as opened:
        wires = [opened.enter_context(socket.create_connection(address, 30)) for _ in range(50)]
        for number, wire in enumerate(wires):
            wire.sendall((HEAD, CHUNKED, HEAD[:9], CHUNKED + b"5\r\n1")[number % 4])
        quick = opened.enter_context(socket.create_connection(address, 30))
        began = time.monotonic()
        for _ in range(20):
            assert asked(quick, HEAD + b"12345") == b"12345"
        assert time.monotonic() - began < 10 * PATIENCE, "two threads would wait 25 times"
        for wire in wires:
            answer = b""
            while part := wire.recv(4096):
                answer += part
            head, _, body = answer.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 408 ")
            assert b"application/problem+json" in head
            assert json.loads(body)["code"] == "request-timeout"


def test_requests_on_one_connection_keep_their_order(address: tuple[str, int]) -> None:
    with socket.create_connection(address, 30) as wire:
        wire.sendall(HEAD + b"first" + HEAD + b"other")
        answers = b""
        while not answers.endswith(b"other"):
            answers += wire.recv(4096)
        assert answers.count(b"HTTP/1.1 200 OK") == 2
        assert answers.index(b"first") < answers.index(b"other")
        large = bytes(range(256)) * 4000
        head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(large)
        assert asked(wire, head + large) == large
        assert asked(wire, head.replace(b"/", b"/unread", 1) + large) == b""
        chunk = b"%x\r\n%b\r\n0\r\n\r\n" % (len(large), large)
        assert asked(wire, CHUNKED.replace(b"/", b"/unread", 1) + chunk) == b""
        assert asked(wire, HEAD + b"still") == b"still"


def test_who_asks_first_is_told_to_go_on(address: tuple[str, int]) -> None:
    with socket.create_connection(address, 30) as wire:
        wire.sendall(HEAD.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"))
        assert wire.recv(4096).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
        wire.sendall(b"12345")
        answer = b""
        while not answer.endswith(b"12345"):
            answer += wire.recv(4096)
        assert b"HTTP/1.1 200 OK" in answer


LAST = b"0\r\n\r\n"
GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
REFUSED: dict[str, tuple[int, str, bytes]] = {
    "a long line": (414, "uri-too-long", b"GET /?" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n"),
    "an endless line": (414, "uri-too-long", b"GET /?" + b"x" * (1 << 20)),
    "a large header": (431, "headers-too-large", GET + b"A: " + b"x" * 9000 + b"\r\n\r\n"),
    "many headers": (431, "headers-too-large", GET + b"A: x\r\n" * 120 + b"\r\n"),
    "endless headers": (431, "headers-too-large", GET + b"A: xxxxxxxx\r\n" * 90000),
    "a folded header": (400, "bad-request", GET + b"A: x\r\n y\r\n\r\n"),
    "no header": (400, "bad-request", GET + b"secret\r\n\r\n"),
    "a strange name": (400, "bad-request", GET + b"A b: x\r\n\r\n"),
    "no host": (400, "bad-request", b"GET / HTTP/1.1\r\n\r\n"),
    "two hosts": (400, "bad-request", GET + b"Host: b\r\n\r\n"),
    "no name of a host": (400, "bad-request", b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
    "two tokens": (400, "bad-request", GET + b"Authorization: a\r\n" * 2 + b"\r\n"),
    "two keys": (400, "bad-request", GET + b"Idempotency-Key: a\r\n" * 2 + b"\r\n"),
    "two lengths": (400, "bad-request", HEAD[:-2] + b"Content-Length: 5\r\n\r\n12345"),
    "no length": (400, "bad-request", HEAD.replace(b" 5", b" -5") + b"12345"),
    "length and chunks": (400, "bad-request", CHUNKED[:-2] + b"Content-Length: 5\r\n\r\n" + LAST),
    "a strange coding": (
        501,
        "transfer-coding-unknown",
        CHUNKED.replace(b": c", b": zip, c") + LAST,
    ),
    "a strange wish": (417, "expectation-unknown", GET + b"Expect: cake\r\n\r\n"),
    "no request": (400, "bad-request", b"\x16\x03\x01\x02\x00\r\n\r\n"),
    "lines that do not end": (400, "bad-request", b"GET / HTTP/1.1\nHost: a\n\n"),
    "HTTP/0.9": (400, "bad-request", b"GET /\r\n\r\n"),
    "HTTP/2": (505, "http-version-unknown", GET.replace(b"1.1", b"2.0") + b"\r\n"),
    "a small method": (400, "bad-request", GET.replace(b"GET", b"get") + b"\r\n"),
    "an address of a host": (400, "bad-request", GET.replace(b"/ ", b"a:80 ") + b"\r\n"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_no_view_is_asked_is_refused_as_a_problem(address: tuple[str, int], what: str) -> None:
    status, code, sent = REFUSED[what]
    with socket.create_connection(address, 30) as wire:
        wire.sendall(sent)
        head, body = ended(wire)
    assert head.startswith(b"HTTP/1.1 %d " % status)
    for line in (
        *(b"Connection: close", b"Content-Type: application/problem+json"),
        *(b"X-Content-Type-Options: nosniff", b"Cache-Control: no-store"),
        b"Content-Length: %d" % len(body),
    ):
        assert line in head.split(b"\r\n")
    told = json.loads(body)
    assert (told["status"], told["code"]) == (status, code)
    assert known()[code][0] == status
    assert re.search("[а-я]", told["detail"])
    assert "secret" not in told["detail"]


def ended(wire: socket.socket) -> tuple[bytes, bytes]:
    """Return head and body of the last answer of a connection that is closed after it."""
    answer = b""
    while part := wire.recv(1 << 16):
        answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


def test_a_body_that_is_none_is_interrupted_and_nothing_follows_it(
    address: tuple[str, int],
) -> None:
    with socket.create_connection(address, 30) as wire:
        wire.sendall(GET + b"\r\n" + CHUNKED.replace(b"POST /", b"GET /unread") + b"zz\r\n" + GET)
        answers = b"".join(ended(wire))
    assert answers.count(b"HTTP/1.1 ") == answers.count(b"HTTP/1.1 200 OK") == 2


def test_who_does_not_leave_holds_nobody_up(address: tuple[str, int]) -> None:
    with ExitStack() as opened:
        for _ in range(10):
            wire = opened.enter_context(socket.create_connection(address, 30))
            wire.sendall(b"GET / HTTP/1.0\r\n\r\n")
            assert wire.recv(4096).startswith(b"HTTP/1.0 200 OK")
        quick = opened.enter_context(socket.create_connection(address, 30))
        began = time.monotonic()
        for _ in range(20):
            assert asked(quick, HEAD + b"12345") == b"12345"
        assert time.monotonic() - began < 4 * LEAVING, "two threads would wait five times"
        assert wire.recv(4096) == b""


def test_refusals_are_counted_and_told_without_what_was_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    meters = PrometheusMeters()
    with caplog.at_level(logging.INFO):
        farewell(InvalidHeader("Иванов"), Watch(meters, NoTracer()))
        answer = farewell(ZeroDivisionError("Иванов"), Watch(meters, NoTracer()), bodiless=True)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert answer.endswith(b"\r\n\r\n")
    assert "- - 400 bad-request" in caplog.text
    assert "unforeseen: ZeroDivisionError" in caplog.text
    assert "Иванов" not in caplog.text + answer.decode()
    (told,) = meters._requests.collect()
    counted = {one.labels["status"]: one.value for one in told.samples if "_total" in one.name}
    assert counted == {"400": 1, "500": 1}
