"""`vedomost audit`: a whole ledger agrees; what does not is told, first of all the line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, delete, update
from town import SCHOOL, Town

from service.cli import main
from service.ledger.tables import audit, copies, documents


def asked(town: Town, *words: str) -> tuple[int, dict[str, Any]]:
    settings = ("--settings", str(town.folder / "vedomost.toml"))
    told = CliRunner().invoke(main, ["audit", *settings, "--json", *words], catch_exceptions=False)
    return told.exit_code, json.loads(told.stdout)


def test_what_holds_and_what_does_not(town: Town) -> None:
    document = town.signed()
    town.work()
    assert town.document(document)["state"] == "archived"
    code, found = asked(town, "--copies")
    assert (code, found["broken"], found["documents"]) == (0, None, [])
    assert found["copies"] == {"wrong": [], "silent": 0}
    (lost,) = (town.folder / "A").rglob("*.docx")
    lost.chmod(0o600)
    lost.write_bytes(b"something else")
    assert asked(town)[0] == 0
    code, found = asked(town, "--copies")
    assert (code, len(found["copies"]["wrong"])) == (5, 1)
    assert found["copies"]["wrong"][0]["document"] == document
    page = CliRunner().invoke(
        main, ["audit", "--copies", "--settings", str(town.folder / "vedomost.toml")]
    )
    assert page.exit_code == 5
    assert f"документа {document}" in page.stdout
    assert "в обход службы" in page.stderr


@pytest.mark.parametrize(
    ("change", "breach"),
    [
        (
            lambda c: c.execute(update(audit).where(audit.c.number == 2).values(actor="me")),
            "line-changed",
        ),
        (lambda c: c.execute(delete(audit).where(audit.c.number == 2)), "line-missing"),
        (
            lambda c: c.execute(update(audit).where(audit.c.number == 2).values(school_number=9)),
            "school-link-broken",
        ),
    ],
)
def test_a_line_touched_is_told(
    quiet_town: Town, change: Callable[[Connection], object], breach: str
) -> None:
    quiet_town.printed()
    with quiet_town.service.database.writing() as connection:
        change(connection)
    code, found = asked(quiet_town)
    school = None if breach == "line-missing" else SCHOOL
    assert (code, found["lines"]) == (5, 1)
    assert found["broken"] == {"number": 2, "breach": breach, "school": school}


def test_a_document_that_is_not_as_logged_is_told(town: Town) -> None:
    document = town.signed()
    town.work()
    with town.service.database.writing() as connection:
        connection.execute(delete(copies).where(copies.c.name == "document.docx"))
        connection.execute(
            delete(copies).where(copies.c.store == town.settings.stores.replica.name)
        )
    (one,) = asked(town)[1]["documents"]
    assert (one["document"], one["fault"]) == (document, "copies-missing")
    with town.service.database.writing() as connection:
        connection.execute(update(documents).values(state="cancelled"))
    code, found = asked(town)
    assert code == 5
    assert [one["fault"] for one in found["documents"]] == ["state-not-as-logged"]
