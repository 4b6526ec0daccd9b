"""Codes of problems: each is declared once, told with what to do, and found where `type` leads."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text
from town import Town

from service.web.openapi.problems import known, remedies

ROOT = Path(__file__).parents[2]


def test_every_code_is_declared_once() -> None:
    declared = Counter(
        statement.value.value
        for package in ("service", "signing")
        for file in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and node.bases
        for statement in node.body
        if isinstance(statement, ast.Assign)
        and [getattr(target, "id", "") for target in statement.targets] == ["code"]
        and isinstance(statement.value, ast.Constant)
    )
    assert len(declared) > 150
    assert [code for code, times in declared.items() if times > 1] == []


def test_remedies_are_of_codes_there_are(quiet_town: Town) -> None:
    told = quiet_town.ask(None, "GET", "/v1/openapi.json").get_json(force=True)
    codes = told["components"]["x-problems"]
    assert remedies()["code"].keys() <= codes.keys()
    assert [code for code, one in codes.items() if not one["remedy"].endswith(".")] == []
    assert {str(status.value) for status, _ in known().values()} == remedies()["status"].keys()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/jobs/none", 404),
        ("PATCH", "/v1/kinds", 405),
        ("GET", "/v1/nowhere", 404),
        ("GET", "/v1/documents?limit=x", 422),
    ],
)
def test_type_leads_to_what_is_told_of_it(
    quiet_town: Town, method: str, path: str, status: int
) -> None:
    answer = quiet_town.ask("journal", method, path)
    page, _, anchor = answer.json["type"].partition("#")
    assert (answer.status_code, anchor) == (status, f"problem-{answer.json['code']}")
    assert f'id="{anchor}"' in quiet_town.ask(None, "GET", page).text


def test_what_ails_the_database_is_for_the_operator(
    quiet_town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    with quiet_town.service.database.writing() as connection:
        connection.execute(text("ALTER TABLE jobs RENAME TO hidden"))
    answer = quiet_town.ask("journal", "GET", "/v1/jobs/none")
    assert (answer.status_code, answer.json["code"]) == (503, "database-unavailable")
    assert "vedomost doctor" in answer.json["detail"]
    assert "jobs" not in answer.json["detail"]
    assert "jobs" in caplog.text


def test_a_word_in_an_address_is_no_id(quiet_town: Town) -> None:
    answer = quiet_town.ask(None, "GET", "/v1/verify/detached")
    assert (answer.status_code, answer.json["code"]) == (405, "method-not-allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


@pytest.mark.parametrize(("path", "status"), [("/v1/nowhere", 404), ("/v1/verify/detached", 405)])
def test_a_browser_reads_a_page_where_nothing_is(quiet_town: Town, path: str, status: int) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = quiet_town.ask(None, "GET", path, headers=browser)
    assert (page.status_code, page.content_type) == (status, "text/html; charset=utf-8")
    assert "/v1/docs" in page.text or "Allow" in page.text
    assert "sha256-" in page.headers["Content-Security-Policy"]
    program = quiet_town.ask(None, "GET", path, headers={"Accept": "*/*"})
    assert (program.status_code, program.content_type) == (status, "application/problem+json")
    for answer in (page, program):
        assert answer.vary.find("accept") >= 0
    assert page.headers.get("Allow") == program.headers.get("Allow")


def test_a_wrong_key_is_pointed_at_where_it_stands(quiet_town: Town) -> None:
    sent = {"signature": "AAAA", "digests": {"md5": "0" * 32}}
    answer = quiet_town.ask(None, "POST", "/v1/verify/detached", json=sent)
    assert {one["pointer"] for one in answer.json["errors"]} == {"/digests/md5"}
