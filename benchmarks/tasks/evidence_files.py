"""Evidence of many documents: the tree and its timestamp, the ledger's round, one record."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from asn1crypto import cms
from sqlalchemy import Connection, insert

from benchmarks.harness.places import WORK
from benchmarks.harness.task import Watch
from service.archive.folder import open_folder, prepare_folder
from service.archive.mirrored import MirroredStore
from service.archive.store import ObjectStore
from service.ledger import tables
from service.ledger.database import Database, connect
from service.ledger.files import Files
from service.workflow.evidence.attest import Attest, Seal
from service.workflow.evidence.prove import Prove
from service.workflow.evidence.rebuild import Rebuild
from service.workflow.evidence.renew import Renew
from service.workflow.evidence.shelve import Shelve
from service.workflow.keeping.archived import ArchivedFiles
from signing import digests
from signing.authority import Authority
from signing.evidence import HashTree, Proof, digest_of, stamped, verify
from signing.evidence.hashtree import joined
from signing.timestamps import Timestamper
from signing.trust import Trust

FILES = "document.docx", "document.pdf", "manifest.json"
STORES = "A", "B"
LASTS = timedelta(days=20 * 365)  # an authority's certificates, from its foundation
AT = datetime(2027, 6, 1, tzinfo=UTC)
LATER = AT + timedelta(days=120)
HUNDRED = 100
CHUNK = 5000


@dataclass
class Counted:
    """Timestamps, counted."""

    timestamper: Timestamper
    calls: int = field(default=0)

    def token_over(self, digest: bytes, algorithm: str) -> cms.ContentInfo:
        """Ask, and count."""
        self.calls += 1
        return self.timestamper.token_over(digest, algorithm)


@dataclass(frozen=True, slots=True)
class Ages:
    """An authority about to end and one that has just begun."""

    ending: Authority
    begun: Authority

    @classmethod
    def create(cls) -> Ages:
        """Found both; the older one ends 200 days after AT."""
        folder, founded = WORK / "evidence-authorities", AT + timedelta(days=200) - LASTS
        return cls(
            Authority.create(folder / "ending", (), around=founded),
            Authority.create(folder / "begun", (), around=AT),
        )

    @property
    def trust(self) -> Trust:
        """Trust in both roots; it remembers nothing yet."""
        return Trust((self.ending.chain()[-1], self.begun.chain()[-1]))


def tree(watch: Watch, count: int, algorithm: str) -> dict[str, Any]:
    """Build a tree over documents of three files whose digests are known, and have it stamped."""
    ages = Ages.create()
    groups = [
        [digests.digest(algorithm, f"{number} {name}".encode()) for name in FILES]
        for number in range(count)
    ]
    with ages.begun.serve(at=AT):
        imprinter = Counted(Timestamper([ages.begun.timestamp_url]))
        with watch.running():
            made = HashTree.over((joined(group, algorithm) for group in groups), algorithm)
            stamp = stamped(made.root, algorithm, imprinter, ages.trust, AT)
    return {"calls": imprinter.calls, "token": len(stamp.token)}


def archive(watch: Watch, count: int) -> dict[str, Any]:
    """Keep the evidence of an archive as the worker does, ledger and stores included.

    None of the documents' files exists, so none is read. Tells the CPU seconds of each step, and
    of a hundred documents' records: made, and verified offline against the files.
    """
    ages = Ages.create()
    steps: dict[str, float] = {}
    with _ledger(count) as (database, files, store):
        archived = ArchivedFiles(files, store)
        shelve = Shelve(database, files, store)
        with ages.ending.serve(at=AT):
            early = Counted(Timestamper([ages.ending.timestamp_url]))
            with watch.running(), _timed(steps, "attest"):
                Attest(database, files, archived, Seal(early, ages.trust, "sha256"))(AT)
                shelve(AT)
        numbers = range(0, count, count // HUNDRED)
        prove = Prove(database, files, archived, ages.trust, {})
        with _timed(steps, "record"):
            records = [prove.record(_name(number)) for number in numbers]
            size = max(len(record.dump()) for record in records)
        given = [[digest_of(body) for body in _bodies(number)] for number in numbers]
        with _timed(steps, "verify"):
            states = {
                verify(record, bodies, ages.trust, AT).state
                for record, bodies in zip(records, given, strict=True)
            }
        with ages.ending.serve(at=LATER), ages.begun.serve(at=LATER):
            late = Counted(Timestamper([ages.begun.timestamp_url]))
            seal = Seal(late, ages.trust, "sha256")
            rebuild = Rebuild(database, files, archived, seal)
            with _timed(steps, "renew"):
                done = Renew(database, seal, rebuild, {})(LATER)
                shelve(LATER)
    (grown,) = done.renewed
    assert (grown.count, states) == (count, {Proof.PROVEN})
    return {
        **steps,
        "records": len(records),
        "bytes": size,
        "attest_calls": early.calls,
        "renew_calls": late.calls,
    }


@contextmanager
def _timed(steps: dict[str, float], name: str) -> Iterator[None]:
    one = Watch()
    with one.running():
        yield
    steps[name] = one.seconds


@contextmanager
def _ledger(count: int) -> Iterator[tuple[Database, Files, ObjectStore]]:
    """Write down so many archived documents, their copies and signatures; there are no files."""
    folder = WORK / "evidence"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    stores = [_store(name, folder) for name in STORES]
    database = connect(f"sqlite:///{folder / 'ledger.db'}")
    database.migrate()
    with database.writing() as connection:
        _write(connection, count)
    yield database, Files(folder), MirroredStore(*stores)
    database.close()
    shutil.rmtree(folder)


def _store(name: str, folder: Path) -> ObjectStore:
    prepare_folder(name, folder / name)
    return open_folder(name, folder / name)


def _write(connection: Connection, count: int) -> None:
    connection.execute(insert(tables.snapshots).values(_SNAPSHOT))
    numbers = iter(range(count))
    while some := list(islice(numbers, CHUNK)):
        connection.execute(insert(tables.documents), [_document(number) for number in some])
        connection.execute(insert(tables.signatures), [_signature(number) for number in some])
        connection.execute(insert(tables.copies), [row for one in some for row in _copies(one)])


def _name(number: int) -> str:
    return f"{number:032x}"


def _bodies(number: int) -> list[bytes]:
    return [f"{number} {name}".encode() for name in FILES]


_SNAPSHOT: dict[str, Any] = {
    "id": "s",
    "school": "s",
    "sha256": "0" * 64,
    "size": 0,
    "year": "2026/2027",
    "year_end": date(2027, 5, 31),
    "timezone": "UTC",
    "classes": [],
    "terms": [],
    "warnings": [],
    "accepted_at": AT,
}


def _document(number: int) -> dict[str, Any]:
    return {
        "id": _name(number),
        "school": "s",
        "snapshot": "s",
        "kind": "final-summary",
        "class_id": f"c{number}",
        "class_title": "1А",
        "term": "",
        "year": "2026/2027",
        "year_end": date(2027, 5, 31),
        "timezone": "UTC",
        "version": 1,
        "volume": 1,
        "volumes": 1,
        "supersedes": "",
        "options": "{}",
        "forms": "0" * 64,
        "route": ["director"],
        "retention_years": 25,
        "issued_at": AT,
        "state": "archived",
        "generation": 9,
        "created_at": AT,
        "updated_at": AT,
    }


def _signature(number: int) -> dict[str, Any]:
    return {
        "document": _name(number),
        "role": "director",
        "generation": 8,
        "signer": "Громова Ольга Ивановна",
        "certificate": "0" * 64,
        "level": "B-LT",
        "valid": 1,
        "signed_at": AT,
        "pdf": "0" * 64,
    }


def _copies(number: int) -> Iterator[dict[str, Any]]:
    for name, body in zip(FILES, _bodies(number), strict=True):
        for store in STORES:
            yield {
                "document": _name(number),
                "name": name,
                "store": store,
                "key": f"s/{number}/{name}",
                "version_id": "1",
                "mode": "WRITE-ONCE",
                "locked_until": datetime(2052, 12, 31, tzinfo=UTC),
                "sha256": sha256(body).hexdigest(),
                "size": len(body),
                "checked": AT,
            }
