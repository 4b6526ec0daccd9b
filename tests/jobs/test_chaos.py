"""Processes, a host and a store die at random: every document is archived exactly once.

`make chaos` does it with 300 documents, the suite with a few.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from databases import Fresh
from hosts import Clients, Process, Trouble, Wire
from sittings import SESSIONS, announced, classes, values
from sqlalchemy import select
from town import PASSPHRASE, SCHOOL, TERM, TOKENS, free_port, settings_file

from service.archive.prepare import prepare_bucket, prepare_shelf
from service.archive.store import Copy
from service.bootstrap.ground import now, prepare, stores
from service.demo.servers import S3Server, start_s3
from service.ledger import audit, copies
from service.ledger.database import Database, connect
from service.ledger.tables import steps
from service.settings import Settings, load
from signing.authority import Authority
from signing.keys import Pkcs12Key

DOCUMENTS = int(os.environ.get("VEDOMOST_CHAOS", "12"))
EVERY = 2.5  # seconds between two deaths
YOUNG = 3.0  # seconds of work a process is let live: else it would never get to any
BATCH = 50
LONGEST = 120 + DOCUMENTS * 3.0  # seconds for all of it
FILES = 3  # of a document: PDF, DOCX, manifest

Start = Callable[[], object]


class Host:
    """A machine: its settings, its web server and its worker."""

    def __init__(self, file: Path) -> None:
        self.settings: Settings = load(file, {})
        self.web, self.worker = Process("web", file), Process("worker", file)
        self.address = f"http://{self.settings.web.listen}"

    def processes(self) -> tuple[Process, Process]:
        return self.web, self.worker


@pytest.mark.timeout(300 + DOCUMENTS * 6)
def test_one_host_with_sqlite_and_a_disk_that_comes_and_goes(
    tmp_path: Path, authority: Authority
) -> None:
    host = Host(settings_file(tmp_path, authority, f"127.0.0.1:{free_port()}"))
    disk, away = tmp_path / "B", tmp_path / "B-unplugged"

    def unplug() -> Start:
        disk.rename(away)
        return lambda: away.rename(disk)

    sys.stdout.write(_through([host], unplug, authority, None))


@pytest.mark.timeout(300 + DOCUMENTS * 6)
def test_two_hosts_with_postgresql_and_s3_one_of_which_never_comes_back(
    tmp_path: Path,
    authority: Authority,
    fresh_postgresql: Fresh,
) -> None:
    database = fresh_postgresql()
    servers = [start_s3(tmp_path / f"s3-{name}") for name in "AB"]
    wire = Wire(servers[1].endpoint)

    def cut() -> Start:
        wire.hang_up()

        def mend() -> None:
            wire.cut = False

        return mend

    try:
        places = _prepared(servers, wire)
        hosts = [_host(tmp_path / name, authority, database, places) for name in ("one", "two")]
        sys.stdout.write(_through(hosts, cut, authority, hosts[1].worker))
    finally:
        wire.close()
        for server in servers:
            server.stop()


def _prepared(servers: list[S3Server], wire: Wire) -> str:
    """Make the buckets and return what the settings say of them."""
    here = {"secure": False, "region": "us-east-1"}
    sections = []
    for role, server, endpoint in (
        ("primary", servers[0], servers[0].endpoint),
        ("replica", servers[1], wire.endpoint),
        ("working", servers[0], servers[0].endpoint),
    ):
        admin = {"access_key": server.admin.access_key, "secret_key": server.admin.secret_key}
        place = {"endpoint": server.endpoint, "bucket": role} | here
        if role == "working":
            prepare_shelf(**place, **admin)
        else:
            prepare_bucket(name=role, **place, **admin)
        told = {"kind": "bucket", "name": role, "bucket": role, "endpoint": endpoint}
        told |= {"access_key": server.user.access_key, "secret_key": server.user.secret_key}
        lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in told.items())
        sections.append(f"[stores.{role}]\nsecure = false\n{lines}\n")
    return "".join(sections)


def _host(folder: Path, authority: Authority, database: str, places: str) -> Host:
    folder.mkdir()
    file = settings_file(folder, authority, f"127.0.0.1:{free_port()}")
    text = re.sub(
        r"\[stores\.primary].*(?=\[schools\.\w+]\nsignatories)",
        places,
        file.read_text(),
        flags=re.S,
    )
    text = text.replace("[worker]\n", f'[worker]\nname = "{folder.name}"\n')
    file.write_text(f'database = "{database}"\n{text}')
    return Host(file)


def _through(
    hosts: list[Host], fall: Callable[[], Start], authority: Authority, gone: Process | None
) -> str:
    """Have DOCUMENTS ordered, signed and archived while things die; return the figures."""
    for host in hosts:
        prepare(host.settings)
    every = [process for host in hosts for process in host.processes()]
    for process in every:
        process.start()
    trouble = Trouble([_death(one) for one in every if one is not gone] + [fall], EVERY)
    stop = Event()
    storm = Thread(target=trouble.run, args=(stop.wait,))
    began = monotonic()
    clients = Clients([host.address for host in hosts])
    try:
        documents = _ordered(clients)
        storm.start()
        _until(clients, documents, "awaiting-deputy")
        if gone is not None:
            gone.kill()
        for role in ("deputy", "director"):
            _sign(clients, documents, role, authority)
        _until(clients, documents, "archived")
    finally:
        stop.set()
        if storm.ident:
            storm.join()
        for process in every:
            process.kill()
        clients.close()
    took = monotonic() - began
    pause = _agree(hosts[0].settings, documents)
    return (
        f"{len(documents)} documents archived once in {took:.0f} s through {trouble.kills} deaths; "
        f"the longest pause of a step {pause:.1f} s\n"
    )


def _death(process: Process) -> Callable[[], Start]:
    def die() -> Start:
        if not process.at_work(YOUNG):
            return lambda: None
        process.kill()
        return process.start

    return die


def _ordered(clients: Clients) -> list[str]:
    token = TOKENS["journal"]
    posted = clients.ask(
        token,
        "POST",
        f"/v1/schools/{SCHOOL}/snapshots",
        content=classes(DOCUMENTS),
        headers={"Content-Type": "application/json"},
    )
    found = []
    for number in range(DOCUMENTS):
        wanted = {"snapshot": posted.json()["id"], "kind": "class-results", "term": TERM}
        wanted |= {"class": f"c{number}", "batch": True}
        answer = clients.ask(token, "POST", f"/v1/schools/{SCHOOL}/jobs", json=wanted)
        assert answer.status_code in {200, 202}, answer.text
        found.append(answer.json()["document"])
    return found


def _until(clients: Clients, documents: list[str], state: str) -> None:
    """Wait until every document is in a state."""
    until = monotonic() + LONGEST
    left = set(documents)
    while left:
        for one in tuple(left):
            told = clients.ask(TOKENS["journal"], "GET", f"/v1/documents/{one}").json()
            assert told["state"] not in {"failed", "rejected", "cancelled"}, told
            if told["state"] == state:
                left.discard(one)
        assert monotonic() < until, f"{len(left)} documents are not {state}"
        sleep(0.3)


def _sign(clients: Clients, documents: list[str], role: str, authority: Authority) -> None:
    """Sign everything in batches; what was not taken is asked about and signed again."""
    key = Pkcs12Key.open(authority.pkcs12(role, PASSPHRASE), PASSPHRASE)
    left = list(documents)
    while left:
        chosen, left = left[:BATCH], left[BATCH:]
        asked = {"role": role, "documents": chosen, "certificates": announced(key)}
        session = clients.ask(TOKENS[role], "POST", SESSIONS, json=asked).json()
        items = [
            {"document": one["document"], "answers": values(one, key)}
            for one in session["items"]
            if one["state"] == "waiting"
        ]
        if items:
            path = f"{SESSIONS}/{session['id']}/answers"
            clients.ask(TOKENS[role], "POST", path, json={"items": items})
        for one in chosen:
            told = clients.ask(TOKENS[role], "GET", f"/v1/documents/{one}").json()
            if role not in [signature["role"] for signature in told["signatures"]]:
                left.append(one)


def _agree(settings: Settings, documents: list[str]) -> float:
    """Check that ledger, stores and audit log tell one story; return the longest pause."""
    database = connect(settings.ledger)
    store = stores(settings, now)
    with database.reading() as connection:
        assert audit.first_broken(connection) is None
        for document in documents:
            held = copies.of_document(connection, document)
            assert Counter(one.name for one in held) == dict.fromkeys(
                ("document.pdf", "document.docx", "manifest.json"), 2
            )
            for one in held:
                store.check(
                    Copy(
                        one.store,
                        one.key,
                        one.version_id,
                        one.mode,
                        one.locked_until,
                        one.sha256,
                        one.size,
                    )
                )
    longest = _longest_pause(database)
    database.close()
    return longest


def _longest_pause(database: Database) -> float:
    """Return the most seconds between the start of a step and its end or its handing over."""
    chosen = select(steps.c.started_at, steps.c.finished_at).where(steps.c.started_at.is_not(None))
    with database.reading() as connection:
        spells = [row.finished_at - row.started_at for row in connection.execute(chosen)]
    return max(spells).total_seconds()
