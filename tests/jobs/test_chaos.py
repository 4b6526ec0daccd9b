"""Processes, hosts, a store and a receiver die at random: every document is archived exactly once.

`make chaos` does it with 300 documents, the suite with a few.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import statistics
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from databases import Fresh
from hosts import Break, Clients, Mend, Process, Trouble, Wire
from minio import Minio
from orphans import Orphans
from receiver import OK, Answer, Got, Receiver, receiver
from reckoning import FILES, Told, archived_once, expected, told_truly
from sittings import SESSIONS, announced, classes, values
from sqlalchemy import select
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError
from town import PASSPHRASE, SCHOOL, TERM, TOKENS, settings_file

from service.archive.prepare import prepare_bucket, prepare_shelf
from service.bootstrap.ground import now, prepare, stores
from service.demo.servers import S3Server, start_s3
from service.jobs.advance import CRASHES
from service.ledger.database import Database, connect
from service.ledger.tables import steps
from service.settings import Settings, load
from signing.authority import Authority
from signing.authority.ports import kept_port
from signing.keys import Pkcs12Key

DOCUMENTS = int(os.environ.get("CHAOS", "8"))
EVERY = 2.5  # seconds between two deaths
YOUNG = 3.0  # seconds of work a process is let live, or as long as it took to start
BATCH = 10 if DOCUMENTS > 50 else 4  # documents one client takes along the whole road
CLIENTS = 8 if DOCUMENTS > 50 else 3
LONGEST = 300 + DOCUMENTS * 6.0  # seconds for all of it
POSTMAN = "[outgoing]\nallow_http = true\nallow_private = true\n"

Objects = Callable[[], Mapping[str, int]]
"""Count the objects of the school in each store, every version of them."""


class Host:
    """A machine: its settings, its web server and its worker."""

    def __init__(self, file: Path) -> None:
        self.settings: Settings = load(file, {})
        self.web, self.worker = Process("web", file), Process("worker", file)
        self.address = f"http://{self.settings.web.listen}"

    def processes(self) -> tuple[Process, Process]:
        return self.web, self.worker


@dataclass
class Journal:
    """A receiver of every event, which checks the signature at once and is unwell now and then."""

    address: Receiver
    verifier: Verifier
    taken: list[Got] = field(default_factory=list)
    forged: list[str] = field(default_factory=list)
    met: Event = field(default_factory=Event)  # somebody is in the midst of a delivery

    def well(self, got: Got) -> Answer:
        self._check(got)
        self.taken.append(got)
        return OK

    def busy(self, got: Got) -> Answer:
        self._check(got)
        return 503, {}, b""

    def hangs_up(self, _: Got) -> Answer:
        raise ConnectionAbortedError

    def stalls(self, got: Got) -> Answer:
        self.met.set()
        sleep(1.5)
        return self.well(got)

    def falls_ill(self) -> Mend:
        self.address.respond = random.choice((self.busy, self.hangs_up))
        return self.recovers

    def recovers(self) -> None:
        self.address.respond = self.well

    def _check(self, got: Got) -> None:
        try:
            self.verifier.verify(got.body, got.headers)
        except WebhookVerificationError as error:
            self.forged.append(f"{got.event}: {error}")


@pytest.mark.timeout(LONGEST + 600)
def test_one_host_with_sqlite_and_a_disk_that_comes_and_goes(
    tmp_path: Path, authority: Authority
) -> None:
    host = Host(settings_file(tmp_path, authority, f"127.0.0.1:{kept_port()}", POSTMAN))
    disk, away = tmp_path / "B", tmp_path / "B-unplugged"

    def unplug() -> Mend:
        disk.rename(away)
        return lambda: away.rename(disk)

    def objects() -> Mapping[str, int]:
        folders = (tmp_path / name / "objects" / SCHOOL for name in "AB")
        return {
            str(one): sum(f.is_file() and "@meta" not in f.name for f in one.rglob("*"))
            for one in folders
        }

    sys.stdout.write(Storm([host], unplug, objects, authority).tell())


@pytest.mark.timeout(LONGEST + 600)
def test_two_hosts_with_postgresql_and_s3_one_of_which_never_comes_back(
    tmp_path: Path, authority: Authority, fresh_postgresql: Fresh
) -> None:
    database = fresh_postgresql()
    with ExitStack() as stack:
        servers = [start_s3(tmp_path / f"s3-{name}") for name in "AB"]
        for server in servers:
            stack.callback(server.stop)
        wire = Wire(servers[1].endpoint)
        stack.callback(wire.close)

        def cut() -> Mend:
            wire.hang_up()
            return wire.mend

        def objects() -> Mapping[str, int]:
            return dict(map(_versions, ("primary", "replica"), servers))

        places = _prepared(servers, wire)
        hosts = [_host(tmp_path / name, authority, database, places) for name in ("one", "two")]
        sys.stdout.write(Storm(hosts, cut, objects, authority, lost=hosts[1]).tell())


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


def _versions(bucket: str, server: S3Server) -> tuple[str, int]:
    admin = server.admin
    client = Minio(server.endpoint, admin.access_key, admin.secret_key, secure=False)
    listed = client.list_objects(bucket, SCHOOL, recursive=True, include_version=True)
    return bucket, sum(1 for _ in listed)


def _host(folder: Path, authority: Authority, database: str, places: str) -> Host:
    folder.mkdir()
    file = settings_file(folder, authority, f"127.0.0.1:{kept_port()}", POSTMAN)
    text = re.sub(
        r"\[stores\.primary].*(?=\[schools\.\w+]\nsignatories)",
        places,
        file.read_text(),
        flags=re.S,
    )
    text = text.replace("[worker]\n", f'[worker]\nname = "{folder.name}"\n')
    file.write_text(f'database = "{database}"\n{text}')
    return Host(file)


@dataclass
class Storm:
    """DOCUMENTS are ordered, signed and archived while everything breaks, and one host for good."""

    hosts: list[Host]
    unplug: Callable[[], Mend]
    objects: Objects
    authority: Authority
    lost: Host | None = None
    database: Database = field(init=False)
    orphans: Orphans = field(init=False)
    clients: Clients = field(init=False)
    trouble: Trouble = field(init=False)
    journal: Journal = field(init=False)

    def tell(self) -> str:
        """Go through it, check that all agree, and return the figures."""
        for host in self.hosts:
            prepare(host.settings)
        self.database = connect(self.hosts[0].settings.ledger)
        self.orphans = Orphans(self.database)
        with ExitStack() as stack:
            stack.callback(self.database.close)
            self.clients = Clients([host.address for host in self.hosts])
            stack.callback(self.clients.close)
            for host in self.hosts:
                for process in host.processes():
                    process.start()
                    stack.callback(process.kill)
            self.journal = self._subscribed(stack.enter_context(receiver()))
            began = monotonic()
            documents = self._through()
            took = monotonic() - began
            told = self._told_truly(documents)
            waited = monotonic() - began - took
            for host in self.hosts:
                for process in host.processes():
                    process.kill()
            held = archived_once(self.database, stores(self.hosts[0].settings, now), documents)
            assert set(self.objects().values()) == {DOCUMENTS * len(FILES)}
            assert len(held) == 2 * DOCUMENTS * len(FILES)
        return self._figures(took, waited, told)

    def _subscribed(self, address: Receiver) -> Journal:
        path = f"/v1/schools/{SCHOOL}/webhooks"
        made = self.clients.ask(TOKENS["administrator"], "POST", path, json={"url": address.url})
        assert made.status_code == 201, made.text
        journal = Journal(address, Verifier(made.json()["secret"]))
        journal.recovers()
        return journal

    def _through(self) -> list[str]:
        victims: dict[str, Break] = {"store": self.unplug, "receiver": self.journal.falls_ill}
        for host in self.hosts:
            name = host.settings.worker.name
            victims[f"web of {name}"] = partial(self._die, host, host.web)
            victims[f"worker of {name}"] = partial(self._die, host, host.worker)
            victims[f"host {name}"] = partial(self._die, host, *host.processes())
            victims[f"sender of {name}"] = partial(self._die_sending, host)
            for process in host.processes():
                starting = f"starting {process.what} of {name}"
                victims[starting] = partial(self._die_starting, host, process)
                victims[f"{process.what}'s fork server of {name}"] = partial(
                    self._lose_kin, process, "fork server"
                )
            victims[f"printer of {name}"] = partial(self._lose_kin, host.worker, "printer")
            victims[f"checker of {name}"] = partial(self._lose_kin, host.web, "printer")
            victims[f"server process of {name}"] = partial(self._lose_kin, host.web, "server")
        self.trouble = Trouble(victims, EVERY)
        stop = Event()
        threads = [
            Thread(target=one, args=(stop.wait,)) for one in (self.trouble.run, self.orphans.watch)
        ]
        for thread in threads:
            thread.start()
        try:
            with ThreadPoolExecutor(CLIENTS) as pool:
                roads = [
                    pool.submit(self._road, range(first, min(first + BATCH, DOCUMENTS)))
                    for first in range(0, DOCUMENTS, BATCH)
                ]
                documents: list[str] = []
                for road in as_completed(roads):
                    documents += road.result()
                    if self.lost is not None and not self.lost.web.for_good:
                        self.trouble.once.append(("host for good", partial(self._lose, self.lost)))
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        return documents

    def _die(self, host: Host, *processes: Process) -> Mend | None:
        if not all(one.at_work(YOUNG) for one in processes):
            return None
        return self._killed(host, *processes)

    def _die_starting(self, host: Host, process: Process) -> Mend | None:
        """Kill a process before it has begun to work; the next time it may begin."""
        return self._killed(host, process) if process.dies_young() else None

    def _lose_kin(self, process: Process, role: str) -> Mend | None:
        """Kill one of the processes a process works with; it has to see to another itself.

        A document that is in a printer when it dies three times is rightly given up, by design:
        one that was twice is spared.
        """
        kin = process.kin(role) if process.works() else []
        if not kin or (process.what == "worker" and self._near_the_end()):
            return None
        with suppress(ProcessLookupError):
            os.kill(random.choice(kin), signal.SIGKILL)
        return lambda: None

    def _near_the_end(self) -> bool:
        chosen = select(steps.c.document).where(
            steps.c.finished_at.is_(None), steps.c.crashes >= CRASHES - 1
        )
        with self.database.reading() as connection:
            return connection.execute(chosen.limit(1)).first() is not None

    def _killed(self, host: Host, *processes: Process) -> Mend:
        for one in processes:
            one.kill()
        if host.worker in processes:
            self.orphans.of(host.settings.worker.name)
        return lambda: [one.start() for one in processes]

    def _die_sending(self, host: Host) -> Mend | None:
        """Kill a worker while an event is on its way: perhaps from it, perhaps from another."""
        if not host.worker.at_work(YOUNG):
            return None
        self.journal.met.clear()
        self.journal.address.respond = self.journal.stalls
        met = self.journal.met.wait(3)
        self.journal.recovers()
        return self._die(host, host.worker) if met else None

    def _lose(self, host: Host) -> Mend:
        for one in host.processes():
            one.for_good = True
            one.kill()
        self.orphans.of(host.settings.worker.name)
        self.clients.addresses.remove(host.address)
        return lambda: None

    def _road(self, numbers: range) -> list[str]:
        """Take a few documents along the whole road."""
        documents = self._ordered(numbers)
        self._until(documents, "awaiting-deputy")
        for role in ("deputy", "director"):
            self._sign(documents, role)
        self._until(documents, "archived")
        return documents

    def _ordered(self, numbers: range) -> list[str]:
        token, school = TOKENS["journal"], f"/v1/schools/{SCHOOL}"
        posted = self.clients.ask(
            token,
            "POST",
            f"{school}/snapshots",
            content=classes(len(numbers), numbers.start),
            headers={"Content-Type": "application/json"},
        )
        assert posted.status_code == 201, posted.text
        found = []
        for number in numbers:
            wanted = {"snapshot": posted.json()["id"], "kind": "class-results", "term": TERM}
            wanted |= {"class": f"c{number}", "batch": number % 2 == 0}
            answer = self.clients.ask(token, "POST", f"{school}/jobs", json=wanted)
            assert answer.status_code in {200, 202}, answer.text
            found.append(answer.json()["document"])
        return found

    def _until(self, documents: Iterable[str], state: str) -> None:
        """Wait until every document is in a state."""
        until = monotonic() + LONGEST
        left = set(documents)
        while left:
            for one in tuple(left):
                told = self.clients.ask(TOKENS["journal"], "GET", f"/v1/documents/{one}").json()
                assert told["state"] not in {"failed", "rejected", "cancelled"}, json.dumps(told)
                if told["state"] == state:
                    left.discard(one)
            assert monotonic() < until, f"{len(left)} documents are not {state}"
            sleep(1)

    def _sign(self, documents: list[str], role: str) -> None:
        """Sign everything in one sitting; what was not taken is asked about and signed again."""
        key = Pkcs12Key.open(self.authority.pkcs12(role, PASSPHRASE), PASSPHRASE)
        left = documents
        while left:
            asked = {"role": role, "documents": left, "certificates": announced(key)}
            session = self.clients.ask(TOKENS[role], "POST", SESSIONS, json=asked).json()
            items = [
                {"document": one["document"], "answers": values(one, key)}
                for one in session["items"]
                if one["state"] == "waiting"
            ]
            if items:
                path = f"{SESSIONS}/{session['id']}/answers"
                self.clients.ask(TOKENS[role], "POST", path, json={"items": items})
            left = [one for one in documents if role not in self._signed_by(one, role)]

    def _signed_by(self, document: str, role: str) -> set[str]:
        told = self.clients.ask(TOKENS[role], "GET", f"/v1/documents/{document}").json()
        return {signature["role"] for signature in told["signatures"]}

    def _told_truly(self, documents: list[str]) -> Told:
        """Wait until every event has arrived, and check them."""
        until = monotonic() + LONGEST
        while {one.event for one in tuple(self.journal.taken)} < expected(self.database).keys():
            assert monotonic() < until, "events have not arrived"
            sleep(1)
        self.orphans.look()
        assert self.journal.forged == []
        assert not self.orphans.left, "a job was left alone for good"
        address = self.journal.address
        return told_truly(self.database, documents, address.got, self.journal.taken)

    def _figures(self, took: float, waited: float, told: Told) -> str:
        pauses = self.orphans.pauses or [0.0]
        done = self.trouble.done
        blows = ", ".join(f"{what} {count}" for what, count in sorted(done.items()))
        others = done["store"] + done["receiver"]
        deaths = done.total() - others + done["host"] + done["host for good"]
        return (
            f"{DOCUMENTS} documents archived once in {took:.0f} s through "
            f"{done.total()} blows ({blows}), {deaths} processes killed by name; "
            f"{len(self.orphans.pauses)} orphaned jobs paused {statistics.median(pauses):.1f} s, "
            f"the longest {max(pauses):.1f} s; "
            f"{self.clients.repeated} requests repeated; {told.events} events arrived in "
            f"{told.requests} requests, {told.repeated} of them more than once, {told.cut} "
            f"attempts cut short, the last {waited:.0f} s after the storm\n"
        )
