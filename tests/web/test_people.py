"""People log in: by password, at an identity provider, by a certificate through the proxy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from identity_provider import CLIENT, SECRET, Provider, identity_provider
from joserfc.jwk import RSAKey
from proxies import BEHIND, PROXY, certificate, header
from sqlalchemy import select
from town import OTHER, SCHOOL, Town, settings_town
from werkzeug.test import TestResponse

from service.ledger.tables import audit as lines
from service.web.app import create_app

PASSWORD = "верный конь батарея скрепка"
HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def local_town(tmp_path: Path) -> Iterator[Town]:
    """A town whose first school lets people in by password, behind a proxy."""
    yield from settings_town(tmp_path, BEHIND)


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with identity_provider() as running:
        yield running


@pytest.fixture
def oidc_town(tmp_path: Path, provider: Provider) -> Iterator[Town]:
    """A town whose people log in at the provider."""
    provider.claims, provider.forge, provider.signing = {"sub": "person-1"}, {}, None
    oidc = f'issuer = "{provider.address}"\nclient_id = "{CLIENT}"\nclient_secret = "{SECRET}"'
    yield from settings_town(tmp_path, f"[access.oidc]\n{oidc}\n")


def enrol(town: Town, who: str = "administrator", **more: Any) -> dict[str, Any]:
    asked = {"name": "Громова Ольга Ивановна", "duties": ["deputy"]} | more
    answer = town.ask(who, "POST", "/v1/accounts", json=asked)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def log_in(browser: FlaskClient, password: str = PASSWORD, **environ: str) -> TestResponse:
    asked = {"school": SCHOOL, "login": "gromova", "password": password}
    return browser.post("/v1/login", json=asked, environ_overrides=environ)


def browser_of(town: Town) -> FlaskClient:
    return create_app(town.service).test_client()


def test_in_and_out_by_password(local_town: Town, caplog: pytest.LogCaptureFixture) -> None:
    town, browser = local_town, browser_of(local_town)
    account = enrol(town, login="gromova", password=PASSWORD)
    with caplog.at_level("DEBUG"):
        told = log_in(browser)
    assert (told.status_code, told.json["way"], told.json["id"]) == (200, "password", account["id"])
    cookie = told.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert browser.get("/v1/me").json["name"] == "Громова Ольга Ивановна"
    assert browser.get(f"/v1/schools/{SCHOOL}/jobs").status_code == 200
    refused = browser.post("/v1/logout")
    assert (refused.status_code, refused.json["code"]) == (403, "cross-site")
    for headers in {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}:
        assert browser.post("/v1/logout", headers=headers).status_code == 403
    secret = browser.get_cookie("vedomost").value
    assert browser.post("/v1/logout", headers={"Origin": "http://localhost"}).json["logged_out"]
    browser.set_cookie("vedomost", secret)
    assert browser.get("/v1/me").status_code == 401
    assert PASSWORD not in caplog.text
    assert "Громова" not in caplog.text
    with town.service.database.reading() as connection:
        rows = connection.execute(select(lines).where(lines.c.subject == account["id"])).all()
    assert [one.action for one in rows] == ["make-account", "log-in", "log-out"]
    assert "Громова" not in str(rows)


def test_a_login_ends(local_town: Town) -> None:
    town, browser = local_town, browser_of(local_town)
    enrol(town, login="gromova", password=PASSWORD)
    log_in(browser)
    for _ in range(13):
        town.clock.pass_by(minutes=55)
        assert browser.get("/v1/me").status_code == 200
    town.clock.pass_by(minutes=10)
    assert browser.get("/v1/me").status_code == 401
    log_in(browser)
    town.clock.pass_by(minutes=61)
    assert browser.get("/v1/me").status_code == 401


def test_passwords_change_and_accounts_close(local_town: Town) -> None:
    town, browser, second = local_town, browser_of(local_town), browser_of(local_town)
    account = enrol(town, login="gromova", password=PASSWORD)
    log_in(browser)
    log_in(second)
    asked = {"old": PASSWORD, "new": "другой длинный пароль"}
    assert browser.put("/v1/me/password", json=asked, headers=HERE).status_code == 200
    assert browser.get("/v1/me").status_code == 200
    assert second.get("/v1/me").status_code == 401
    wrong = browser.put("/v1/me/password", json=asked, headers=HERE)
    assert (wrong.status_code, wrong.json["code"]) == (422, "password-wrong")
    path = f"/v1/accounts/{account['id']}"
    changed = {"name": "Громова О. И.", "duties": ["deputy", "secretary"], "login": "gromova"}
    assert town.ask("administrator", "PUT", path, json=changed).json["has_password"]
    assert browser.get("/v1/me").json["duties"] == ["deputy", "secretary"]
    closed = [town.ask("administrator", "DELETE", path) for _ in range(2)]
    assert closed[0].json == closed[1].json
    assert browser.get("/v1/me").status_code == 401
    assert log_in(second, asked["new"]).status_code == 401
    reopened = town.ask("administrator", "PUT", path, json=changed)
    assert (reopened.status_code, reopened.json["code"]) == (409, "account-closed")


def test_a_one_time_password_gets_one_nowhere_but_to_another(local_town: Town) -> None:
    town, browser = local_town, browser_of(local_town)
    account = enrol(town, login="gromova", password=PASSWORD)
    log_in(browser)
    first = browser.get_cookie("vedomost").value
    log_in(browser)
    assert (
        browser_of(town).get("/v1/me", headers={"Cookie": f"vedomost={first}"}).status_code == 401
    )
    path = f"/v1/accounts/{account['id']}"
    given = town.ask("administrator", "POST", f"{path}/password")
    assert (given.status_code, given.headers["Cache-Control"]) == (200, "no-store")
    assert town.ask("administrator", "GET", path).json["password_until"] == given.json["expires_at"]
    assert browser.get("/v1/me").status_code == 401
    assert log_in(browser).status_code == 401
    once = given.json["password"]
    assert log_in(browser, once).json["password_change_required"]
    for method, place in ("GET", "/v1/documents"), ("POST", "/v1/signing-sessions"):
        refused = browser.open(place, method=method, headers=HERE)
        assert (refused.status_code, refused.json["code"]) == (403, "password-change-required")
    for new, code in (once, "password-same"), ("gromova-gromova-1", "password-weak"):
        asked = {"old": once, "new": new}
        wrong = browser.put("/v1/me/password", json=asked, headers=HERE)
        assert (wrong.status_code, wrong.json["code"]) == (422, code)
    asked = {"old": once, "new": "другой длинный пароль"}
    changed = browser.put("/v1/me/password", json=asked, headers=HERE)
    assert (changed.status_code, changed.json["password_change_required"]) == (200, False)
    assert browser.get("/v1/documents").status_code == 200
    once = town.ask("administrator", "POST", f"{path}/password").json["password"]
    town.clock.pass_by(days=8)
    late = log_in(browser, once)
    assert (late.status_code, late.json["code"]) == (403, "password-over")
    assert town.ask("elsewhere", "POST", f"{path}/password").status_code == 403


def test_weak_passwords_are_refused_with_the_reason(local_town: Town) -> None:
    asked = {"name": "Громова Ольга", "duties": ["deputy"], "login": "gromova"}
    for password in "aaaaaaaaaaaaaaaa", "Громова-Ольга", "йцукенгшщзхъ":
        refused = local_town.ask(
            "administrator", "POST", "/v1/accounts", json=asked | {"password": password}
        )
        assert (refused.status_code, refused.json["code"]) == (422, "password-weak"), password
        assert refused.json["errors"][0]["pointer"] == "/password"


def test_guessing_ones_own_password_is_slowed_down(local_town: Town) -> None:
    browser = browser_of(local_town)
    enrol(local_town, login="gromova", password=PASSWORD)
    log_in(browser)
    asked = {"old": "наугад", "new": "другой длинный пароль"}
    guesses = [browser.put("/v1/me/password", json=asked, headers=HERE) for _ in range(6)]
    assert [one.status_code for one in guesses] == [422] * 5 + [429]


def test_guessing_slows_down_the_guesser_alone(local_town: Town) -> None:
    town, browser = local_town, browser_of(local_town)
    enrol(town, login="gromova", password=PASSWORD)
    guesses = [log_in(browser, "наугад", REMOTE_ADDR="192.0.2.1") for _ in range(6)]
    assert [one.status_code for one in guesses] == [401] * 5 + [429]
    assert guesses[-1].json["code"] == "login-throttled"
    assert 0 < int(guesses[-1].headers["Retry-After"]) <= 30
    assert log_in(browser, REMOTE_ADDR="192.0.2.1").status_code == 429
    assert log_in(browser, REMOTE_ADDR="192.0.2.2").status_code == 200
    town.clock.pass_by(seconds=31)
    assert log_in(browser, REMOTE_ADDR="192.0.2.1").status_code == 200


def test_passwords_only_where_they_are_allowed(local_town: Town) -> None:
    town = local_town
    asked = {"name": "Чужой", "duties": ["deputy"], "login": "x-y", "password": PASSWORD}
    refused = town.ask("region", "POST", "/v1/accounts", json=asked | {"school": OTHER})
    assert refused.json["errors"][0]["code"] == "passwords-not-allowed"
    nobody = town.http.post("/v1/login", json={"school": OTHER, "login": "x-y", "password": "x"})
    assert (nobody.status_code, nobody.json["code"]) == (404, "login-not-offered")
    for more in {"login": "x-y"}, {"password": PASSWORD}, {}:
        wrong = town.ask(
            "administrator", "POST", "/v1/accounts", json={"name": "N", "duties": ["deputy"]} | more
        )
        assert (wrong.status_code, wrong.json["code"]) == (422, "account-wrong"), more
    enrol(town, login="gromova", password=PASSWORD)
    twice = town.ask("administrator", "POST", "/v1/accounts", json=asked | {"login": "gromova"})
    assert (twice.status_code, twice.json["code"]) == (409, "account-taken")


def through_provider(browser: FlaskClient, provider: Provider, start: str = "") -> TestResponse:
    sent = browser.get(f"/v1/login/oidc{start}")
    assert sent.status_code == 302, sent.text
    return browser.get(provider.visit(sent.headers["Location"]))


def test_in_at_the_identity_provider(oidc_town: Town, provider: Provider) -> None:
    town, browser = oidc_town, browser_of(oidc_town)
    unknown = through_provider(browser, provider)
    assert (unknown.status_code, unknown.json["code"]) == (403, "account-unknown")
    enrol(town, subject="person-1")
    enrol(town, "region", subject="person-1", school=OTHER, duties=["director"])
    back = through_provider(browser, provider, f"?school={OTHER}&next=/office/")
    assert (back.status_code, back.headers["Location"]) == (302, "/office/")
    me = browser.get("/v1/me").json
    assert (me["way"], me["school"], me["duties"]) == ("oidc", OTHER, ["director"])
    assert me["schools"] == [SCHOOL, OTHER]


def test_nothing_but_the_providers_own_word_counts(oidc_town: Town, provider: Provider) -> None:
    town, browser = oidc_town, browser_of(oidc_town)
    enrol(town, subject="person-1")
    for forged in (
        {"aud": "somebody-else"},
        {"iss": "https://elsewhere.example"},
        {"nonce": "another"},
        {"exp": 1},
        {"sub": None},
    ):
        provider.forge = forged
        refused = through_provider(browser, provider)
        assert (refused.status_code, refused.json["code"]) == (401, "login-refused"), forged
    provider.forge = {}
    provider.signing = RSAKey.generate_key(2048, {"kid": "1"})
    assert through_provider(browser, provider).status_code == 401
    provider.signing = None
    start = browser.get("/v1/login/oidc").headers["Location"]
    callback = provider.visit(start)
    assert browser_of(town).get(callback).status_code == 401  # begun in another browser
    assert browser.get(callback).status_code == 302
    assert browser.get(callback).status_code == 401  # used
    assert (
        browser.get("/v1/login/oidc/callback?error=access_denied&state=x&authuser=0").status_code
        == 401
    )


def test_nowhere_else_is_anybody_sent(oidc_town: Town) -> None:
    for where in "//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example":
        answer = oidc_town.http.get("/v1/login/oidc", query_string={"next": where})
        assert answer.status_code == 422, where


def test_a_silent_provider(tmp_path: Path) -> None:
    oidc = f'issuer = "http://127.0.0.1:9"\nclient_id = "{CLIENT}"\nclient_secret = "{SECRET}"'
    for town in settings_town(tmp_path, f"[access.oidc]\n{oidc}\n"):
        answer = town.http.get("/v1/login/oidc")
        assert (answer.status_code, answer.json["code"]) == (503, "identity-provider-unavailable")


def test_a_certificate_counts_through_the_proxy_only(local_town: Town) -> None:
    town, browser = local_town, browser_of(local_town)
    der = certificate(town.clock())
    pin = sha256(der).hexdigest()
    director = enrol(town, duties=["director"], certificate_sha256=pin)
    seen = browser.get("/v1/me", headers=header(der), environ_overrides=PROXY)
    assert (seen.json["id"], seen.json["way"]) == (director["id"], "certificate")
    direct = browser.get("/v1/me", headers=header(der))
    assert direct.status_code == 401
    assert "[access.proxy]" in direct.json["detail"]
    of_no_version = der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x07", 1)
    for sent in header(certificate(town.clock())), {"Client-Cert": "x"}, header(of_no_version):
        assert browser.get("/v1/me", headers=sent, environ_overrides=PROXY).status_code == 401
    unsafe = {"headers": header(der), "environ_overrides": PROXY}
    assert browser.post("/v1/logout", **unsafe).json["code"] == "cross-site"
    enrol(town, "region", school=OTHER, duties=["director"], certificate_sha256=pin)
    assert browser.get("/v1/me", headers=header(der), environ_overrides=PROXY).status_code == 401
    chosen = header(der) | {"Vedomost-School": OTHER}
    assert browser.get("/v1/me", headers=chosen, environ_overrides=PROXY).json["school"] == OTHER
    town.clock.pass_by(days=101)
    assert browser.get("/v1/me", headers=chosen, environ_overrides=PROXY).status_code == 401


def test_a_signatory_is_known_by_the_certificate_of_the_settings(tmp_path: Path) -> None:
    der = certificate(datetime.now().astimezone())
    more = f"""
[schools.third]
signatories = [
  {{ role = "director", name = "Светлова Анна", certificate_sha256 = "{sha256(der).hexdigest()}" }},
]
"""
    for town in settings_town(tmp_path, more + BEHIND):
        seen = town.http.get("/v1/me", headers=header(der), environ_overrides=PROXY).json
        assert (seen["school"], seen["duties"]) == ("third", ["director"])


def test_what_the_proxy_says_of_the_client(local_town: Town) -> None:
    town, browser = local_town, browser_of(local_town)
    enrol(town, login="gromova", password=PASSWORD)
    asked = {"school": SCHOOL, "login": "gromova", "password": PASSWORD}
    secure = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7, 10.0.0.9"}
    told = browser.post("/v1/login", json=asked, headers=secure, environ_overrides=PROXY)
    assert told.headers["Set-Cookie"].startswith("__Host-vedomost=")
    assert "Secure" in told.headers["Set-Cookie"]
    spoofed = browser.post("/v1/login", json=asked, headers=secure)
    assert spoofed.headers["Set-Cookie"].startswith("vedomost=")
