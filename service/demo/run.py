"""The demo itself: journals of two schools, from a snapshot to a proven archive, on one machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from rich.console import Console

from service.client.operations import Operations
from service.client.told import DocumentTold, JobTold
from service.client.wire import TIMEOUT, Wire
from service.demo import report, telling
from service.demo.children import terminable
from service.demo.journals import Journal, journals, orders
from service.demo.journey import Journey, KeyHolder, Refused
from service.demo.places import NAMES, Place
from service.demo.proof import Proof, Prover
from service.demo.running import running
from service.demo.settings_file import Tokens
from service.domain.approving.approval import Role
from service.domain.errors import ServiceError
from service.domain.extract import canonical
from service.domain.snapshot import School
from signing.errors import SigningError
from signing.keys import Key

FAILED, INTERRUPTED = 1, 130
PATIENCE = 60  # seconds a request is sent again while the service starts anew


def run(
    build: Path,
    stores: str = "bucket",
    chosen: Callable[[], Iterable[Journal]] = journals,
) -> int:
    """Go the whole road under `build`; return 0 only if every document was proven.

    `stores` is "bucket" (two S3 servers with Object Lock) or "folder" (two folders). What an
    earlier run with the same stores made is used again. Whatever happens, every process started is
    stopped.
    """
    console = Console(highlight=False)
    build.mkdir(parents=True, exist_ok=True)
    try:
        with terminable():
            posted = tuple(chosen())
            proofs = _road(build, stores, posted, console)
    except KeyboardInterrupt:
        console.print("Остановлено: всё, что было запущено, закрыто.")
        return INTERRUPTED
    except (ServiceError, SigningError) as error:
        console.print(f"✘ {error.title}. {error}", markup=False, soft_wrap=True)
        console.print(f"Журнал службы: {build / 'service.log'}")
        return FAILED
    report.write(build / "report.json", proofs)
    for journal in posted:
        school = journal.snapshot.school
        own = [proof for proof in proofs if proof.document.school == school.id]
        console.print(telling.table(school.short_name or school.id, own))
    wrong = tuple(telling.faults(proofs))
    for line in wrong or (telling.whereabouts(build),):
        console.print(line, markup=False, soft_wrap=True)
    return FAILED if wrong or not proofs else 0


@dataclass(frozen=True, slots=True)
class _School:
    """A school of the demo: its journal, its people, and who checks after them."""

    journal: Journal
    journey: Journey
    prove: Prover


def _road(
    build: Path, stores: str, chosen: tuple[Journal, ...], console: Console
) -> tuple[Proof, ...]:
    """Start everything, go every school's way, and stop everything."""
    schools = [journal.snapshot.school for journal in chosen]
    console.print("Запускаем удостоверяющий центр, два хранилища и службу…")
    with (
        running(build, stores, schools) as service,
        httpx.Client(base_url=service.address, timeout=TIMEOUT, trust_env=False) as http,
    ):
        held = dict(zip(NAMES, service.stores, strict=True))
        proofs = _walk(
            [
                _School(
                    journal,
                    _journey(http, school, service.tokens[school.id], service.keys[school.id]),
                    Prover(held, service.trust, school.timezone),
                )
                for journal, school in zip(chosen, schools, strict=True)
            ],
            build,
            console,
        )
        _try_to_delete(service.stores, console)
        return proofs


def _try_to_delete(pair: Iterable[Place], console: Console) -> None:
    """Try to delete a locked canary with an administrator's keys; LockNotEnforced if that works."""
    locked = [place.administered for place in pair if place.administered is not None]
    for store in locked:
        store.prove_lock(datetime.now(UTC))
    if locked:
        told = ", ".join(store.name for store in locked)
        console.print(f"Удалить раньше срока не может и администратор: проверено в {told}")


def _journey(
    http: httpx.Client, school: School, tokens: Tokens, keys: Mapping[Role, Key]
) -> Journey:
    signers = {
        role: KeyHolder(Operations(Wire(http, tokens.of(role), PATIENCE)), key)
        for role, key in keys.items()
    }
    return Journey(school.id, Operations(Wire(http, tokens.system, PATIENCE)), signers)


def _walk(schools: list[_School], build: Path, console: Console) -> tuple[Proof, ...]:
    """Print, sign, archive and prove every document of every school."""
    jobs = [(school, job) for school in schools for job in _ordered(school, console)]
    printed: list[tuple[_School, DocumentTold]] = []
    refused: list[Refused] = []
    with telling.bar(console, "Печать", len(jobs)) as progress:
        for school, job in jobs:
            match school.journey.follow(job, progress):
                case Refused() as gap:
                    refused.append(gap)
                case volumes:
                    printed += [(school, volume) for volume in volumes]
    if refused:
        console.print(telling.gaps(refused), markup=False, soft_wrap=True)
    with telling.bar(console, "Подписи", len(printed)) as progress:
        signed = []
        for school, document in printed:
            signed.append((school, school.journey.sign(document)))
            progress(1, "")
    with telling.bar(console, "Архив", len(signed)) as progress:
        proofs = []
        for school, document in signed:
            proofs.append(_proven(school, document, build))
            progress(1, "")
    return tuple(proofs)


def _ordered(school: _School, console: Console) -> list[JobTold]:
    """Send a school's snapshot and order its documents."""
    snapshot = school.journal.snapshot
    accepted = school.journey.submit(canonical(snapshot))
    console.print(f"{school.journal.origin}; замечаний: {len(accepted.warnings)}", soft_wrap=True)
    return school.journey.order(accepted.id, orders(snapshot))


def _proven(school: _School, document: DocumentTold, build: Path) -> Proof:
    """Wait for both stores, fetch the files as a secretary would, and prove the document."""
    kept = school.journey.archived(document)
    pdf = school.journey.journal.get_document_pdf(kept.id)
    docx = school.journey.journal.get_document_docx(kept.id)
    for suffix, body in ((".pdf", pdf), (".docx", docx)):
        file = build / report.name(kept, suffix)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    return school.prove(kept, pdf, docx, datetime.now(UTC))
