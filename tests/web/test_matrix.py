"""Every route, every duty, every school: the answer follows from the table of rights alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from town import CLASS, OTHER, SCHOOL, Town, settings_town
from werkzeug.test import TestResponse

from service.domain.access.rights import REGION, REGIONAL, RIGHTS, SIGNING, Duty, Reach, Right
from service.domain.approving.approval import Role
from service.ledger.people import tokens
from service.ledger.people.tokens import Token
from service.ledger.signing import packages
from service.ledger.signing.packages import Package
from service.web.openapi.examples import examples

ROOMY = "[access.limits]\nper_minute = 1000000\nstrangers_per_minute = 1000000\n"
FOR_REGIONS = {"create_school"}  # whoever has the right at a school has it not for the region
BESIDES = {  # the asker was let through, and there was something else
    "docx-unsigned",
    "evidence-missing",
    "package-unsigned",
    "login-not-offered",
    "login-refused",
}
REFUSED = {401: "stranger", 403: "not his to do", 404: "not there for him"}
QUERY = {"school": SCHOOL, "since": "2027-01-01T00:00:00Z"}
RUN = {"entry": "year-end"}
BODIES: dict[str, Any] = {
    "create_run": RUN,
    "restart_run": {},
    "replace_calendar": {},
    "plan_snapshot": {},
}


@dataclass
class Asker:
    """A token and what it should reach."""

    reach: Reach
    secret: str


@dataclass
class Matrix:
    """A town with one of everything at one school, and a token of every sort."""

    town: Town
    routes: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    things: dict[str, str] = field(default_factory=dict)
    sessions: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        document = self.town.ask(None, "GET", "/v1/openapi.json").get_json(force=True)
        self.routes = sorted(
            (
                (method.upper(), path, one)
                for path, item in document["paths"].items()
                for method, one in item.items()
            ),
            key=lambda route: route[0] == "DELETE",
        )
        self._furnish()

    def asker(self, name: str, reach: Reach, **more: Any) -> Asker:
        secret = f"vd_{name}_{sha256(name.encode()).hexdigest()}"
        at = self.town.clock()
        token = Token(name, reach, sha256(secret.encode()).hexdigest(), "", "test", at, **more)
        with self.town.service.database.writing() as connection:
            if tokens.find(connection, name) is None:
                tokens.add(connection, token)
        return Asker(reach, secret)

    def of(self, duty: Duty, school: str) -> Asker:
        where = {SCHOOL: "own", OTHER: "foreign", REGION: "everywhere"}[school]
        classes = frozenset({CLASS}) if duty is Duty.TEACHER else frozenset()
        return self.asker(f"{where}-{duty}", Reach(school, frozenset({duty}), classes=classes))

    def ask(
        self, method: str, path: str, one: dict[str, Any], secret: str | None, duty: Duty
    ) -> TestResponse:
        """Send a request that is in order but for who sends it."""
        role = duty if duty in SIGNING else Duty.DEPUTY
        signing = self.sessions["package" if "{package}" in path else "document", role]
        things = self.things | {"signing": signing, "school": SCHOOL}
        for parameter in (p["name"] for p in one["parameters"] if p["in"] == "path"):
            path = path.replace(f"{{{parameter}}}", things[parameter])
        sent: dict[str, Any] = {"headers": {}}
        if secret is not None:
            sent["headers"]["Authorization"] = f"Bearer {secret}"
        asked = {p["name"] for p in one["parameters"] if p["in"] == "query"}
        sent["query_string"] = {name: QUERY[name] for name in asked & QUERY.keys()}
        for media_type in one.get("requestBody", {}).get("content", {}):
            sent["content_type"] = media_type
            sent["data"] = self._body(one["operationId"], role, things)
        nobody = self.town.http.application.test_client(use_cookies=False)  # a login stays nobody's
        answer = nobody.open(path, method=method, **sent)
        answer.close()
        if method == "DELETE" and answer.status_code < 300:
            self._furnish()
        return answer

    def _body(self, operation: str, role: Duty, things: dict[str, str]) -> bytes:
        if operation == "verify_file":
            return b"%PDF-"
        body = examples().of(operation).request or BODIES.get(operation)
        assert body is not None, f"{operation}: give it an example"
        if operation in {"create_token", "create_account"}:
            body = body | {"school": SCHOOL}
        told = json.dumps(body).replace('"role": "director"', f'"role": "{role}"')
        told = told.replace('"role": "deputy"', f'"role": "{role}"')
        for name, value in examples().parameters.items():
            told = told.replace(value, things[name])
        return told.encode()

    def _furnish(self) -> None:
        """Have one of everything, again where something was taken away."""
        town, things = self.town, self.things
        if not things:
            things["snapshot"] = town.post_snapshot()
            job = town.order(things["snapshot"])
            town.work()
            things |= {"job": job["id"], "document": job["document"]}
            things["package"] = self._package(job["document"])
            account = {"name": "N", "duties": ["secretary"], "subject": "s"}
            things["account"] = self._made("administrator", "/v1/accounts", account)
            granted = {"duties": ["secretary"], "description": "x"}
            things["token"] = self._made("administrator", "/v1/tokens", granted)
            things["run"] = self._made("secretary", f"/v1/schools/{SCHOOL}/runs", RUN)
        hooks = f"/v1/schools/{SCHOOL}/webhooks"
        if (
            "webhook" not in things
            or town.ask("administrator", "GET", f"{hooks}/{things['webhook']}").status_code == 404
        ):
            asked = examples().of("create_webhook").request | {"url": "https://8.8.8.8/events"}
            things["webhook"] = self._made("administrator", hooks, asked)
            test = f"{hooks}/{things['webhook']}/test"
            things["delivery"] = self._made("administrator", test, None)
        for role in SIGNING:
            for subject in "document", "package":
                asked = {"role": role, f"{subject}s": [things[subject]]}
                made = self._made("secretary", "/v1/signing-sessions", asked)
                self.sessions[subject, role] = made

    def _made(self, who: str, path: str, asked: Any) -> str:
        answer = self.town.ask(who, "POST", path, json=asked)
        assert answer.status_code < 300, answer.text
        return str(answer.json["id"])

    def _package(self, document: str) -> str:
        service = self.town.service
        manifest = service.files.keep(b'{"documents": []}')
        made = Package(
            "p1", SCHOOL, (document,), (Role.DIRECTOR,), manifest, "test", self.town.clock()
        )
        with service.database.writing() as connection:
            packages.add(connection, made)
        return made.id


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    for town in settings_town(tmp_path_factory.mktemp("matrix"), ROOMY):
        yield Matrix(town)


ANSWERS_ITSELF = {"log_in", "finish_oidc_login", "verify_paper"}  # a paper nobody signed is unknown


def standing(answer: TestResponse) -> str:
    """What an answer says of the asker: let through, or refused and how."""
    if answer.status_code not in REFUSED:
        return "let through" if answer.status_code < 500 else f"broken: {answer.status_code}"
    code = json.loads(answer.get_data() or b"{}").get("code", "")
    return "let through" if code in BESIDES else REFUSED[answer.status_code]


def expected(one: dict[str, Any], path: str, reach: Reach) -> str:
    """What the table says: first whether he may do it at all, then whether it is his school's."""
    right = Right(one.get("x-right", "public"))
    if right is Right.PUBLIC:
        return "let through"
    given = {each for each, duties in RIGHTS.items() if duties & reach.duties}
    if reach.scopes is not None:
        given &= reach.scopes | {Right.SELF}
    if right not in given:
        return "not his to do"
    if one["operationId"] in FOR_REGIONS and reach.school != REGION:
        return "not his to do"
    named = "{" in path or one["operationId"] in {"create_token", "create_account"}
    named |= any(p["name"] == "school" for p in one["parameters"])
    return "not there for him" if named and reach.school == OTHER else "let through"


def walked(matrix: Matrix, asker: Asker, duty: Duty) -> list[str]:
    """Ask for everything there is; return where the answer is not what the table says."""
    wrong = []
    for method, path, one in matrix.routes:
        answer = matrix.ask(method, path, one, asker.secret, duty)
        found, wanted = standing(answer), expected(one, path, asker.reach)
        if found != wanted and not ("x-right" not in one and answer.status_code == 404):
            told = answer.get_data(as_text=True)[:200]
            wrong.append(f"{duty} {method} {path}: {found}, not {wanted}: {told}")
    return wrong


def test_no_route_is_forgotten(matrix: Matrix) -> None:
    application: Any = matrix.town.http.application
    while not hasattr(application, "url_map"):
        application = application.application
    rules = {
        (rule.rule.replace("<", "{").replace(">", "}"), method)
        for rule in application.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(("/v1/", "/livez", "/readyz"))  # the rest are pages for people
    }
    assert {(path, method) for method, path, _ in matrix.routes} == rules


@pytest.mark.parametrize("duty", Duty)
def test_at_the_own_school(matrix: Matrix, duty: Duty) -> None:
    assert walked(matrix, matrix.of(duty, SCHOOL), duty) == []


@pytest.mark.parametrize("duty", Duty)
def test_at_another_school(matrix: Matrix, duty: Duty) -> None:
    assert walked(matrix, matrix.of(duty, OTHER), duty) == []


@pytest.mark.parametrize("duty", sorted(REGIONAL))
def test_of_the_region(matrix: Matrix, duty: Duty) -> None:
    assert walked(matrix, matrix.of(duty, REGION), duty) == []


def test_with_fewer_rights_than_the_duty_gives(matrix: Matrix) -> None:
    duties, scopes = frozenset({Duty.DEPUTY}), frozenset({Right.READ, Right.SIGN})
    narrow = matrix.asker("narrow", Reach(SCHOOL, duties, scopes))
    assert walked(matrix, narrow, Duty.DEPUTY) == []


def test_strangers(matrix: Matrix) -> None:
    at = matrix.town.clock()
    duties = frozenset(Duty) - {Duty.TEACHER}
    past = matrix.asker("expired", Reach(SCHOOL, duties, until=at - timedelta(seconds=1)))
    revoked = matrix.asker("revoked", Reach(SCHOOL, duties), revoked_at=at)
    for secret in None, past.secret, revoked.secret, f"{past.secret}x":
        wrong = []
        for method, path, one in matrix.routes:
            found = standing(matrix.ask(method, path, one, secret, Duty.DEPUTY))
            wanted = "stranger" if "x-right" in one else "let through"
            if found != wanted and one["operationId"] not in ANSWERS_ITSELF:
                wrong.append(f"{method} {path}: {found}, not {wanted}")
        assert wrong == []
