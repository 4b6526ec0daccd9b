"""The page of the description: in a real browser, without scripts, network or a wide screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Page, sync_playwright
from town import Town
from werkzeug.serving import make_server

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def address(quiet_town: Town) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, quiet_town.http.application, threaded=True)
    serving = Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}/v1/docs"
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()
        browser.close()


def test_page_needs_nothing_but_itself(address: str, page: Page) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    answer = page.goto(address)
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert re.match(r"default-src 'none'; style-src 'sha256-[^']+'; ", policy)
    assert (asked, said) == ([address], [])
    assert page.locator("main").bounding_box()["width"] <= PHONE["width"]
    assert page.locator("h1").evaluate("node => getComputedStyle(node).fontWeight") == "700"


def test_page_tells_of_every_operation_and_every_link_leads_somewhere(quiet_town: Town) -> None:
    text = quiet_town.ask(None, "GET", "/v1/docs").text
    document = quiet_town.ask(None, "GET", "/v1/openapi.json").get_json(force=True)
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    told = [one for item in document["paths"].values() for one in item.values()]
    assert {one["operationId"] for one in told} <= set(ids)
    assert {f"model-{name}" for name in document["components"]["schemas"]} <= set(ids)
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)
    assert text.count('class="curl"') == len(told)
    assert "<script" not in text


def test_page_and_description_are_made_when_asked_for(quiet_town: Town) -> None:
    answer = quiet_town.ask(None, "GET", "/v1/docs")
    assert answer.content_type == "text/html; charset=utf-8"
    again = quiet_town.ask(
        None, "GET", "/v1/docs", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
