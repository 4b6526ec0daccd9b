"""A school with everything running: authority, two stores, the service, and clients of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from service.client.operations import Operations
from service.client.wire import TIMEOUT, Wire
from service.demo import settings_file
from service.demo.people import names, office
from service.demo.places import places
from service.demo.service_process import free_port, serving
from service.demo.settings_file import Served, Tokens
from service.domain.approval import Role
from service.domain.snapshot import Snapshot
from signing.keys import Key

PATIENCE = 60  # seconds a request is sent again while the service is busy


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
    school = snapshot.school
    who = names(school)
    tokens = Tokens.drawn(1)
    file, listen = folder / "vedomost.toml", f"127.0.0.1:{free_port()}"
    os.environ["VEDOMOST_WORKER__PROCESSES"] = str(processes)
    with ExitStack() as started:
        people = started.enter_context(
            office(folder / "authority", {school.id: who}, datetime.now(UTC))
        )
        pair = started.enter_context(places(stores, folder / "stores"))
        settings_file.write(
            file,
            data=folder / "service",
            listen=listen,
            trust=people.anchors,
            tsa=people.tsa,
            stores=pair,
            schools=[Served(school, who, tokens)],
        )
        address = started.enter_context(serving(file, listen, folder / "service.log"))
        yield Town(school.id, address, tokens, dict(people.keys[school.id]), _serving(file))


def _serving(settings: Path) -> int:
    """Return the process that serves with these settings."""
    wanted = str(settings.resolve()).encode()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if b"serve" in words and wanted in words:
                return int(folder.name)
    raise AssertionError("nobody serves with these settings")
