"""A school's year from its snapshot to the archive: ordered, printed, signed twice, deposited."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from benchmarks.harness.processes import spent
from benchmarks.harness.task import Watch
from benchmarks.tasks.town import Town, town
from service.client.following import every_document
from service.client.operations import Operations
from service.client.told import (
    AnswerAsked,
    BatchAsked,
    CertificatesAsked,
    DocumentTold,
    ItemAnswersAsked,
    JobAsked,
    SessionAsked,
)
from service.domain.approving.approval import Role
from service.domain.extract import canonical
from service.domain.snapshot import Snapshot
from service.sample import school
from signing.keys import Key

SEED = 7
PATIENCE = 1800.0  # seconds for a stage of the road
LOOK = 0.5
BATCH = 60  # documents of one signing session
STOPPED = {"failed", "rejected", "cancelled"}


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage took: seconds of the clock, CPU seconds of who answers and of who works."""

    seconds: float
    web: float
    worker: float


def june(watch: Watch, classes: int, processes: int, stores: str) -> dict[str, Any]:
    """Take all documents of a year all the way; tell what each stage cost."""
    snapshot = school(classes, SEED)
    body = canonical(snapshot)
    with (
        TemporaryDirectory() as folder,
        town(Path(folder), snapshot, processes, stores) as here,
        here.client(here.tokens.system) as journal,
    ):
        began = time.monotonic()
        with watch.running():
            printed = _staged(here, lambda: _print(here, journal, snapshot, body))
            documents = list(every_document(journal))
            deputy = _staged(here, lambda: _sign(here, Role.DEPUTY, documents))
            last = _staged(here, lambda: _finish(here, journal, documents))
        took = time.monotonic() - began
        pages = sum(one.pages or 0 for one in documents)
        memory = spent(here.serving).memory
    return {
        "documents": len(documents),
        "pages": pages,
        "seconds": took,
        "memory": memory,
        "page": printed.worker / pages,
        "signature": (deputy.web + last.web) / (2 * len(documents)),
        "deposit": last.worker / len(documents),
        "printing": printed.seconds,
        "signing": deputy.seconds + last.seconds,
    }


def _staged(here: Town, work: Callable[[], None]) -> Stage:
    def now() -> tuple[float, float, float]:
        web, worker = (spent(here.serving, f"service {name}").cpu for name in ("web", "worker"))
        return time.monotonic(), web, worker

    before = now()
    work()
    return Stage(*(b - a for a, b in zip(before, now(), strict=True)))


def _print(here: Town, journal: Operations, snapshot: Snapshot, body: bytes) -> None:
    """Order a register and a summary of each class and the results of its terms."""
    accepted = journal.create_snapshot(here.school, body)
    for one in snapshot.classes:
        terms = [term.id for term in snapshot.terms if one.grade in term.grades]
        wanted: Iterable[tuple[str, str | None]] = [
            ("class-register", None),
            ("final-summary", None),
            *(("class-results", term) for term in terms),
        ]
        for kind, term in wanted:
            asked = JobAsked(snapshot=accepted.id, kind=kind, class_=one.id, term=term, batch=True)
            journal.order_document(here.school, asked)
    _until(journal, {"awaiting-deputy"})


def _sign(here: Town, role: Role, documents: list[DocumentTold]) -> None:
    """Sign all in sessions of a few dozen, as `vedomost sign --all` would."""
    token = here.tokens.of(role)
    with here.client(token) as signer:
        for start in range(0, len(documents), BATCH):
            names = tuple(one.id for one in documents[start : start + BATCH])
            _sit(signer, here.keys[role], role.value, names)


def _sit(
    signer: Operations,
    key: Key,
    role: Literal["deputy", "seal", "director"],
    names: tuple[str, ...],
) -> None:
    chain = tuple(_text(one.dump()) for one in (key.certificate, *key.chain))
    session = signer.create_signing_session(SessionAsked(role=role, documents=names))
    told = signer.join_signing_session(session.id, CertificatesAsked(certificates=chain))
    items = tuple(
        ItemAnswersAsked(
            document=item.document,
            answers={
                part.file: AnswerAsked(value=_text(key.sign(base64.b64decode(part.to_sign))))
                for part in item.parts or ()
            },
        )
        for item in told.items
    )
    answered = signer.sign_session_items(session.id, BatchAsked(items=items))
    refused = [one for one in answered.items if one.state != "signed"]
    if refused:
        raise AssertionError(f"not signed: {refused[0]}")


def _finish(here: Town, journal: Operations, documents: list[DocumentTold]) -> None:
    """Have the director sign all, and wait for both stores."""
    _sign(here, Role.DIRECTOR, documents)
    _until(journal, {"archived"})


def _until(journal: Operations, wanted: set[str]) -> None:
    """Wait until all documents are in a state."""
    until = time.monotonic() + PATIENCE
    while (states := {one.state for one in every_document(journal)}) - wanted:
        if states & STOPPED or time.monotonic() > until:
            raise AssertionError(f"documents stay {sorted(states)}, not {sorted(wanted)}")
        time.sleep(LOOK)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
