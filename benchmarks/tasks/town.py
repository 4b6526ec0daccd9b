"""A school with everything running: authority, two stores, the service, and clients of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from service.client.operations import Operations
from service.client.wire import TIMEOUT, Wire
from service.demo.running import running
from service.demo.settings_file import Tokens
from service.domain.approving.approval import Role
from service.domain.snapshot import Snapshot
from signing.keys import Key

PATIENCE = 60  # seconds a request is sent again while the service is busy
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Town:
    """A school served: its id, who asks, and the keys of who signs."""

    school: str
    address: str
    tokens: Tokens
    keys: dict[Role, Key]
    serving: int  # the process all of the service runs under

    @contextmanager
    def client(self, token: str, patience: float = PATIENCE) -> Iterator[Operations]:
        """Yield the calls of one client, with connections of its own."""
        with httpx.Client(base_url=self.address, timeout=TIMEOUT, trust_env=False) as http:
            yield Operations(Wire(http, token, patience))


@contextmanager
def town(folder: Path, snapshot: Snapshot, processes: int, stores: str) -> Iterator[Town]:
    """Yield a town of a snapshot's school that prints in so many processes."""
    os.environ["VEDOMOST_WORKER__PROCESSES"] = str(processes)
    os.environ["VEDOMOST_ACCESS__LIMITS__PER_MINUTE"] = "1000000"  # one token asks for them all
    school = snapshot.school.id
    with running(folder, stores, [snapshot.school]) as service:
        keys = dict(service.keys[school])
        serving = _serving(service.settings)
        yield Town(school, service.address, service.tokens[school], keys, serving)


def _serving(settings: Path) -> int:
    """Return the process that serves with these settings."""
    wanted = str(settings.resolve()).encode()
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if b"serve" in words and wanted in words:
                return int(folder.name)
    raise AssertionError("nobody serves with these settings")
