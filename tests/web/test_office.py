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
from sittings import DEPUTY, opened, printed
from town import TOKENS, Town
from werkzeug.serving import make_server

from service.web.app import create_app
from signing import certificates
from signing.gost.key import OpensslKey
from signing.verify import verify

STAND_IN = (Path(__file__).parent / "plugin_stand_in.js").read_text(encoding="utf-8")
DIGESTS = {101: "streebog256", 102: "streebog512"}  # CADESCOM_HASH_ALGORITHM_CP_GOST_3411_2012_*
CADES_BES = 1


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
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


def _distinguished(key: OpensslKey) -> str:
    held = key.certificate.subject.native
    return f'CN="{held["common_name"]}", SN={held["surname"]}, G={held["given_name"]}'


def _lines(der: bytes) -> str:
    return base64.encodebytes(der).decode().replace("\n", "\r\n")


@contextmanager
def _page(town: Town, browser: Browser, plug_in: PlugIn | None) -> Iterator[tuple[Page, str]]:
    """Open a page of the service as a browser does; whatever the page complains of fails."""
    server = make_server("127.0.0.1", 0, create_app(town.service), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    context = browser.new_context(locale="ru-RU", viewport={"width": 1100, "height": 900})
    complaints: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    if plug_in is not None:
        page.expose_function("standIn", plug_in)
        page.add_init_script(STAND_IN)
    try:
        yield page, f"http://127.0.0.1:{server.server_port}/office/"
    finally:
        context.close()
        server.shutdown()
        thread.join()
        server.server_close()
    assert complaints == []


@pytest.mark.parametrize("way", ["cms", "raw"])
def test_deputy_signs_in_the_browser(
    national: Town, gost: GostAuthority, browser: Browser, way: str
) -> None:
    documents = printed(national, 2)
    session = opened(national, DEPUTY, documents).json
    key = gost.key(DEPUTY)
    plug_in = PlugIn(key)
    with _page(national, browser, plug_in) as (page, address):
        page.goto(f"{address}#session={session['id']}&token={TOKENS[DEPUTY]}&way={way}")
        expect(page.locator("#items tr")).to_have_count(2)
        expect(page.locator("#items")).to_contain_text("ждёт сертификата")
        assert TOKENS[DEPUTY] not in page.url
        with page.expect_popup() as shown:
            page.locator("#items button").first.click()
        assert shown.value.url.startswith("blob:")
        page.get_by_label("Сертификат").select_option("0")
        page.get_by_role("button", name="Подписать", exact=True).click()
        expect(page.locator("#outcome")).to_have_text("Подписано: 2.", timeout=60_000)
        expect(page.locator("#items .signed")).to_have_count(2)
    signed = [name for name, *_ in plug_in.asked if name != "certificates"]
    assert signed == [way] * 4, "PDF and DOCX of each"
    for document in documents:
        pdf = national.ask(DEPUTY, "GET", f"/v1/documents/{document}/pdf").data
        with ThreadPoolExecutor(1) as aside:  # this thread's event loop is the browser's
            trust = national.service.verify.trust
            (report,) = aside.submit(verify, pdf, trust, national.clock()).result()
        assert (report.field, report.valid) == (DEPUTY, True)
        assert report.signer is not None
        assert report.signer.serial == certificates.serial(key.certificate)


def test_one_refusal_does_not_stop_the_others(
    national: Town, gost: GostAuthority, browser: Browser
) -> None:
    session = opened(national, DEPUTY, printed(national, 2)).json
    with _page(national, browser, Reluctant(gost.key(DEPUTY))) as (page, address):
        page.goto(address)
        page.get_by_label("Сеанс подписания").fill(session["id"])
        page.get_by_label("Токен").fill(TOKENS[DEPUTY])
        page.get_by_role("button", name="Открыть").click()
        page.get_by_role("button", name="Подписать", exact=True).click()
        expect(page.locator("#outcome")).to_have_text(
            "Подписано: 1. Не подписано: 1.", timeout=60_000
        )
        expect(page.locator("#items .failed")).to_contain_text("Действие отменено пользователем.")
        page.get_by_role("button", name="Подписать", exact=True).click()
        expect(page.locator("#outcome")).to_have_text("Подписано: 2.", timeout=60_000)


def test_foreign_certificate_is_refused_in_words(
    national: Town, gost: GostAuthority, browser: Browser
) -> None:
    session = opened(national, DEPUTY, printed(national, 1)).json
    with _page(national, browser, PlugIn(gost.key("director"))) as (page, address):
        page.goto(f"{address}#session={session['id']}&token={TOKENS[DEPUTY]}")
        page.get_by_role("button", name="Подписать", exact=True).click()
        expect(page.locator("#outcome")).to_contain_text("не записан в настройках школы")


def test_page_without_the_plug_in_says_what_to_do(national: Town, browser: Browser) -> None:
    session = opened(national, DEPUTY, printed(national, 1)).json
    with _page(national, browser, None) as (page, address):
        page.goto(f"{address}#session={session['id']}&token={TOKENS[DEPUTY]}")
        expect(page.locator("#outcome")).to_contain_text("Плагин КриптоПро ЭЦП не найден")
        expect(page.get_by_role("button", name="Подписать", exact=True)).to_be_disabled()
        page.goto(f"{address}#session=none&token={TOKENS[DEPUTY]}")
        page.reload()
        expect(page.locator("#about")).not_to_be_empty()
