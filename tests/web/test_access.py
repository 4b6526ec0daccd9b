"""Who may do what where: another school's things do not exist, a wrong role is told."""

from __future__ import annotations

import pytest
from town import OTHER, SCHOOL, SNAPSHOT, TOKENS, Town


@pytest.mark.parametrize(
    "header",
    [
        None,
        "Bearer",
        "Basic dmQ6eA==",
        TOKENS["journal"],
        f"Bearer {TOKENS['journal']}x",
        f"Bearer {TOKENS['journal'].replace('journal', 'nobody')}",
    ],
)
def test_no_good_token(quiet_town: Town, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    refused = quiet_town.ask(None, "GET", "/v1/documents", headers=headers)
    assert (refused.status_code, refused.json["code"]) == (401, "unauthorized")
    said = 'Bearer realm="vedomost"'
    if header and header.startswith("Bearer "):
        said += ', error="invalid_token"'
    assert refused.headers["WWW-Authenticate"] == said  # RFC 6750, 3


def test_another_schools_things_do_not_exist(quiet_town: Town) -> None:
    snapshot = quiet_town.post_snapshot()
    job = quiet_town.order(snapshot)
    quiet_town.work()
    document = f"/v1/documents/{job['document']}"
    own = [
        f"/v1/schools/{SCHOOL}/snapshots/{snapshot}",
        f"/v1/jobs/{job['id']}",
        document,
        f"{document}/pdf",
        f"{document}/docx",
        f"{document}/verification",
        f"/v1/documents?school={SCHOOL}",
    ]
    for path in own:
        assert quiet_town.ask("journal", "GET", path).status_code == 200, path
        assert quiet_town.ask("elsewhere", "GET", path).status_code == 404, path
    rejected = quiet_town.ask(
        "elsewhere", "POST", f"{document}/rejection", json={"reason": "Чужое"}
    )
    assert rejected.status_code == 404
    posted = quiet_town.ask(
        "elsewhere",
        "POST",
        f"/v1/schools/{SCHOOL}/snapshots",
        data=SNAPSHOT,
        content_type="application/json",
    )
    assert posted.status_code == 404
    ordered = quiet_town.ask(
        "elsewhere",
        "POST",
        f"/v1/schools/{OTHER}/jobs",
        json={"snapshot": snapshot, "kind": "class-register", "class": "c8a"},
    )
    assert (ordered.status_code, ordered.json["code"]) == (404, "snapshot-missing")
    empty = quiet_town.ask("elsewhere", "GET", "/v1/documents").json
    assert empty == {"documents": [], "next": None}


@pytest.mark.parametrize(
    ("who", "path"), [("director", "snapshots"), ("secretary", "snapshots"), ("director", "jobs")]
)
def test_wrong_role(quiet_town: Town, who: str, path: str) -> None:
    sent = {"snapshot": "x", "kind": "class-register", "class": "c8a"}
    refused = quiet_town.ask(who, "POST", f"/v1/schools/{SCHOOL}/{path}", json=sent)
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert refused.headers["WWW-Authenticate"].endswith('error="insufficient_scope"')


def test_secrets_are_not_told(quiet_town: Town, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        quiet_town.order(quiet_town.post_snapshot())
        quiet_town.work()
    said = caplog.text
    assert TOKENS["journal"] not in said
    assert not any(name in said for name in ("Ёлкин", "Светлова", "8А"))
