"""Whoever answers byte by byte holds nobody beyond the time there is for it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest
import requests
from town import settings_town

from service.web.people.hurried import Hurried

HANDSHAKE = b"\x16\x03\x03\x40\x00"  # a record of TLS, of which 16 KiB are to come
HEADERS = b"HTTP/1.1 200 OK\r\nX: "
BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
PATIENCE = 5.0


@contextmanager
def dripping(first: bytes) -> Iterator[str]:
    """Give the address of somebody who answers so, and then for ever a byte now and then."""
    stop = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)

        def answer(one: socket.socket) -> None:
            with one:
                try:
                    one.sendall(first)
                    while not stop.wait(0.05):
                        one.sendall(b"x")
                except OSError:
                    return

        def serve() -> None:
            while not stop.is_set():
                try:
                    one, _ = server.accept()
                except TimeoutError:
                    continue
                threads.append(Thread(target=answer, args=(one,)))
                threads[-1].start()

        threads = [Thread(target=serve)]
        threads[0].start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            stop.set()
            for thread in threads:
                thread.join()


@pytest.mark.parametrize(
    ("scheme", "first"), [("https", HANDSHAKE), ("http", HEADERS), ("http", BODY)]
)
def test_what_drips_is_cut_off(scheme: str, first: bytes) -> None:
    with dripping(first) as address, requests.Session() as session:
        began = monotonic()
        session.mount(f"{scheme}://", Hurried(began + 0.3))
        with pytest.raises(requests.RequestException):
            session.get(f"{scheme}://{address}/", timeout=PATIENCE)
        assert 0.3 <= monotonic() - began < PATIENCE


def test_a_provider_that_drips_holds_a_login_as_long_as_it_may(tmp_path: Path) -> None:
    with dripping(BODY) as address:
        oidc = f'issuer = "http://{address}"\nclient_id = "a"\nclient_secret = "b"\ntimeout = 1\n'
        for town in settings_town(tmp_path, f"[access.oidc]\n{oidc}"):
            began = monotonic()
            answer = town.http.get("/v1/login/oidc", headers={"Accept": "application/json"})
            assert answer.status_code == 503
            assert monotonic() - began < 1 + PATIENCE
