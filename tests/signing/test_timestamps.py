"""Timestamp authorities: the first usable answer wins, and a wrong one is not taken."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from asn1crypto import core, tsp

from signing.cms import timestamp_info
from signing.errors import TimestampUnavailable
from signing.timestamps import QUERY, REPLY, Timestamper

NOBODY = "http://127.0.0.1:9/"


class Server(ThreadingHTTPServer):
    """Answers each query by a function of it, a piece at a time; counts who came."""

    daemon_threads = True

    def __init__(self, answer: Callable[[bytes], bytes], status: int, pause: float):
        super().__init__(("127.0.0.1", 0), Answer)
        self.answer, self.status, self.pause = answer, status, pause
        self.connections, self.queries = 0, 0
        self.url = f"http://127.0.0.1:{self.server_port}/"


class Answer(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1, so that a client may keep the connection."""

    protocol_version = "HTTP/1.1"
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        assert self.headers["Content-Type"] == QUERY
        self.server.queries += 1
        body = self.server.answer(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.server.status)
        self.send_header("Content-Type", REPLY)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            size = 1 if self.server.pause else 1 << 16
            for start in range(0, len(body), size):
                self.wfile.write(body[start : start + size])
                time.sleep(self.server.pause)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def serving() -> Iterator[Callable[..., Server]]:
    """Start servers that answer by a function of the query."""
    servers = []

    def start(answer: Callable[[bytes], bytes], status: int = 200, pause: float = 0) -> Server:
        server = Server(answer, status, pause)
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def answering(serving) -> Callable[..., str]:
    """Start a server that answers every request with given bytes; return its address."""
    return lambda body, status=200, pause=0: serving(lambda _: body, status, pause).url


@pytest.fixture
def relaying(authority, serving) -> Callable[..., Server]:
    """Start a server that asks the authority in our name; the query may be changed on the way."""

    def start(change: Callable[[tsp.TimeStampReq], object] = lambda _: None) -> Server:
        def answer(query: bytes) -> bytes:
            request = tsp.TimeStampReq.load(query)
            change(request)
            headers = {"Content-Type": QUERY}
            return requests.post(
                authority.timestamp_url, request.dump(), headers=headers, timeout=20
            ).content

        return serving(answer)

    return start


REJECTION = bytes.fromhex("30053003020102")  # PKIStatusInfo: rejection, and no token


def test_a_token_is_on_the_bytes_asked_for(timestamper, now):
    info = timestamp_info(timestamper.token(b"words")["content"])
    imprint = info["message_imprint"]["hashed_message"].native
    assert imprint == hashlib.sha256(b"words").digest()
    assert info["gen_time"].native == now


def test_the_next_authority_is_asked_when_one_is_silent(authority, answering):
    urls = [NOBODY, answering(b"", 500), answering(b"garbage"), authority.timestamp_url]
    assert timestamp_info(Timestamper(urls, timeout=20).token(b"words")["content"])


def test_when_all_fail_each_reason_is_told(answering):
    urls = [NOBODY, answering(b"", 500), answering(b"garbage"), answering(REJECTION)]
    with pytest.raises(TimestampUnavailable) as refused:
        Timestamper(urls, timeout=20).token(b"words")
    for reason in ("нет связи", "ответила 500", "служба отказала (rejection)"):
        assert reason in str(refused.value)


def test_no_authority_at_all_is_told():
    with pytest.raises(TimestampUnavailable, match="не указано ни одной"):
        Timestamper([]).token(b"words")


def test_a_replayed_answer_is_not_taken(timestamper, answering):
    token = timestamper.token(b"words")
    granted = {"status": {"status": "granted"}, "time_stamp_token": token}
    replayed = tsp.TimeStampResp(granted).dump()
    with pytest.raises(TimestampUnavailable, match="на чужой запрос"):
        Timestamper([answering(replayed)]).token(b"words")


def test_an_endless_answer_is_not_read_for_ever(answering):
    with pytest.raises(TimestampUnavailable, match="слишком велик"):
        Timestamper([answering(b"0" * (2 << 20))]).token(b"words")


def other_nonce(request):
    request["nonce"] = core.Integer(5)


def other_words(request):
    request["message_imprint"]["hashed_message"] = hashlib.sha256(b"other").digest()


@pytest.mark.parametrize(
    ("spoil", "words"), [(other_nonce, "на чужой запрос"), (other_words, "на другие данные")]
)
def test_an_answer_to_another_query_falls_through_to_the_next(
    authority, relaying, caplog, spoil, words
):
    urls = [relaying(spoil).url, authority.timestamp_url]
    assert Timestamper(urls, timeout=20).token(b"words")["content"]
    assert words in caplog.text
    with pytest.raises(TimestampUnavailable, match=words):
        Timestamper(urls[:1], timeout=5).token(b"words")


def test_a_token_whose_seal_is_broken_is_not_taken(authority, serving):
    def answer(query):
        headers = {"Content-Type": QUERY}
        made = requests.post(authority.timestamp_url, query, headers=headers, timeout=20).content
        return made[:-3] + bytes([made[-3] ^ 1]) + made[-2:]

    with pytest.raises(TimestampUnavailable, match="печать службы"):
        Timestamper([serving(answer).url], timeout=5).token(b"words")


def test_a_slow_one_does_not_hold_up_the_rest(authority, answering, caplog):
    dripping = answering(b"0" * 1000, pause=0.05)
    clock = Timestamper([dripping, authority.timestamp_url], timeout=2)
    began = time.monotonic()
    assert clock.token(b"words")
    assert time.monotonic() - began < 40, "it drips for 50 s"
    assert "не ответила вовремя" in caplog.text


def test_one_that_failed_is_asked_last_for_a_while(authority, serving):
    broken = serving(lambda _: b"garbage")
    clock = Timestamper([broken.url, authority.timestamp_url], timeout=20)
    for _ in range(3):
        assert clock.token(b"words")
    assert broken.queries == 1


def test_connections_are_kept_a_thread_each(relaying):
    server = relaying()
    clock = Timestamper([server.url], timeout=5)
    for _ in range(5):
        clock.token(b"words")
    assert (server.connections, server.queries) == (1, 5)
    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(clock.token, [b"words"] * 8))
    assert server.queries == 13
    assert server.connections <= 3


def test_a_connection_closed_meanwhile_is_opened_again(authority):
    class Closing(Answer):
        def do_POST(self):
            super().do_POST()
            self.close_connection = True  # without saying so

    def answer(query):
        headers = {"Content-Type": QUERY}
        return requests.post(authority.timestamp_url, query, headers=headers, timeout=20).content

    server = Server(answer, 200, 0)
    server.RequestHandlerClass = Closing
    threading.Thread(target=server.serve_forever, args=(0.01,)).start()
    clock = Timestamper([server.url], timeout=5)
    assert all(clock.token(b"words") for _ in range(3))
    server.shutdown()
    server.server_close()


def test_a_redirect_is_not_followed(answering):
    with pytest.raises(TimestampUnavailable, match="ответила 302"):
        Timestamper([answering(b"", 302)], timeout=5).token(b"words")


def test_a_password_in_an_address_is_not_told(caplog):
    with caplog.at_level(logging.DEBUG), pytest.raises(TimestampUnavailable) as refused:
        Timestamper(["http://user:secret@127.0.0.1:9/tsa"], timeout=10).token(b"words")
    assert "127.0.0.1:9/tsa" in str(refused.value)
    assert "secret" not in str(refused.value) + caplog.text
