"""A school with a running service: real settings, ledger, printer, authority and two folder stores.

Jobs are done when a test says so, in this process; `tests/jobs` has the real worker.
"""

from __future__ import annotations

import atexit
import base64
import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from attorneys import INN, SNILS
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from service.archive.folder import prepare_folder
from service.bootstrap.ground import prepare, stores
from service.bootstrap.press import workshop
from service.bootstrap.recalling import when_met
from service.bootstrap.serving import Service, bootstrap
from service.domain.access.rights import REGION
from service.jobs import engine
from service.jobs.advance import Advance, Backoff
from service.ledger import audit
from service.ledger.database import connect
from service.ledger.documents import State
from service.ledger.tables import steps as step_rows
from service.settings import Settings, load
from service.web.app import create_app
from service.workflow.keeping.deposit import Deposit
from service.workflow.printing.produce import Produce
from signing.authority import Authority, Condition, KeyKind, Person, organisation
from signing.keys import Pkcs12Key

SNAPSHOT = (Path(__file__).parent / "domain" / "section9.json").read_bytes()
SCHOOL = "sosh18"
OTHER = "sosh19"
CLASS = "c8a"
TERM = "q1"
PASSPHRASE = "пароль"
PEOPLE = (
    Person("deputy", "Громова", "Ольга Ивановна", "СОШ № 18", inn=INN, snils=SNILS),
    organisation("seal", "СОШ № 18", inn="6671086123"),
    Person("director", "Светлова", "Анна Юрьевна", "СОШ № 18"),
    Person("deputy-rsa", "Громова", "Ольга Ивановна", "СОШ № 18", KeyKind.RSA),
    Person("stranger", "Рощин", "Глеб Маркович", "СОШ № 18"),
    Person("expired", "Светлова", "Анна Юрьевна", "СОШ № 18", condition=Condition.EXPIRED),
    Person("early", "Светлова", "Анна Юрьевна", "СОШ № 18", condition=Condition.NOT_YET_VALID),
    Person("revoked", "Светлова", "Анна Юрьевна", "СОШ № 18", condition=Condition.REVOKED),
)
TOKENS = {
    who: f"vd_{who}_{sha256(who.encode()).hexdigest()[:32]}"
    for who in (
        "journal",
        "secretary",
        "deputy",
        "seal",
        "director",
        "administrator",
        "auditor",
        "elsewhere",
        "region",
        "region-auditor",
    )
}
ROLES = {
    "elsewhere": ["system", "deputy", "director"],
    "journal": ["system"],
    "region": ["administrator"],
    "region-auditor": ["auditor"],
}
SCHOOLS = {"elsewhere": OTHER, "region": REGION, "region-auditor": REGION}


def settings_file(
    folder: Path,
    authority: Authority | None,
    listen: str = "127.0.0.1:8000",
    *more: str,
    database: str = "",
) -> Path:
    """Write the settings of the town into a folder and make its stores; return the file."""
    elsewhere = f'database = "{database}"' if database.startswith("postgresql") else ""
    for name in ("A", "B"):
        prepare_folder(name, folder / name)
    (folder / "trust").mkdir(exist_ok=True)
    if authority is not None:
        authority.export_anchors(folder / "trust")
    tsa = f"tsa = [{json.dumps(authority.timestamp_url)}]" if authority else ""
    file = folder / "vedomost.toml"
    file.write_text(
        f"""
data = "data"
{elsewhere}
[web]
listen = "{listen}"
[worker]
processes = 1
retry_first = 0.2
retry_last = 1
[signing]
trust = "trust"
{tsa}
timeout = 20
[stores.primary]
kind = "folder"
name = "A"
path = "A"
[stores.replica]
kind = "folder"
name = "B"
path = "B"
[schools.{SCHOOL}]
signatories = [
  {{ role = "deputy", name = "Громова Ольга Ивановна" }},
  {{ role = "director", name = "Светлова Анна Юрьевна" }},
  {_seal(authority)}
]
[schools.{OTHER}]
{_tokens()}
[access.local]
schools = ["{SCHOOL}"]
{"".join(more)}
""",
        encoding="utf-8",
    )
    return file


def _seal(authority: Authority | None) -> str:
    if authority is None:
        return ""
    pinned = sha256(authority.certificate("seal").dump()).hexdigest()
    return f'{{ role = "seal", name = "СОШ № 18", certificate_sha256 = "{pinned}" }},'


def _tokens() -> str:
    return "\n".join(
        f"""[[tokens]]
id = "{who}"
sha256 = "{sha256(token.encode()).hexdigest()}"
school = "{SCHOOLS.get(who, SCHOOL)}"
roles = {json.dumps(ROLES.get(who, [who]))}"""
        for who, token in TOKENS.items()
    )


def furnish(settings: Settings) -> None:
    """Give a new data folder what every one gets: empty tables, and forms somebody laid out."""
    if settings.data.exists():
        return
    settings.data.mkdir(parents=True)
    (settings.data / "forms").symlink_to(_furniture() / "forms")
    if settings.database is None:
        shutil.copyfile(_furniture() / "vedomost.db", settings.data / "vedomost.db")


@cache
def _furniture() -> Path:
    """Return the folder of this process's forms and empty tables, gone when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="furniture-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "forms").mkdir()
    database = connect(f"sqlite:///{folder / 'vedomost.db'}")
    database.migrate()
    engine.prepare(database.url)
    database.close()
    return folder


@dataclass
class Clock:
    """The time of the town: it goes only when told."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **spell: float) -> None:
        self.at += timedelta(**spell)


@dataclass
class Town:
    """The service, a client of it, and whoever signs."""

    folder: Path
    settings: Settings
    authority: Authority | None
    clock: Clock
    service: Service = field(init=False)
    http: FlaskClient = field(init=False)
    advance: Advance = field(init=False)

    def __post_init__(self) -> None:
        furnish(self.settings)
        prepare(self.settings)
        self.service = bootstrap(self.settings, self.clock)
        self.http = create_app(self.service).test_client()
        road = self.service.order.road
        database, files = self.service.database, self.service.files
        settings = self.settings
        shop = workshop(settings)
        self.shop = shop
        produce = Produce(database, lambda name, at, _: shop.print(name, at), road)
        store = stores(settings, self.clock)
        recall = when_met(settings, database, road, store)
        deposit = Deposit(database, files, store, self.service.kinds, road, recall)
        self.advance = Advance(
            database=database,
            road=road,
            work={
                State.RENDERING: produce,
                State.DEPOSITING: deposit,
                State.IN_ONE_STORE: deposit,
            },
            backoff=Backoff(settings.worker.retry_first, settings.worker.retry_last),
            clock=self.clock,
            chance=lambda: 0.0,
        )

    def close(self) -> None:
        self.service.close()
        self.shop.database.close()

    def ask(self, who: str | None, method: str, path: str, **request: Any) -> TestResponse:
        """Send a request with somebody's token."""
        headers = dict(request.pop("headers", {}))
        if who is not None:
            headers["Authorization"] = f"Bearer {TOKENS[who]}"
        return self.http.open(path, method=method, headers=headers, buffered=True, **request)

    def post_snapshot(self, body: bytes = SNAPSHOT) -> str:
        answer = self.ask(
            "journal",
            "POST",
            f"/v1/schools/{SCHOOL}/snapshots",
            data=body,
            content_type="application/json",
        )
        assert answer.status_code in {200, 201}, answer.text
        return str(answer.json["id"])

    def order(self, snapshot: str, kind: str = "class-results", **wanted: str) -> dict[str, Any]:
        if kind == "class-results":
            wanted.setdefault("term", TERM)
        sent = {"snapshot": snapshot, "kind": kind, "class": CLASS} | wanted
        answer = self.ask("journal", "POST", f"/v1/schools/{SCHOOL}/jobs", json=sent)
        assert answer.status_code in {200, 202}, answer.text
        return dict(answer.json)

    def work(self) -> int:
        """Do every step that is due; return how many were done."""
        with self.service.database.reading() as connection:
            due = connection.execute(
                select(step_rows).where(
                    step_rows.c.finished_at.is_(None), step_rows.c.due <= self.clock()
                )
            ).all()
        for row in due:
            self.advance(row.document, row.state, row.generation)
        return len(due)

    def printed(self, kind: str = "class-results") -> str:
        """Return the id of a document that waits for the deputy."""
        job = self.order(self.post_snapshot(), kind)
        self.work()
        return str(job["document"])

    def document(self, document: str) -> dict[str, Any]:
        answer = self.ask("journal", "GET", f"/v1/documents/{document}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def key(self, who: str) -> Pkcs12Key:
        assert self.authority is not None
        return Pkcs12Key.open(self.authority.pkcs12(who, PASSPHRASE), PASSPHRASE)

    def open_signature(
        self, document: str, role: str, who: str | None = None, token: str | None = None
    ) -> TestResponse:
        key = self.key(who or role)
        chain = [one.dump() for one in (key.certificate, *key.chain)]
        sent = {"role": role, "certificates": [base64.b64encode(one).decode() for one in chain]}
        path = f"/v1/documents/{document}/signatures"
        return self.ask(token or role, "POST", path, json=sent)

    def close_signature(
        self, session: dict[str, Any], role: str, who: str | None = None
    ) -> TestResponse:
        value = self.key(who or role).sign(base64.b64decode(session["to_sign"]))
        sent = {"value": base64.b64encode(value).decode()}
        return self.ask(role, "PUT", f"/v1/signatures/{session['id']}", json=sent)

    def sign(self, document: str, role: str) -> dict[str, Any]:
        opened = self.open_signature(document, role)
        assert opened.status_code == 201, opened.text
        closed = self.close_signature(opened.json, role)
        assert closed.status_code == 200, closed.text
        return dict(closed.json)

    def signed(self) -> str:
        """Return the id of a document both have signed."""
        document = self.printed()
        self.sign(document, "deputy")
        self.sign(document, "director")
        return document

    def archived_files(self, store: str) -> list[Path]:
        """Return the objects a folder store holds, the canary left out."""
        objects = self.folder / store / "objects" / SCHOOL
        return sorted(
            one for one in objects.rglob("*") if one.is_file() and "@meta" not in one.name
        )

    def log_is_whole(self) -> bool:
        with self.service.database.reading() as connection:
            return audit.first_broken(connection) is None


def another_snapshot() -> bytes:
    """A later snapshot of the same class: one mark differs."""
    return SNAPSHOT.replace(b'"v": "4", "avg": "4.33"', b'"v": "5", "avg": "4.53"')


def make_authority(folder: Path) -> Authority:
    return Authority.create(folder, PEOPLE, around=datetime.now(UTC).replace(microsecond=0))


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """The authority of PEOPLE, answering over HTTP."""
    made = make_authority(tmp_path_factory.mktemp("authority"))
    with made.serve():
        yield made


@pytest.fixture
def quiet_town(tmp_path: Path, database_url: str) -> Iterator[Town]:
    """A town where nobody can sign: quick to build."""
    yield from _town(tmp_path, None, database_url)


@pytest.fixture
def town(tmp_path: Path, authority: Authority, database_url: str) -> Iterator[Town]:
    """A town where people sign."""
    yield from _town(tmp_path, authority, database_url)


SEALED = f"""
[schools.{SCHOOL}.options]
signing_route = ["deputy", "seal", "director"]
"""


@pytest.fixture
def sealed_town(tmp_path: Path, authority: Authority) -> Iterator[Town]:
    """A town whose school seals its documents before the director signs."""
    yield from _town(tmp_path, authority, "", SEALED)


def _town(folder: Path, authority: Authority | None, database: str, *more: str) -> Iterator[Town]:
    file = settings_file(folder, authority, "127.0.0.1:8000", *more, database=database)
    made = Town(folder, load(file, {}), authority, Clock(datetime.now(UTC)))
    yield made
    made.close()


def settings_town(folder: Path, more: str) -> Iterator[Town]:
    """A quiet town on SQLite with more in its settings."""
    yield from _town(folder, None, "", more)
