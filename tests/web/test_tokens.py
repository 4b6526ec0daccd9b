"""Tokens made over the API: shown once, rotated, revoked, narrowed, and never beyond the giver."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from town import CLASS, OTHER, SCHOOL, TOKENS, Town
from werkzeug.test import TestResponse

from service.ledger import audit
from service.ledger.tables import audit as lines


def asked(duties: list[str], **more: Any) -> dict[str, Any]:
    return {"duties": duties, "description": "Журнал"} | more


def by(town: Town, token: str, method: str, path: str, **request: Any) -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"}
    return town.http.open(path, method=method, headers=headers, buffered=True, **request)


def made(town: Town, duties: list[str], who: str = "administrator", **more: Any) -> dict[str, Any]:
    answer = town.ask(who, "POST", "/v1/tokens", json=asked(duties, **more))
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def test_a_token_lives_and_dies(quiet_town: Town) -> None:
    town = quiet_town
    granted = made(town, ["system"])
    assert granted["token"].startswith(f"vd_{granted['id']}_")
    jobs = f"/v1/schools/{SCHOOL}/jobs"
    assert by(town, granted["token"], "GET", jobs).status_code == 200
    first = town.clock()
    town.clock.pass_by(seconds=59)
    by(town, granted["token"], "GET", jobs)
    one = f"/v1/tokens/{granted['id']}"
    told = town.ask("administrator", "GET", one)
    assert granted["token"] not in told.text
    assert told.json["used_at"] == first.isoformat().replace("+00:00", "Z")

    rotated = town.ask("administrator", "POST", f"{one}/rotation", json={"overlap_minutes": 5})
    assert rotated.status_code == 200
    both = granted["token"], rotated.json["token"]
    assert [by(town, token, "GET", jobs).status_code for token in both] == [200, 200]
    town.clock.pass_by(minutes=5)
    assert [by(town, token, "GET", jobs).status_code for token in both] == [401, 200]

    revoked = [town.ask("administrator", "DELETE", one) for _ in range(2)]
    assert [each.status_code for each in revoked] == [200, 200]
    assert revoked[0].json["revoked_at"] == revoked[1].json["revoked_at"]
    assert by(town, both[1], "GET", jobs).status_code == 401
    again = town.ask("administrator", "POST", f"{one}/rotation", json={})
    assert (again.status_code, again.json["code"]) == (409, "token-not-current")

    with town.service.database.reading() as connection:
        actions = connection.execute(
            select(lines.c.action).where(lines.c.subject == granted["id"]).order_by(lines.c.number)
        ).scalars()
        assert list(actions) == ["grant-token", "rotate-token", "revoke-token"]
        assert audit.first_broken(connection) is None


def test_an_end_and_scopes_narrow_it(quiet_town: Town) -> None:
    town = quiet_town
    ends = town.clock() + timedelta(hours=1)
    scoped = made(town, ["system"], scopes=["read"], expires_at=ends.isoformat())["token"]
    jobs = f"/v1/schools/{SCHOOL}/jobs"
    assert by(town, scoped, "GET", jobs).status_code == 200
    refused = by(town, scoped, "POST", jobs, json={"snapshot": "x", "kind": "x", "class": "x"})
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    town.clock.pass_by(hours=1)
    assert by(town, scoped, "GET", jobs).status_code == 401


def test_a_class_teacher_sees_his_classes(quiet_town: Town) -> None:
    town = quiet_town
    town.clock.at = datetime(2026, 11, 22, 12, tzinfo=UTC)  # its runs are of the snapshot's year
    snapshot = town.post_snapshot()
    job = town.order(snapshot)
    town.work()
    seen = [
        f"/v1/jobs/{job['id']}",
        f"/v1/documents/{job['document']}",
        f"/v1/documents/{job['document']}/pdf",
        f"/v1/documents/{job['document']}/verification",
    ]
    listed = {"documents": "/v1/documents", "jobs": f"/v1/schools/{SCHOOL}/jobs"}
    summary = f"/v1/schools/{SCHOOL}/snapshots/{snapshot}"
    begun = town.ask("secretary", "POST", f"/v1/schools/{SCHOOL}/runs", json={"entry": "year-end"})
    sheet = f"/v1/runs/{begun.json['id']}"
    for class_id, status, many in (CLASS, 200, 1), ("c8b", 404, 0):
        token = made(town, ["class-teacher"], classes=[class_id])["token"]
        assert {by(town, token, "GET", path).status_code for path in seen} == {status}
        for key, path in listed.items():
            assert len(by(town, token, "GET", path).json[key]) == many
        assert len(by(town, token, "GET", summary).json["classes"]) == many
        lines = by(town, token, "GET", sheet).json["lines"]
        assert {line["class"] for line in lines} == ({CLASS} if many else set())


@pytest.mark.parametrize(
    ("wanted", "pointer", "code"),
    [
        ({"duties": ["system"], "scopes": ["admit"]}, "/scopes", "beyond-duties"),
        ({"duties": ["class-teacher"]}, "/classes", "classes-of-a-teacher"),
        ({"duties": ["system"], "classes": ["c8a"]}, "/classes", "classes-of-a-teacher"),
    ],
)
def test_contradictions_are_told(
    quiet_town: Town, wanted: dict[str, Any], pointer: str, code: str
) -> None:
    refused = quiet_town.ask("administrator", "POST", "/v1/tokens", json=asked(**wanted))
    assert (refused.status_code, refused.json["code"]) == (422, "grant-refused")
    assert [(one["pointer"], one["code"]) for one in refused.json["errors"]] == [(pointer, code)]


def test_nobody_gives_more_than_he_may(quiet_town: Town) -> None:
    town = quiet_town
    foreign = town.ask("administrator", "POST", "/v1/tokens", json=asked(["system"], school=OTHER))
    region = town.ask("administrator", "POST", "/v1/tokens", json=asked(["auditor"], school="*"))
    assert (foreign.status_code, region.status_code) == (404, 404)

    ends = (town.clock() + timedelta(days=1)).isoformat()
    broad = made(town, ["director"])
    narrow = made(town, ["administrator"], scopes=["admit", "read"], expires_at=ends)["token"]
    for wanted in asked(["director"]), asked(["system"], scopes=["read"]):
        assert by(town, narrow, "POST", "/v1/tokens", json=wanted).status_code == 422
    path = f"/v1/tokens/{broad['id']}/rotation"
    assert by(town, narrow, "POST", path, json={}).status_code == 422
    short = asked(["system"], scopes=["read"], expires_at=ends)
    assert by(town, narrow, "POST", "/v1/tokens", json=short).status_code == 201


def test_a_region_administers_every_school_and_orders_at_none(quiet_town: Town) -> None:
    town = quiet_town
    for school in SCHOOL, OTHER:
        granted = made(town, ["secretary"], "region", school=school)
        assert by(town, granted["token"], "GET", f"/v1/schools/{school}/jobs").status_code == 200
        told = town.ask("region", "GET", f"/v1/tokens?school={school}")
        assert granted["id"] in {one["id"] for one in told.json["tokens"]}
    auditor = made(town, ["auditor"], "region", school="*")["token"]
    assert by(town, auditor, "GET", f"/v1/documents?school={OTHER}").status_code == 200
    assert by(town, auditor, "GET", "/v1/documents").status_code == 422
    nowhere = town.ask("region", "POST", "/v1/tokens", json=asked(["system"], school="nowhere"))
    assert (nowhere.status_code, nowhere.json["code"]) == (404, "school-missing")
    signing = town.ask("region", "POST", "/v1/tokens", json=asked(["director"], school="*"))
    assert (signing.status_code, signing.json["errors"][0]["code"]) == (422, "not-regional")


def test_tokens_of_the_settings_are_listed(quiet_town: Town) -> None:
    told = quiet_town.ask("administrator", "GET", "/v1/tokens").json["tokens"]
    given = {one["id"] for one in told if one["from_settings"]}
    assert given == set(TOKENS) - {"elsewhere", "region", "region-auditor"}
    one = "/v1/tokens/journal"
    assert quiet_town.ask("administrator", "GET", one).json["from_settings"] is True
    for method, path, sent in (("DELETE", one, None), ("POST", f"{one}/rotation", {})):
        refused = quiet_town.ask("administrator", method, path, json=sent)
        assert (refused.status_code, refused.json["code"]) == (409, "token-in-file")
    assert quiet_town.ask("administrator", "DELETE", "/v1/tokens/elsewhere").status_code == 404
