"""The pages where people come in and go, in a real browser that runs no scripts."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from identity_provider import CLIENT, SECRET, Provider, identity_provider
from playwright.sync_api import Browser, Page, expect, sync_playwright
from town import OTHER, SCHOOL, Town, settings_town
from werkzeug.serving import make_server

from service.web.app import create_app

PASSWORD = "верный конь батарея скрепка"
ANOTHER = "другой длинный пароль"
HERE = {"Sec-Fetch-Site": "same-origin"}
PHONE = {"width": 390, "height": 844}
NAMES = "--host-resolver-rules=MAP *.test 127.0.0.1"  # plain http: no Sec-Fetch-Site is sent


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=60_000)  # a busy machine
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", NAMES]
        )
        yield chromium
        chromium.close()


@contextmanager
def served(application: Any) -> Iterator[int]:
    """Yield the port an application, or a handler of requests, answers at."""
    if isinstance(application, type):
        server: Any = ThreadingHTTPServer(("127.0.0.1", 0), application)
    else:
        server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Town]:
    yield from settings_town(tmp_path, "")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="ru-RU")
    yield context.new_page()
    context.close()


def enrol(town: Town, **more: Any) -> str:
    asked = {"name": "Громова Ольга Ивановна", "duties": ["deputy"]} | more
    answer = town.ask("region", "POST", "/v1/accounts", json={"school": SCHOOL} | asked)
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def enter(page: Page, password: str, login: str = "gromova") -> None:
    page.get_by_label("Имя для входа").fill(login)
    page.get_by_label("Пароль").fill(password)
    page.get_by_role("button", name="Войти", exact=True).click()


def change(page: Page, old: str, new: str, again: str) -> None:
    page.locator("[name=old]").fill(old)
    page.locator("[name=new]").fill(new)
    page.locator("[name=again]").fill(again)
    page.get_by_role("button", name="Сменить пароль").click()


def test_in_with_a_one_time_password_then_ones_own_and_out(local: Town, page: Page) -> None:
    account = enrol(local, login="gromova", password=PASSWORD)
    once = local.ask("administrator", "POST", f"/v1/accounts/{account}/password").json["password"]
    with served(create_app(local.service)) as port:
        here = f"http://school.test:{port}"
        page.goto(f"{here}/office/documents/d1")
        enter(page, "наугад")
        wrong = page.get_by_role("alert")
        expect(wrong).to_contain_text("Имя или пароль неверны")
        expect(page.get_by_label("Имя для входа")).to_have_value("gromova")
        enter(page, once, " Gromova ")
        expect(page).to_have_url(re.compile(f"^{here}/password\\?next=%2Foffice%2Fdocuments%2Fd1$"))
        page.goto(f"{here}/office/")
        expect(page.locator("main")).to_contain_text("одноразовый")
        for new, again, told in (
            (ANOTHER, PASSWORD, "Новые пароли различаются"),
            ("gromova-gromova", "gromova-gromova", "имя для входа"),
            (once, once, "совпадает с прежним"),
        ):
            change(page, once, new, again)
            expect(page.get_by_role("alert")).to_contain_text(told)
        change(page, once, ANOTHER, ANOTHER)
        expect(page.locator("h1")).to_have_text("Пароль изменён")
        page.get_by_role("link", name="К документам").click()
        expect(page.locator("main")).to_contain_text("Всё подписано")
        shown = page.locator("body").bounding_box()
        assert shown is not None
        assert shown["width"] <= PHONE["width"]
        local.clock.pass_by(minutes=61)
        page.reload()
        expect(page.locator("main")).to_contain_text("60 мин без действий")
        enter(page, ANOTHER)
        expect(page).to_have_url(f"{here}/office/")
        page.get_by_role("button", name="Выйти").click()
        expect(page.locator("main")).to_contain_text("Вы вышли.")
        for _ in range(6):
            enter(page, "наугад")
        expect(page.get_by_role("alert")).to_contain_text("Слишком много неудачных попыток")


ATTACK = """<!doctype html><title>x</title>
<form id="out" method="post" action="{here}/logout"></form>
<form id="password" method="post" action="{here}/password"><input name="old" value="{old}">
<input name="new" value="{new}"><input name="again" value="{new}"></form>
<form id="json" method="post" enctype="text/plain" action="{here}/v1/logout"></form>
<form id="in" method="post" action="{here}/login"><input name="login" value="gromova">
<input name="school" value="sosh18"><input name="password" value="{old}"></form>
<script>document.getElementById(location.hash.slice(1)).submit()</script>"""


@pytest.mark.parametrize("host", ["evil.test", "evil.school.test"])
def test_no_page_of_another_site_acts_for_whoever_is_in(
    local: Town, browser: Browser, host: str
) -> None:
    """`evil.school.test` is the same site: browsers send it the cookie, SameSite or not."""
    enrol(local, login="gromova", password=PASSWORD)
    context = browser.new_context(locale="ru-RU")
    page = context.new_page()
    with served(create_app(local.service)) as port:
        here = f"http://www.school.test:{port}"
        told = ATTACK.format(here=here, old=PASSWORD, new=ANOTHER).encode()

        class Evil(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *_: object) -> None:
                pass

        with served(Evil) as evil:
            page.goto(f"{here}/login")
            enter(page, PASSWORD)
            expect(page).to_have_url(f"{here}/office/")
            for form in "out", "password", "json", "in":
                with page.expect_response(re.compile("school.test:.*/(log|pass|v1)")) as answered:
                    page.goto(f"http://{host}:{evil}/#{form}")
                    page.reload()
                refused = answered.value
                sent = "cookie" in refused.request.all_headers()
                assert sent == (host == "evil.school.test"), form
                strange = {"password": 303, "json": 401}.get(form, 403)
                assert refused.status == (403 if sent else strange), form
            page.goto(f"{here}/office/")
            expect(page.locator(".who")).to_contain_text("Громова")
    context.close()
    assert (
        local.http.post(
            "/v1/login", json={"school": SCHOOL, "login": "gromova", "password": PASSWORD}
        ).status_code
        == 200
    )


def test_there_and_back_by_the_identity_provider(tmp_path: Path, page: Page) -> None:
    with identity_provider() as provider:
        provider.claims = {"sub": "person-1"}
        oidc = f'issuer = "{provider.address}"\nclient_id = "{CLIENT}"\nclient_secret = "{SECRET}"'
        more = f'[access.oidc]\n{oidc}\nname = "Моя школа"\n'
        for town in settings_town(tmp_path, more):
            _there_and_back(town, provider, page)


def _there_and_back(town: Town, provider: Provider, page: Page) -> None:
    with served(create_app(town.service)) as port:
        here = f"http://school.test:{port}"
        page.goto(f"{here}/office/")
        page.get_by_role("link", name="Войти через «Моя школа»").click()
        expect(page.get_by_role("alert")).to_contain_text("учётной записи здесь нет")
        enrol(town, subject="person-1")
        enrol(town, subject="person-1", school=OTHER, duties=["director"])
        page.get_by_role("link", name="Войти через «Моя школа»").click()
        expect(page).to_have_url(f"{here}/office/")
        expect(page.locator(".who")).to_contain_text(SCHOOL)
        page.get_by_role("link", name=OTHER).click()
        expect(page.locator(".who")).to_contain_text(OTHER)
        page.get_by_role("button", name="Выйти").click()
        expect(page.locator("main")).to_contain_text("У поставщика")
        provider.forge = {"nonce": "another"}
        page.get_by_role("link", name="Войти через «Моя школа»").click()
        expect(page.get_by_role("alert")).to_contain_text("Войти не удалось")


def test_wrong_is_wrong_whatever_is(local: Town) -> None:
    """Unknown school, unknown name, wrong password, impossible name: one answer."""
    enrol(local, login="gromova", password=PASSWORD)
    answers = set()
    for school, login in (SCHOOL, "gromova"), (SCHOOL, "nobody"), (OTHER, "gromova"), ("", "Ы"):
        form = {"school": school, "login": login, "password": "наугад"}
        answer = local.http.post("/login", data=form, headers=HERE)
        assert answer.status_code == 401
        answers.add(re.sub(r' value="[^"]*"| autofocus', "", answer.text))
    assert len(answers) == 1
    for wanted in (
        "//elsewhere.example",
        "https://elsewhere.example",
        "/\\elsewhere.example",
        "/a?b",
    ):
        form = {"school": SCHOOL, "login": "gromova", "password": PASSWORD, "next": wanted}
        answer = create_app(local.service).test_client().post("/login", data=form, headers=HERE)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/office/")


PAGES = ("/login", "/password", "/office/", "/office/sessions/none", "/v1/docs", "/v1/verify/none")


def test_every_page_is_guarded(local: Town) -> None:
    enrol(local, login="gromova", password=PASSWORD)
    browser = create_app(local.service).test_client()
    form = {"school": SCHOOL, "login": "gromova", "password": PASSWORD}
    strange = browser.get("/login")
    assert browser.post("/login", data=form, headers=HERE).status_code == 303
    answers = {path: browser.get(path, headers={"Accept": "text/html"}) for path in PAGES[1:]}
    for path, answer in ({"/login": strange} | answers).items():
        assert answer.content_type == "text/html; charset=utf-8", path
        told = answer.headers
        policy = dict(one.split(" ", 1) for one in told["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in told["Content-Security-Policy"], path
        assert re.fullmatch(r"'sha256-[^']+'", policy["style-src"]), path
        assert told["X-Content-Type-Options"] == "nosniff", path
        assert told["Referrer-Policy"] in {"no-referrer", "same-origin"}, path
        assert told["Cache-Control"] == ("no-cache" if path == "/v1/docs" else "no-store"), path
        assert not re.search(r"<script>| style=| on\w+=", answer.text), path


def test_a_certificate_shows_itself_at_the_login_page(tmp_path: Path) -> None:
    for town in settings_town(tmp_path, '[access.proxy]\naddresses = ["10.0.0.9"]\n'):
        strange = f":{base64.b64encode(b'no certificate').decode()}:"
        answer = town.http.get(
            "/login",
            headers={"Client-Cert": strange},
            environ_overrides={"REMOTE_ADDR": "10.0.0.9"},
        )
        assert "сертификат здесь не закреплён" in answer.text
