"""Timestamp authorities: the first usable answer wins, and a wrong one is not taken."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import tsp

from signing.cms import timestamp_info
from signing.errors import TimestampUnavailable
from signing.timestamps import QUERY, REPLY, Timestamper

NOBODY = "http://127.0.0.1:9/"


@pytest.fixture
def answering() -> Iterator:
    """Start a server that answers every request with given bytes; return its address."""
    servers = []

    def start(body: bytes, status: int = 200) -> str:
        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.headers["Content-Type"] == QUERY
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(status)
                self.send_header("Content-Type", REPLY)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        server = HTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=server.serve_forever).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


REJECTION = bytes.fromhex("30053003020102")  # PKIStatusInfo: rejection, and no token


def test_a_token_is_on_the_bytes_asked_for(timestamper, now):
    info = timestamp_info(timestamper.token(b"words")["content"])
    imprint = info["message_imprint"]["hashed_message"].native
    assert imprint == hashlib.sha256(b"words").digest()
    assert info["gen_time"].native == now


def test_the_next_authority_is_asked_when_one_is_silent(authority, answering):
    urls = [NOBODY, answering(b"", 500), answering(b"garbage"), authority.timestamp_url]
    assert timestamp_info(Timestamper(urls, timeout=5).token(b"words")["content"])


def test_when_all_fail_each_reason_is_told(answering):
    urls = [NOBODY, answering(b"", 500), answering(b"garbage"), answering(REJECTION)]
    with pytest.raises(TimestampUnavailable) as refused:
        Timestamper(urls, timeout=5).token(b"words")
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
