"""The audit log of a school: searched, and checked by whoever reads it with nothing but SHA-256."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import delete, update
from town import OTHER, SCHOOL, Town

from service.ledger.tables import audit

AT = f"/v1/schools/{SCHOOL}/audit"


def hash_of(*said: Any) -> str:
    text = json.dumps(list(said), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def lines_of(town: Town, path: str = AT, **query: Any) -> list[dict[str, Any]]:
    answer = town.ask("region-auditor", "GET", path, query_string=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json["lines"])


@pytest.fixture
def busy(quiet_town: Town) -> Town:
    """A town whose two schools have turns in the log, times with and without fractions."""
    quiet_town.order(quiet_town.post_snapshot())
    for title in ("СОШ № 19", "Школа"):
        path = f"/v1/schools/{OTHER}/settings"
        tag = {"If-Match": quiet_town.ask("region", "GET", path).headers["ETag"]}
        quiet_town.ask("region", "PUT", path, json={"title": title}, headers=tag)
        quiet_town.clock.pass_by(seconds=1)
        quiet_town.clock.at = quiet_town.clock().replace(microsecond=0)
        quiet_town.work()
    return quiet_town


def test_a_client_checks_the_lines_of_its_school_by_itself(busy: Town) -> None:
    told = lines_of(busy)
    assert len(told) >= 3
    previous = "0" * 64
    for place, line in enumerate(told, 1):
        said = ("number", "previous", "at", "school", "subject", "actor", "action", "details")
        assert line["hash"] == hash_of(*(line[key] for key in said))
        assert (line["school"], line["school_number"]) == (SCHOOL, place)
        assert line["school_previous"] == previous
        previous = hash_of(place, previous, line["hash"])
        assert line["school_hash"] == previous
    checked = busy.ask("director", "GET", f"{AT}/verification").json
    assert checked == {"whole": True, "lines": len(told), "last": previous, "broken": None}
    assert busy.log_is_whole()


def test_lines_are_searched_and_paged(busy: Town) -> None:
    told = lines_of(busy)
    first = busy.ask("auditor", "GET", AT, query_string={"limit": 1}).json
    assert first["lines"] == told[:1]
    assert lines_of(busy, cursor=first["next"]) == told[1:]
    assert lines_of(busy, after=told[0]["number"]) == told[1:]
    document = told[-1]["subject"]
    assert lines_of(busy, subject=document) == [one for one in told if one["subject"] == document]
    assert lines_of(busy, action="order") == [one for one in told if one["action"] == "order"]
    moment = told[-1]["at"]
    late = [one for one in told if one["at"] >= moment]
    assert lines_of(busy, since=moment) == late
    assert lines_of(busy, until=moment) == told[: -len(late)]
    assert [one["details"]["changed"] for one in lines_of(busy, f"/v1/schools/{OTHER}/audit")] == [
        ["/title"],
        ["/title"],
    ]
    assert busy.ask("secretary", "GET", AT).status_code == 403
    assert busy.ask("auditor", "GET", f"/v1/schools/{OTHER}/audit").status_code == 404


@pytest.mark.parametrize("change", [delete(audit), update(audit).values(actor="somebody")])
def test_what_was_changed_is_found(busy: Town, change: Any) -> None:
    second = lines_of(busy)[1]["number"]
    with busy.service.database.writing() as connection:
        connection.execute(change.where(audit.c.number == second))
    found = busy.ask("auditor", "GET", f"{AT}/verification").json
    assert (found["whole"], found["lines"]) == (False, 1)
    assert found["broken"] >= second
    assert not busy.log_is_whole()
