"""A provider that changes its keys, falls ill, or is visited from several windows at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from identity_provider import CLIENT, SECRET, Provider, identity_provider
from joserfc.jwk import RSAKey
from town import OTHER, SCHOOL, Town, settings_town
from werkzeug.test import TestResponse

from service.web.app import create_app

COOKIE = 4096  # bytes of name, value and attributes that a browser keeps (RFC 6265, 6.1)
ABOUT = "/.well-known/openid-configuration"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with identity_provider() as made:
        yield made


@pytest.fixture
def provider(running: Provider) -> Provider:
    running.instead = {}
    return running


@pytest.fixture
def town(tmp_path: Path, provider: Provider) -> Iterator[Town]:
    """A town whose person-1 is the deputy of both schools."""
    oidc = f'issuer = "{provider.address}"\nclient_id = "{CLIENT}"\nclient_secret = "{SECRET}"'
    limits = "[access.limits]\nlogins_per_minute = 1000\n"
    for made in settings_town(tmp_path, f"[access.oidc]\n{oidc}\n{limits}"):
        for school in SCHOOL, OTHER:
            asked = {"name": "Громова О. И.", "duties": ["deputy"], "subject": "person-1"}
            answer = made.ask("region", "POST", "/v1/accounts", json=asked | {"school": school})
            assert answer.status_code == 201, answer.text
        yield made


def set_out(browser: FlaskClient, **wanted: str) -> TestResponse:
    return browser.get("/v1/login/oidc", query_string=wanted)


def come_back(browser: FlaskClient, provider: Provider, set_out: TestResponse) -> TestResponse:
    assert set_out.status_code == 302, set_out.text
    return browser.get(provider.visit(set_out.headers["Location"]))


def log_in(town: Town, provider: Provider) -> TestResponse:
    browser = town.http.application.test_client()
    return come_back(browser, provider, set_out(browser))


def test_keys_change_under_the_same_name(town: Town, provider: Provider) -> None:
    for _ in range(3):
        assert log_in(town, provider).status_code == 302
        provider.key = RSAKey.generate_key(2048, {"kid": "1"})


GRANT = {"access_token": "x", "token_type": "Bearer"}
ILL: tuple[tuple[str, Any], ...] = (
    (ABOUT, []),
    (ABOUT, {"issuer": "https://elsewhere.example"}),
    (ABOUT, {"issuer": None}),
    ("/jwks", {"keys": "none"}),
    ("/jwks", {"keys": [{"kty": "RSA", "kid": "1", "n": "!", "e": "!"}]}),
    ("/jwks", []),
    ("/token", []),
    ("/token", "token"),
    ("/token", GRANT),
    ("/token", GRANT | {"id_token": None}),
    ("/token", GRANT | {"expires_in": "soon"}),
    ("/token", GRANT | {"expires_in": 1e999}),
)


def test_a_provider_that_fell_ill_is_well_again_at_once(town: Town, provider: Provider) -> None:
    for path, said in ILL:
        sick = provider.metadata() | said if path == ABOUT and said else said
        provider.instead = {path: sick}
        browser = create_app(town.service).test_client()
        answer = set_out(browser)
        if path != ABOUT:
            answer = come_back(browser, provider, answer)
        told = answer.json["code"]
        assert told in {"identity-provider-unavailable", "login-refused"}, (path, said)
        provider.instead = {}
        assert come_back(browser, provider, set_out(browser)).status_code == 302, (path, said)


def test_each_window_gets_where_it_set_out_for(town: Town, provider: Provider) -> None:
    browser = create_app(town.service).test_client()
    first = set_out(browser, next="/office/")
    second = set_out(browser, next="/password", school=OTHER)
    for began, where, school in (first, "/office/", SCHOOL), (second, "/password", OTHER):
        back = come_back(browser, provider, began)
        assert (back.status_code, back.headers["Location"]) == (302, where)
        assert browser.get("/v1/me").json["school"] == school


def test_however_often_one_sets_out_the_cookie_is_kept(town: Town, provider: Provider) -> None:
    browser = create_app(town.service).test_client()
    for number in range(30):
        began = set_out(browser, next=f"/office/sessions/{number:0160d}", school="s" * 64)
        assert max(map(len, began.headers.getlist("Set-Cookie"))) <= COOKIE
    began = set_out(browser)
    assert come_back(browser, provider, began).status_code == 302
