"""Every signature that must not be made is refused in words, and the file stays as it was."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from town import Clock, Town, settings_file

from service.settings import load
from signing.authority import Authority
from signing.authority.ports import kept_port


@pytest.mark.parametrize(
    ("role", "who", "token", "status", "code"),
    [
        ("director", "director", "director", 409, "signature-out-of-turn"),
        ("deputy", "deputy", "director", 403, "forbidden"),
        ("deputy", "deputy", "journal", 403, "forbidden"),
        ("deputy", "director", "deputy", 409, "not-a-signatory"),
        ("deputy", "stranger", "deputy", 409, "not-a-signatory"),
        ("deputy", "deputy", "elsewhere", 404, "document-missing"),
    ],
)
def test_before_the_first_signature(
    town: Town, role: str, who: str, token: str, status: int, code: str
) -> None:
    document = town.printed()
    before = town.document(document)
    refused = town.open_signature(document, role, who, token)
    assert (refused.status_code, refused.json["code"]) == (status, code)
    assert refused.json["detail"]
    assert town.document(document) == before


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("expired", "certificate-expired"),
        ("early", "certificate-not-yet-valid"),
        ("revoked", "certificate-revoked"),
    ],
)
def test_bad_certificate(town: Town, who: str, code: str) -> None:
    document = town.printed()
    before = town.sign(document, "deputy")
    refused = town.open_signature(document, "director", who)
    assert (refused.status_code, refused.json["code"]) == (409, code)
    assert town.document(document) == before


def test_signing_twice(town: Town) -> None:
    document = town.printed()
    town.sign(document, "deputy")
    refused = town.open_signature(document, "deputy")
    assert (refused.status_code, refused.json["code"]) == (409, "already-signed")


def test_foreign_value(town: Town) -> None:
    document = town.printed()
    before = town.document(document)
    session = town.open_signature(document, "deputy").json
    refused = town.close_signature(session, "deputy", "stranger")
    assert (refused.status_code, refused.json["code"]) == (409, "value-mismatch")
    assert town.document(document) == before
    assert town.close_signature(session, "deputy").status_code == 200


def test_value_again_is_fine_another_is_not(town: Town) -> None:
    session = town.open_signature(town.printed(), "deputy").json
    value = base64.b64encode(town.key("deputy").sign(base64.b64decode(session["to_sign"]))).decode()
    path = f"/v1/signatures/{session['id']}"
    first = town.ask("deputy", "PUT", path, json={"value": value})
    again = town.ask("deputy", "PUT", path, json={"value": value})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == again.json
    other = town.ask("deputy", "PUT", path, json={"value": "AAAA"})
    assert (other.status_code, other.json["code"]) == (409, "signing-closed")


def test_session_ends(town: Town) -> None:
    session = town.open_signature(town.printed(), "deputy").json
    town.clock.pass_by(minutes=31)
    refused = town.close_signature(session, "deputy")
    assert (refused.status_code, refused.json["code"]) == (409, "signing-closed")


def test_of_two_sessions_one_wins(town: Town) -> None:
    document = town.printed()
    one, two = (town.open_signature(document, "deputy").json for _ in range(2))
    assert town.close_signature(two, "deputy").status_code == 200
    late = town.close_signature(one, "deputy")
    assert (late.status_code, late.json["code"]) == (409, "document-moved-on")
    assert len(town.document(document)["signatures"]) == 1


def test_silent_timestamp_authority_leaves_everything_for_later(
    tmp_path: Path, authority: Authority
) -> None:
    port = kept_port()
    file = settings_file(tmp_path, authority)
    live = authority.timestamp_url
    file.write_text(file.read_text().replace(live, f"http://127.0.0.1:{port}/tsa"))
    town = Town(tmp_path, load(file, {}), authority, Clock(datetime.now(UTC)))
    document = town.printed()
    before = town.document(document)
    session = town.open_signature(document, "deputy").json
    refused = town.close_signature(session, "deputy")
    assert (refused.status_code, refused.json["code"]) == (503, "timestamp-unavailable")
    assert refused.headers["Retry-After"]
    assert town.document(document) == before
    town.close()
