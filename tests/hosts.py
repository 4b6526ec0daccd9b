"""Hosts that run the service for real, to be killed and started again while clients go on."""

from __future__ import annotations

import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import httpx

PATIENCE = 300.0  # seconds a request is tried again while processes are dead
READY = {"web": b" GET ", "worker": b"takes jobs"}  # what a process says in its log
NOT_NOW = {429, 500, 502, 503, 504}
NOT_YET = "idempotency-in-progress"  # the first such request, or whoever died over it

FORK_SERVER = "multiprocessing.forkserver"
TRACKER = "multiprocessing.resource_tracker"

Mend = Callable[[], object]
Break = Callable[[], Mend | None]


@dataclass
class Process:
    """One `vedomost web` or `vedomost worker` of a host."""

    what: str
    settings: Path
    running: subprocess.Popen[bytes] | None = None
    for_good: bool = False  # what dies now is never started again
    _said: int = 0  # bytes of its log before this start
    _started: float = 0.0
    _working_since: float | None = None
    _died_young: bool = False  # since it worked last

    def start(self) -> None:
        if self.for_good:
            return
        self._said = self._log.stat().st_size if self._log.exists() else 0
        self._started, self._working_since = time.monotonic(), None
        log = self._log.open("ab")
        command = [sys.executable, "-m", "service", self.what, "--settings", str(self.settings)]
        self.running = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        log.close()

    def works(self) -> bool:
        """Return whether it is ready."""
        if self.running is None:
            return False
        if self._working_since is None and READY[self.what] in self._log.read_bytes()[self._said :]:
            self._working_since, self._died_young = time.monotonic(), False
        return self._working_since is not None

    def at_work(self, seconds: float) -> bool:
        """Return whether it has been ready so long, and longer than it took to get ready."""
        if not self.works() or self._working_since is None:
            return False
        start = self._working_since - self._started
        return time.monotonic() - self._working_since >= max(seconds, start)

    def dies_young(self) -> bool:
        """Return whether it is just starting and may be killed so: once, then it is spared."""
        young = self.running is not None and not self.works() and not self._died_young
        self._died_young = self._died_young or young
        return young

    def kin(self, role: str) -> list[int]:
        """Return its processes of a role: «fork server», «printer» (or checker), «server»."""
        if self.running is None:
            return []
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                parent, session = _kinship(folder)
                if session == self.running.pid:
                    told = (folder / "cmdline").read_bytes().decode(errors="replace")
                    found[int(folder.name)] = (parent, told)
        return [one for one, told in found.items() if _role(one, *told, found) == role]

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


def _kinship(folder: Path) -> tuple[int, int]:
    """Return the parent and the session of a process that is not dead."""
    state, parent, _, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
    if state == "Z":
        raise ProcessLookupError
    return int(parent), int(session)


def _role(one: int, parent: int, told: str, known: Mapping[int, tuple[int, str]]) -> str:
    if TRACKER in told or parent not in known:
        return "top"
    if FORK_SERVER not in told:
        return "server"
    return "printer" if FORK_SERVER in known[parent][1] else "fork server"


@dataclass
class Clients:
    """What talks to any host that answers, again and again until one does.

    A request that changes something is repeated with the same Idempotency-Key.
    """

    addresses: list[str]
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30))
    repeated: int = 0

    def close(self) -> None:
        self.http.close()

    def ask(self, token: str, method: str, path: str, **request: Any) -> httpx.Response:
        until = time.monotonic() + PATIENCE
        headers = {"Authorization": f"Bearer {token}"} | request.pop("headers", {})
        if method == "POST":
            headers["Idempotency-Key"] = secrets.token_hex(16)
        while True:
            address = random.choice(self.addresses)
            try:
                answer = self.http.request(method, address + path, headers=headers, **request)
                if answer.status_code not in NOT_NOW and NOT_YET not in answer.text:
                    return answer
                trouble = answer.text
            except httpx.TransportError as error:
                trouble = repr(error)
            assert time.monotonic() < until, f"{method} {path}: {trouble}"
            self.repeated += 1
            time.sleep(0.2)


@dataclass
class Trouble:
    """Breaks something every few seconds and mends it again; `once` comes before all else.

    Victims are named «sort» or «sort of host»: blows are counted by sort.
    What breaks something returns what mends it, or None if there was nothing to break.
    """

    victims: Mapping[str, Break]
    every: float
    done: Counter[str] = field(default_factory=Counter)
    once: list[tuple[str, Break]] = field(default_factory=list)

    def run(self, stop: Callable[[float], bool]) -> None:
        """Go on until `stop`, which waits so many seconds, says that it is enough."""
        while not stop(self.every * random.uniform(0.5, 1.5)):
            each = [*self.once, *random.sample([*self.victims.items()], len(self.victims))]
            self.once.clear()
            for what, hit in each:
                if (mend := hit()) is not None:
                    self.done[what.partition(" of ")[0]] += 1
                    stop(random.uniform(0, 1.5))
                    mend()
                    break


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

    def mend(self) -> None:
        """Let calls through again."""
        self.cut = False

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
