"""Where copies lie, and what is found when they are read back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from town import Town

from service.ledger.tables import audit


@pytest.fixture
def archived(town: Town) -> str:
    """The path of the copies of a document that both stores hold."""
    document = town.signed()
    town.work()
    return f"/v1/documents/{document}/copies"


def checked(town: Town, path: str) -> dict[str, Any]:
    answer = town.ask("secretary", "POST", f"{path}/check")
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def found(told: dict[str, Any], **about: Any) -> list[dict[str, Any]]:
    return [one for one in told["copies"] if about.items() <= one.items()]


def logged(town: Town) -> dict[str, Any]:
    newest = audit.c.number.desc()
    chosen = select(audit.c.details).where(audit.c.action == "check-copies").order_by(newest)
    with town.service.database.reading() as connection:
        return dict(connection.execute(chosen.limit(1)).scalar_one())


def test_what_lies_where_and_when_it_was_read_last(town: Town, archived: str) -> None:
    before = town.ask("auditor", "GET", archived).json
    assert before["archived"] is True
    assert {"document.pdf", "document.docx"} <= {one["name"] for one in before["files"]}
    for file in before["files"]:
        assert [one["store"] for one in file["copies"]] == ["A", "B"]
        assert {one["sha256"] for one in file["copies"]} == {file["sha256"]}
    town.clock.pass_by(days=30)
    told = checked(town, archived)
    assert (told["valid"], len(told["copies"])) == (True, 2 * len(before["files"]))
    after = town.ask("auditor", "GET", archived).json
    now = town.clock().isoformat().replace("+00:00", "Z")
    assert {one["checked"] for file in after["files"] for one in file["copies"]} == {now}
    assert logged(town) == {"good": len(told["copies"]), "silent": 0, "wrong": []}
    assert town.ask("elsewhere", "GET", archived).status_code == 404
    assert town.ask("elsewhere", "POST", f"{archived}/check").status_code == 404


def test_a_changed_copy_and_a_silent_store_are_told_apart(town: Town, archived: str) -> None:
    first = town.clock().isoformat().replace("+00:00", "Z")
    lost = next(one for one in town.archived_files("B") if "document.pdf" in str(one))
    lost.chmod(0o644)
    lost.write_bytes(b"other")
    town.clock.pass_by(days=1)
    told = checked(town, archived)
    (wrong,) = found(told, good=False)
    assert (told["valid"], wrong["store"], wrong["name"]) == (False, "B", "document.pdf")
    assert (wrong["answered"], wrong["checked"]) == (True, first)
    assert logged(town)["wrong"] == [{"name": "document.pdf", "store": "B"}]
    (town.folder / "B").rename(town.folder / "B.away")
    told = checked(town, archived)
    assert told["valid"] is None
    assert {one["store"] for one in found(told, answered=False)} == {"B"}
    assert all(one["good"] for one in found(told, store="A"))


def test_nothing_lies_anywhere_before_it_is_signed(quiet_town: Town) -> None:
    path = f"/v1/documents/{quiet_town.printed()}/copies"
    told = quiet_town.ask("journal", "GET", path).json
    assert (told["archived"], told["files"]) == (False, [])
    refused = quiet_town.ask("journal", "POST", f"{path}/check")
    assert (refused.status_code, refused.json["code"]) == (409, "not-deposited")
