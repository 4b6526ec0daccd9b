"""The signer's page in a real browser, with a stand-in that answers as CryptoPro's plug-in does."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from clients import Client
from gost_authority import GostAuthority
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sittings import DEPUTY, DIRECTOR, opened, printed
from town import Town
from werkzeug.serving import make_server

from service.ledger.people import logins
from service.web.app import create_app
from signing import certificates
from signing.gost.key import OpensslKey
from signing.verify import verify

STAND_IN = (Path(__file__).parent / "plugin_stand_in.js").read_text(encoding="utf-8")
DIGESTS = {101: "streebog256", 102: "streebog512"}  # CADESCOM_HASH_ALGORITHM_CP_GOST_3411_2012_*
CADES_BES = 1
PASSWORD = "верный конь батарея скрепка"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=60_000)  # a busy machine
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()


class PlugIn:
    """CryptoPro's plug-in as a page sees it; what it was asked stays in `asked`."""

    def __init__(self, *keys: OpensslKey) -> None:
        self.keys = keys
        self.asked: list[list[Any]] = []

    def __call__(self, sent: str) -> str:
        name, *arguments = json.loads(sent)
        self.asked.append([name, *arguments])
        try:
            return json.dumps({"value": getattr(self, name)(*arguments)})
        except PermissionError as refusal:
            return json.dumps({"error": str(refusal)})

    def certificates(self) -> list[dict[str, object]]:
        return [
            {
                "number": number,
                "subject": _distinguished(key),
                "until": certificates.valid_until(key.certificate).isoformat(),
                "key": True,
                "encoded": _lines(key.certificate.dump()),
            }
            for number, key in enumerate(self.keys)
        ]

    def cms(self, number: int, algorithm: int, digest: str, kind: int) -> str:
        key = self.keys[number]
        assert (DIGESTS[algorithm], kind) == (key.algorithm.digest, CADES_BES)
        return Client(key).cades_com(digest)

    def raw(self, number: int, algorithm: int, digest: str) -> str:
        key = self.keys[number]
        assert DIGESTS[algorithm] == key.algorithm.digest
        return key.sign_digest(bytes.fromhex(digest))[::-1].hex().upper()


class Reluctant(PlugIn):
    """One whose second signature is not given: the person closed the window."""

    def cms(self, *asked: Any) -> str:
        if sum(name == "cms" for name, *_ in self.asked) == 2:
            raise PermissionError("Действие отменено пользователем.")
        return super().cms(*asked)


class Interrupted(PlugIn):
    """One whose person is no longer logged in when the second signature is made."""

    def __init__(self, town: Town, account: str, *keys: OpensslKey) -> None:
        super().__init__(*keys)
        self.town = town
        self.account = account

    def cms(self, *asked: Any) -> str:
        if sum(name == "cms" for name, *_ in self.asked) == 3:  # PDF and DOCX of the first before
            with self.town.service.database.writing() as connection:
                logins.end_all(connection, self.account)
        return super().cms(*asked)


def _distinguished(key: OpensslKey) -> str:
    held = key.certificate.subject.native
    return f'CN="{held["common_name"]}", SN={held["surname"]}, G={held["given_name"]}'


def _lines(der: bytes) -> str:
    return base64.encodebytes(der).decode().replace("\n", "\r\n")


@contextmanager
def _page(town: Town, browser: Browser, plug_in: PlugIn | None) -> Iterator[tuple[Page, str]]:
    """Open a page of the service as a browser does; whatever the page complains of fails."""
    server = make_server("127.0.0.1", 0, create_app(town.service), threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    context = browser.new_context(locale="ru-RU", viewport={"width": 1100, "height": 900})
    complaints: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    if plug_in is not None:
        page.expose_function("standIn", plug_in)
        page.add_init_script(STAND_IN)
    try:
        yield page, f"http://127.0.0.1:{server.server_port}"
    finally:
        context.close()
        server.shutdown()
        thread.join()
        server.server_close()
    assert complaints == []


def _enrolled(town: Town, role: str) -> str:
    asked = {"name": f"{role} школы", "duties": [role], "login": role, "password": PASSWORD}
    answer = town.ask("administrator", "POST", "/v1/accounts", json=asked)
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def _enter(page: Page, role: str) -> None:
    page.get_by_label("Имя для входа").fill(role)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()


def _sign(page: Page, told: str) -> None:
    page.get_by_role("button", name="Подписать").click()
    expect(page.locator(".bar [role=status]")).to_have_text(told)


def test_a_document_goes_from_the_login_page_to_the_archive(
    national: Town, gost: GostAuthority, browser: Browser
) -> None:
    documents = printed(national, 2)
    keys = {role: gost.key(role) for role in (DEPUTY, DIRECTOR)}
    for role, key in keys.items():
        _enrolled(national, role)
        plug_in = PlugIn(key)
        with _page(national, browser, plug_in) as (page, address):
            page.goto(address)
            expect(page).to_have_url(f"{address}/login?next=%2Foffice%2F")
            _enter(page, role)
            expect(page).to_have_url(f"{address}/office/")
            expect(page.locator("tbody tr")).to_have_count(2)
            expect(page.locator(".who")).to_contain_text(f"{role} школы")
            expect(page.get_by_role("button", name="Подписать 2")).to_be_enabled()
            with page.context.expect_page() as shown:
                page.locator("tbody a").first.click()
            assert shown.value.url.startswith(f"{address}/")
            _sign(page, "Подписано: 2.")
            expect(page.locator("tbody .signed")).to_have_count(2)
            page.reload()
            expect(page.locator("main")).to_contain_text("Всё подписано")
            page.get_by_role("button", name="Выйти").click()
            expect(page.locator("main")).to_contain_text("Вы вышли.")
            page.goto(f"{address}/office/")
            expect(page.get_by_label("Пароль")).to_be_visible()
        signed = [name for name, *_ in plug_in.asked if name != "certificates"]
        assert signed == ["cms"] * 4, "PDF and DOCX of each"
    national.work()
    assert {national.document(one)["state"] for one in documents} == {"archived"}
    with ThreadPoolExecutor(1) as aside:  # this thread's event loop is the browser's
        trust = national.service.verify.trust
        pdf = national.ask(DEPUTY, "GET", f"/v1/documents/{documents[0]}/pdf").data
        reports = aside.submit(verify, pdf, trust, national.clock()).result()
    assert [(one.field, one.valid) for one in reports] == [(DEPUTY, True), (DIRECTOR, True)]
    assert [one.signer and one.signer.serial for one in reports] == [
        certificates.serial(key.certificate) for key in keys.values()
    ]


def test_a_session_by_raw_values_where_one_refusal_does_not_stop_the_others(
    national: Town, gost: GostAuthority, browser: Browser
) -> None:
    session = opened(national, DEPUTY, printed(national, 2), token="secretary").json
    _enrolled(national, DEPUTY)
    plug_in = Reluctant(gost.key(DEPUTY))
    with _page(national, browser, plug_in) as (page, address):
        page.goto(f"{address}/office/sessions/{session['id']}")
        _enter(page, DEPUTY)
        expect(page.locator("tbody tr")).to_have_count(2)
        _sign(page, "Подписано: 1. Не подписано: 1.")
        expect(page.locator("tbody .failed")).to_have_count(1)
        expect(page.locator("tbody")).to_contain_text("Действие отменено пользователем.")
        page.goto(f"{page.url}#way=raw")
        page.reload()
        expect(page.locator("tbody .signed")).to_have_count(1)
        _sign(page, "Подписано: 1.")
        expect(page.locator("tbody .signed")).to_have_count(2)
    signed = [name for name, *_ in plug_in.asked if name != "certificates"]
    assert signed == ["cms"] * 4 + ["raw"] * 2


def test_a_login_that_ends_while_signing_loses_nothing(
    national: Town, gost: GostAuthority, browser: Browser
) -> None:
    documents = printed(national, 3)
    account = _enrolled(national, DEPUTY)
    plug_in = Interrupted(national, account, gost.key(DEPUTY))
    with _page(national, browser, plug_in) as (page, address):
        page.goto(address)
        _enter(page, DEPUTY)
        page.locator("tbody input").last.uncheck()
        page.get_by_role("button", name="Подписать 2").click()
        expect(page.locator("main")).to_contain_text("Вход окончен")
        _enter(page, DEPUTY)
        expect(page.locator("#resumed")).to_contain_text("принята")
        expect(page.locator("tbody input").last).not_to_be_checked()
        page.reload()
        expect(page.locator("tbody tr")).to_have_count(1)
    states = sorted(national.document(one)["state"] for one in documents)
    assert states == ["awaiting-deputy", "awaiting-director", "awaiting-director"]
    signed = [name for name, *_ in plug_in.asked if name != "certificates"]
    assert signed == ["cms"] * 4, "no signature was made twice"


def test_foreign_certificate_is_refused_in_words(
    national: Town, gost: GostAuthority, browser: Browser
) -> None:
    printed(national, 1)
    _enrolled(national, DEPUTY)
    with _page(national, browser, PlugIn(gost.key(DIRECTOR))) as (page, address):
        page.goto(address)
        _enter(page, DEPUTY)
        page.get_by_role("button", name="Подписать").click()
        status = page.locator(".bar [role=status]")
        expect(status).to_contain_text("не записан в настройках школы")


def test_page_without_the_plug_in_says_what_to_do(national: Town, browser: Browser) -> None:
    printed(national, 1)
    _enrolled(national, DEPUTY)
    with _page(national, browser, None) as (page, address):
        page.goto(address)
        _enter(page, DEPUTY)
        status = page.locator(".bar [role=status]")
        expect(status).to_contain_text("Плагин КриптоПро ЭЦП не найден")
        expect(page.get_by_role("button", name="Подписать")).to_be_disabled()
