"""A parent scans the code on a signed paper: what the telephone reads, opens and shows."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from judges import scanner
from thick import MOST, register
from town import SCHOOL, SNAPSHOT, Clock, Town, settings_file
from werkzeug.datastructures import Headers

from service.domain.intake.parsing import parse
from service.settings import load
from service.workflow.printing.reproduce import Outcome, Reproduce
from signing.authority import Authority

ADDRESS = "https://journal.school18.example"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
CHOSEN = f"""
[schools.{SCHOOL}.options]
qr = true
volume_sheets = {MOST}
"""


@pytest.fixture
def scanned(tmp_path: Path, authority: Authority) -> Iterator[Town]:
    """A town whose school has chosen the code."""
    file = settings_file(tmp_path, authority, "127.0.0.1:8000", CHOSEN)
    settings = load(file, {"VEDOMOST_WEB__PUBLIC_URL": ADDRESS})
    made = Town(tmp_path, settings, authority, Clock(datetime.now(UTC)))
    yield made
    made.close()


def opened(town: Town, pdf: bytes) -> tuple[int, str, Headers]:
    """Read the code on the first page and open its address as a browser does."""
    (seen,) = scanner.codes(pdf)
    assert seen.text.startswith(f"{ADDRESS}/v1/verify/")
    answer = town.ask(None, "GET", urlsplit(seen.text).path, headers=BROWSER)
    return answer.status_code, answer.text, answer.headers


def test_what_the_code_promises(scanned: Town) -> None:
    document = scanned.printed()
    pdf = scanned.ask("director", "GET", f"/v1/documents/{document}/pdf").data
    status, page, _ = opened(scanned, pdf)
    assert status == 404
    assert "Документ не найден" in page
    scanned.sign(document, "deputy")
    scanned.sign(document, "director")
    scanned.work()

    pdf = scanned.ask("director", "GET", f"/v1/documents/{document}/pdf").data
    status, page, headers = opened(scanned, pdf)
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    style = page.partition("<style>")[2].partition("</style>")[0]
    known = base64.b64encode(sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{known}';" in headers["Content-Security-Policy"]
    assert headers["Vary"] == "Accept"
    assert '<h1 class="good">Подпись верна</h1>' in page
    for told in (document, "Громова Ольга Ивановна", "Светлова Анна Юрьевна", "Хранить до"):
        assert told in page
    assert "script" not in page
    for pupil in parse(SNAPSHOT).classes[0].students:
        assert pupil.last not in page
    shop = scanned.shop
    told = Reproduce(shop.kinds, shop.printer, shop.forms)(pdf)
    assert told.outcome is Outcome.SAME


def test_every_volume_has_a_code_of_its_own(scanned: Town) -> None:
    body = register(4)
    (journal,) = parse(body).classes
    job = scanned.order(scanned.post_snapshot(body), "class-register", **{"class": journal.id})
    scanned.work()
    first = scanned.document(job["document"])
    volumes = [first["id"], *first["other_volumes"]]
    codes = [
        scanner.codes(scanned.ask("director", "GET", f"/v1/documents/{one}/pdf").data)
        for one in volumes
    ]
    assert [code.text for (code,) in codes] == [f"{ADDRESS}/v1/verify/{one}" for one in volumes]
