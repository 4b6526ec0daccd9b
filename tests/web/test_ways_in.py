"""Whoever sends what an operation asks for by its description is let in, and nobody else.

One is let in who is not called unknown, or lacking what only another way brings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest
from proxies import BEHIND, PROXY, certificate, header
from town import SCHOOL, TOKENS, Town, settings_town
from werkzeug.test import TestResponse

from service.domain.access.rights import Duty

PASSWORD = "верный конь батарея скрепка"
NOT_LET_IN = {"unauthorized", "cross-site", "no-account"}
TRIED = (
    (),
    ("token",),
    ("session",),
    ("certificate",),
    ("session", "same-origin"),
    ("certificate", "same-origin"),
)
DUTIES = sorted(one.value for one in Duty if one is not Duty.TEACHER)
ASKED = {"change_password": {"old": "не тот пароль", "new": "совсем другой пароль"}}


@dataclass
class Entrance:
    """A town behind a proxy, and somebody who has every duty and every way in."""

    town: Town
    description: dict[str, Any] = field(init=False)
    sent: dict[str, dict[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.description = self.town.ask(None, "GET", "/v1/openapi.json").get_json(force=True)
        der = certificate(self.town.clock())
        person = {
            "name": "Громова Ольга Ивановна",
            "duties": DUTIES,
            "login": "gromova",
            "password": PASSWORD,
            "certificate_sha256": sha256(der).hexdigest(),
        }
        assert self.town.ask("administrator", "POST", "/v1/accounts", json=person).status_code < 300
        self.sent = {
            "token": {"Authorization": f"Bearer {TOKENS['administrator']}"},
            "certificate": header(der),
            "same-origin": {"Sec-Fetch-Site": "same-origin"},
            "session": self.cookie(),
        }

    def cookie(self) -> dict[str, str]:
        """Log in."""
        asked = {"school": SCHOOL, "login": "gromova", "password": PASSWORD}
        told = self.nobody().post("/v1/login", json=asked, environ_overrides=PROXY)
        scheme = self.description["components"]["securitySchemes"]["session"]
        name, _, value = told.headers["Set-Cookie"].partition(";")[0].partition("=")
        assert name == scheme["name"]
        return {"Cookie": f"{name}={value}"}

    def nobody(self) -> Any:
        return self.town.http.application.test_client(use_cookies=False)

    def ask(self, method: str, path: str, one: dict[str, Any], *ways: str) -> TestResponse:
        headers = {name: value for way in ways for name, value in self.sent[way].items()}
        for parameter in (p["name"] for p in one["parameters"] if p["in"] == "path"):
            path = path.replace(f"{{{parameter}}}", SCHOOL if parameter == "school" else "0f0f")
        body: dict[str, Any] = {}
        for media_type in one.get("requestBody", {}).get("content", {}):
            body = {"content_type": media_type}
            body["json"] = ASKED.get(one["operationId"], {})
        answer: TestResponse = self.nobody().open(
            path,
            method=method.upper(),
            headers=headers,
            environ_overrides=PROXY,
            buffered=True,
            **body,
        )
        if one["operationId"] == "log_out" and "session" in ways:
            self.sent["session"] = self.cookie()
        return answer


@pytest.fixture(scope="module")
def entrance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entrance]:
    limits = "[access.limits]\nper_minute = 100000\nstrangers_per_minute = 100000\n"
    more = f"{BEHIND}{limits}logins_per_minute = 1000\n"
    for town in settings_town(tmp_path_factory.mktemp("entrance"), more):
        yield Entrance(town)


def is_let_in(answer: TestResponse) -> bool:
    code = (answer.get_json(silent=True, force=True) or {}).get("code", "")
    assert answer.status_code < 500 or code.endswith("-unavailable"), answer.text
    return code not in NOT_LET_IN


def test_every_way_that_is_told_is_let_in_and_no_other(entrance: Entrance) -> None:
    wrong = []
    for path, item in entrance.description["paths"].items():
        for method, one in item.items():
            told = [frozenset(way) for way in one.get("security", ())]
            for ways in TRIED:
                wanted = not told or any(way <= set(ways) for way in told)
                answer = entrance.ask(method, path, one, *ways)
                if is_let_in(answer) is not wanted:
                    wrong.append(f"{method} {path} by {ways}: {answer.text[:200]}")
    assert wrong == []
