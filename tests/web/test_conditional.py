"""Conditional requests: nothing is sent twice, nothing is changed that is not what was seen."""

from __future__ import annotations

import pytest
from town import SCHOOL, Town

STALE = '"0123456789abcdef"'


def test_json_is_sent_once(quiet_town: Town) -> None:
    job = quiet_town.order(quiet_town.post_snapshot())
    for path in (f"/v1/jobs/{job['id']}", "/v1/documents", f"/v1/schools/{SCHOOL}/jobs"):
        whole = quiet_town.ask("journal", "GET", path)
        tag = whole.headers["ETag"]
        assert not tag.startswith("W/")
        assert whole.headers["Cache-Control"] == "private, no-cache"
        same = quiet_town.ask("journal", "GET", path, headers={"If-None-Match": tag})
        assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
        head = quiet_town.ask("journal", "HEAD", path)
        assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag)
        assert int(head.headers["Content-Length"]) == len(whole.data)
        quiet_town.clock.pass_by(seconds=1)
    path, tag = f"/v1/jobs/{job['id']}", quiet_town.ask("journal", "GET", path).headers["ETag"]
    quiet_town.work()
    anew = quiet_town.ask("journal", "GET", path, headers={"If-None-Match": tag})
    assert anew.headers["ETag"] != tag


@pytest.mark.parametrize("path", ["/v1/kinds", "/v1/openapi.json", "/v1/schemas/snapshot"])
def test_what_anybody_may_read(quiet_town: Town, path: str) -> None:
    whole = quiet_town.ask(None, "GET", path)
    assert whole.headers["Cache-Control"] == "no-cache"
    tag = {"If-None-Match": whole.headers["ETag"]}
    assert quiet_town.ask(None, "GET", path, headers=tag).status_code == 304


def test_change_only_what_was_seen(quiet_town: Town) -> None:
    job = quiet_town.order(quiet_town.post_snapshot())
    path = f"/v1/jobs/{job['id']}"
    seen = quiet_town.ask("journal", "GET", path).headers["ETag"]
    refused = quiet_town.ask("journal", "DELETE", path, headers={"If-Match": STALE})
    assert (refused.status_code, refused.json["code"]) == (412, "precondition-failed")
    assert refused.content_type == "application/problem+json"
    cancelled = quiet_town.ask("journal", "DELETE", path, headers={"If-Match": f"{STALE}, {seen}"})
    assert cancelled.json["state"] == "cancelled"
    late = quiet_town.ask("journal", "POST", f"{path}/retry", headers={"If-Match": seen})
    assert late.status_code == 412
    now = quiet_town.ask("journal", "GET", path).headers["ETag"]
    once = {"If-Match": now, "Idempotency-Key": "again"}
    again = quiet_town.ask("journal", "POST", f"{path}/retry", headers=once)
    assert again.json["state"] == "queued"
    replayed = quiet_town.ask("journal", "POST", f"{path}/retry", headers=once)
    assert (replayed.status_code, replayed.headers["Idempotency-Replayed"]) == (200, "true")
    assert quiet_town.ask("journal", "DELETE", path, headers={"If-Match": "*"}).status_code == 200


def test_document_is_sent_back_only_as_it_was_seen(quiet_town: Town) -> None:
    document = quiet_town.printed()
    path = f"/v1/documents/{document}"
    for unseen in ("   ", "\t\n \N{ZERO WIDTH SPACE}\N{NO-BREAK SPACE}a"):
        refused = quiet_town.ask("deputy", "POST", f"{path}/rejection", json={"reason": unseen})
        assert [(one["pointer"], one["code"]) for one in refused.json["errors"]] == [
            ("/reason", "too-short")
        ]
    sent = {"json": {"reason": "Не та дата"}}
    stale = quiet_town.ask(
        "deputy", "POST", f"{path}/rejection", headers={"If-Match": STALE}, **sent
    )
    assert stale.status_code == 412
    assert quiet_town.document(document)["state"] == "awaiting-deputy"
    seen = {"If-Match": quiet_town.ask("deputy", "GET", path).headers["ETag"]}
    assert (
        quiet_town.ask("deputy", "POST", f"{path}/rejection", headers=seen, **sent).json["state"]
        == "rejected"
    )
    foreign = quiet_town.ask("elsewhere", "POST", f"{path}/rejection", headers=seen, **sent)
    assert foreign.status_code == 404


def test_files_keep_their_conditions(quiet_town: Town) -> None:
    path = f"/v1/documents/{quiet_town.printed()}/pdf"
    whole = quiet_town.ask("journal", "GET", path)
    assert whole.headers["Cache-Control"] == "private, no-cache"
    for match, status in ((whole.headers["ETag"], 200), ("*", 200), (STALE, 412)):
        answer = quiet_town.ask("journal", "GET", path, headers={"If-Match": match})
        assert answer.status_code == status
    assert answer.json["code"] == "precondition-failed"
    part = {"Range": "bytes=0-3", "If-Range": whole.headers["ETag"]}
    assert quiet_town.ask("journal", "GET", path, headers=part).data == b"%PDF"
    assert (
        quiet_town.ask("journal", "GET", path, headers=part | {"If-Range": STALE}).data
        == whole.data
    )


def test_create_only_if_absent(quiet_town: Town) -> None:
    """`If-None-Match: *` on a thing that is there."""
    job = quiet_town.order(quiet_town.post_snapshot())
    path = f"/v1/jobs/{job['id']}"
    refused = quiet_town.ask("journal", "DELETE", path, headers={"If-None-Match": "*"})
    assert refused.status_code == 412
