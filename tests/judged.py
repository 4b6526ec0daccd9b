"""A town that outside judges ask: two processes serve it, and it has one of everything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
from identity_provider import CLIENT, SECRET, identity_provider
from town import CLASS, PASSPHRASE, SCHOOL, Clock, Town, settings_file

from service.domain.access.rights import REGION, SIGNING, Duty, Right
from service.settings import load
from signing.authority import Authority
from signing.authority.ports import kept_port

PATIENCE = 600.0  # seconds: a busy machine starts slowly
ALL = "everybody"  # the name of a token that has every duty of a school but a class teacher's
PERSON = "person"  # whoever has them too, and no token but a cookie
REGIONAL = "regional"  # of one that is an administrator of every school
TESTS = Path(__file__).parent
CONFIG = TESTS / "schemathesis.toml"
BODIES = "schemathesis_bodies"
LOOSE = """
[access.limits]
per_minute = 1000000
strangers_per_minute = 1000000
logins_per_minute = 1000
[outgoing]
allow_http = true
allow_private = true
[webhooks]
tries = 1
"""
OIDC = f"""
[access.oidc]
issuer = "{{issuer}}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
"""
LOGIN, PASSWORD, SUBJECT = "everybody", "верный конь батарея скрепка", "person-1"
EVERY = [one.value for one in Duty if one is not Duty.TEACHER]
KNOWN = {
    "name": "Громова Ольга Ивановна",
    "duties": EVERY,
    "login": LOGIN,
    "password": PASSWORD,
    "subject": SUBJECT,
}


def secret(name: str) -> str:
    """Return the token of somebody by his name."""
    return f"vd_judged-{name}_{sha256(name.encode()).hexdigest()[:43]}"


@dataclass(frozen=True, slots=True)
class Call:
    """A call that Schemathesis made: in which phase, of what, how it ended."""

    phase: str
    operation: str
    path: str
    status: int
    code: str


@dataclass(frozen=True, slots=True)
class Effort:
    """What Schemathesis tries: in which phases, how often each operation, how many walks."""

    phases: tuple[str, ...]
    each: int = 1
    walks: int = 1
    steps: int = 6

    def told(self) -> str:
        """Return it as settings of Schemathesis."""
        return f"""
[phases.fuzzing.generation]
max-examples = {self.each}
[phases.stateful]
max-steps = {self.steps}
[phases.stateful.generation]
max-examples = {self.walks}
"""


@dataclass
class Judged:
    """A served town and the judge of its contract."""

    address: str
    folder: Path

    @cached_property
    def description(self) -> dict[str, dict[str, Any]]:
        """The operations as the service tells them, by operationId."""
        told = httpx.get(f"{self.address}/v1/openapi.json", timeout=PATIENCE).json()
        return {one["operationId"]: one for item in told["paths"].values() for one in item.values()}

    def right(self, operation: str) -> Right:
        """What an operation asks for."""
        return Right(self.description[operation].get("x-right", Right.PUBLIC))

    def run(self, who: str, effort: Effort) -> list[Call]:
        """Have Schemathesis judge the service as somebody, and find nothing; return the calls."""
        config, walked = self.folder / "schemathesis.toml", self.folder / "walked.txt"
        walked.unlink(missing_ok=True)
        school = f'[parameters]\n"path.school" = "{SCHOOL}"'
        config.write_text(f"{school}\n{CONFIG.read_text()}{effort.told()}")
        judged = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")),
                *("--config-file", str(config), "run", f"{self.address}/v1/openapi.json"),
                *("--phases", ",".join(effort.phases)),
                *("--seed", "20270615", "--no-shrink", "--no-color", "--warnings", "off"),
                *("--suppress-health-check", "too_slow"),  # how fast data are made up, no answer
            ],
            cwd=self.folder,
            env=os.environ
            | {
                "SCHEMATHESIS_HOOKS": BODIES,
                "PYTHONPATH": os.pathsep.join((str(TESTS), str(TESTS.parent))),
                "KEYS": str(self.folder),
                "ADDRESS": self.address,
                "TOKEN": secret(ALL if who == PERSON else who),
                "REGIONAL": secret(REGIONAL if who in {ALL, PERSON} else who),
                "SCHOOL": SCHOOL,
                "LOGIN": LOGIN,
                "PASSWORD": str(self.folder / "password.txt"),
                "BY_COOKIE": "yes" if who == PERSON else "",
                "WALKED": str(walked),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert judged.returncode == 0, judged.stdout + judged.stderr
        assert "unforeseen" not in (self.folder / "web.log").read_text()
        assert "unforeseen" not in (self.folder / "worker.log").read_text()
        return [Call(**json.loads(line)) for line in walked.read_text().splitlines()]


@contextmanager
def served(folder: Path, authority: Authority, database: str) -> Iterator[Judged]:
    """Serve a school with documents on every step of their road, beside an identity provider."""
    with identity_provider() as provider:
        provider.claims = {"sub": SUBJECT}
        oidc = OIDC.format(issuer=provider.address)
        with _served(folder, authority, database, oidc) as town:
            yield town


@contextmanager
def _served(folder: Path, authority: Authority, database: str, oidc: str) -> Iterator[Judged]:
    listen = f"127.0.0.1:{kept_port()}"
    tokens = "".join(_tokens())
    file = settings_file(folder, authority, listen, tokens, LOOSE, oidc, database=database)
    (folder / "password.txt").write_text(PASSWORD, encoding="utf-8")
    file.write_text(file.read_text().replace("[web]", "[web]\nverify_per_minute = 10000"))
    for role in SIGNING:
        (folder / f"{role}.p12").write_bytes(authority.pkcs12(role, PASSPHRASE))
    town = Town(folder, load(file, {}), authority, Clock(datetime.now(UTC)))
    _furnish(town)
    town.close()
    with ExitStack() as running:
        for name in ("web", "worker"):
            running.enter_context(_process(name, file))
        _wait_for(f"http://{listen}/livez", folder / "web.log")
        yield Judged(f"http://{listen}", folder)


def _tokens() -> Iterator[str]:
    known = {ALL: EVERY, REGIONAL: [Duty.ADMINISTRATOR.value]}
    for name, duties in {**known, **{one.value: [one.value] for one in Duty}}.items():
        classes = f'classes = ["{CLASS}"]' if duties == [Duty.TEACHER] else ""
        school = REGION if name == REGIONAL else SCHOOL
        yield f"""
[[tokens]]
id = "judged-{name}"
sha256 = "{sha256(secret(name).encode()).hexdigest()}"
school = "{school}"
roles = {json.dumps(duties)}
{classes}
"""


def _furnish(town: Town) -> None:
    """Have a document archived and packed, one for the director, one for the deputy."""
    town.ask("administrator", "POST", "/v1/accounts", json=KNOWN)
    archived = town.signed()
    town.work()
    town.ask("secretary", "POST", f"/v1/schools/{SCHOOL}/packages", json={"documents": [archived]})
    town.sign(town.printed("class-register"), "deputy")
    town.printed("final-summary")  # marks are missing, so it fails


@contextmanager
def _process(name: str, settings: Path) -> Iterator[None]:
    with (settings.parent / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "service", name, "--settings", settings],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(address: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if httpx.get(address).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"{address} is silent: {log.read_text()}")
