"""Hosts that run the service for real, to be killed and started again while clients go on."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import httpx

PATIENCE = 90.0  # seconds a request is tried again while processes are dead
READY = {"web": b" GET ", "worker": b"takes jobs"}  # what a process says in its log
NOT_NOW = {500, 502, 503, 504}


@dataclass
class Process:
    """One `vedomost web` or `vedomost worker` of a host."""

    what: str
    settings: Path
    running: subprocess.Popen[bytes] | None = None
    _said: int = 0  # bytes of its log before this start
    _working_since: float | None = None

    def start(self) -> None:
        self._said = self._log.stat().st_size if self._log.exists() else 0
        self._working_since = None
        log = self._log.open("ab")
        command = [sys.executable, "-m", "service", self.what, "--settings", str(self.settings)]
        self.running = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        log.close()

    def at_work(self, seconds: float) -> bool:
        """Return whether it has said so many seconds ago that it is ready."""
        if self._working_since is None and READY[self.what] in self._log.read_bytes()[self._said :]:
            self._working_since = time.monotonic()
        return self._working_since is not None and time.monotonic() - self._working_since >= seconds

    @property
    def _log(self) -> Path:
        return self.settings.parent / f"{self.what}.log"

    def kill(self) -> None:
        """End it and whatever it started, at once."""
        if self.running is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
            self.running = None


@dataclass
class Clients:
    """What talks to any host that answers, again and again until one does."""

    addresses: list[str]
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30))

    def close(self) -> None:
        self.http.close()

    def ask(self, token: str, method: str, path: str, **request: Any) -> httpx.Response:
        until = time.monotonic() + PATIENCE
        headers = {"Authorization": f"Bearer {token}"} | request.pop("headers", {})
        while True:
            address = random.choice(self.addresses)
            try:
                answer = self.http.request(method, address + path, headers=headers, **request)
                if answer.status_code not in NOT_NOW:
                    return answer
                trouble = answer.text
            except httpx.TransportError as error:
                trouble = repr(error)
            assert time.monotonic() < until, f"{method} {path}: {trouble}"
            time.sleep(0.2)


@dataclass
class Trouble:
    """Kills something every few seconds and starts it again; `for_good` never comes back."""

    victims: list[Callable[[], Callable[[], None]]]
    every: float
    kills: int = 0

    def run(self, stop: Callable[[float], bool]) -> None:
        """Go on until `stop`, which waits so many seconds, says that it is enough."""
        while not stop(self.every * random.uniform(0.5, 1.5)):
            start_again = random.choice(self.victims)()
            self.kills += 1
            stop(random.uniform(0, 1.5))
            start_again()


class Wire:
    """A way to a server that can be cut: while it is, whoever calls is hung up on."""

    def __init__(self, endpoint: str) -> None:
        host, _, port = endpoint.rpartition(":")
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.cut = False
        self._ends: list[socket.socket] = []
        Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()
        self.hang_up()

    def hang_up(self) -> None:
        """Cut it, and end every conversation that is going on."""
        self.cut = True
        while self._ends:
            with suppress(OSError):
                self._ends.pop().shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            if self.cut:
                caller.close()
                continue
            server = socket.create_connection(self._target)
            self._ends += (caller, server)
            for ends in ((caller, server), (server, caller)):
                Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with source, target, suppress(OSError):
            while part := source.recv(65536):
                target.sendall(part)
