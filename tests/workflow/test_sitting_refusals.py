"""What may not be signed in a session is refused for its own reason and stops nothing else."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from clients import Client
from sittings import (
    DEPUTY,
    DIRECTOR,
    SESSIONS,
    announced,
    answered,
    classes,
    joined,
    opened,
    printed,
    seen,
    signed_by,
    text,
    values,
)
from town import OTHER, PEOPLE, Clock, Town, settings_file

from service.ledger.documents import State
from service.settings import load
from signing.authority import Authority, Condition


@pytest.fixture(scope="module")
def sat(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Town]:
    """A town for tests that leave its documents unsigned."""
    folder = tmp_path_factory.mktemp("sat")
    made = Town(folder, load(settings_file(folder, authority), {}), authority, _clock())
    yield made
    made.close()


def _clock() -> Clock:
    return Clock(datetime.now(UTC))


@pytest.fixture(scope="module")
def waiting(sat: Town) -> list[str]:
    return printed(sat, 2)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("a value by another key", "value-mismatch"),
        ("the value of another document", "value-mismatch"),
        ("the value of another session", "value-mismatch"),
        ("a container by another certificate", "answer-foreign-certificate"),
        ("the container of another document", "answer-other-document"),
        ("the container of another session", "answer-other-document"),
        ("a container cut short", "answer-unreadable"),
        ("a container that says too much", "answer-attached"),
        ("noise", "answer-unreadable"),
    ],
)
def test_a_wrong_answer(sat: Town, waiting: list[str], answer: str, code: str) -> None:
    one, two = waiting
    key, stranger = sat.key("deputy-rsa"), sat.key("stranger")
    before = opened(sat, DEPUTY, waiting, key).json
    sat.clock.pass_by(seconds=5)
    session = opened(sat, DEPUTY, waiting, key).json

    def part(told: dict[str, Any], document: str, name: str) -> bytes:
        (item,) = (item for item in told["items"] if item["document"] == document)
        return base64.b64decode(item["parts"][0][name])

    ours, foreign = Client(key), Client(stranger)
    digest = part(session, one, "document_digest")
    sent = {
        "a value by another key": lambda: {"value": stranger.sign(part(session, one, "to_sign"))},
        "the value of another document": lambda: {"value": key.sign(part(session, two, "to_sign"))},
        "the value of another session": lambda: {"value": key.sign(part(before, one, "to_sign"))},
        "a container by another certificate": lambda: {"cms": foreign.cms(digest)},
        "the container of another document": lambda: {
            "cms": ours.cms(part(session, two, "document_digest"))
        },
        "the container of another session": lambda: {
            "cms": ours.cms(part(before, one, "document_digest"))
        },
        "a container cut short": lambda: {"cms": ours.cms(digest)[:-20]},
        "a container that says too much": lambda: {
            "cms": replace(ours, content=b"words").cms(digest)
        },
        "noise": lambda: {"cms": b"\x30\x82noise"},
    }[answer]()
    asked = {"document.pdf": {name: text(value) for name, value in sent.items()}}
    prepared = sat.ask(DEPUTY, "GET", session["items"][0]["preview"]).data
    refused = answered(sat, session, one, asked)
    assert (refused.status_code, refused.json["code"]) == (409, code)
    assert refused.json["detail"]
    assert seen(sat, session) == session
    assert sat.ask(DEPUTY, "GET", session["items"][0]["preview"]).data == prepared
    assert sat.document(one)["signatures"] == []


def test_who_may_not(sat: Town, waiting: list[str]) -> None:
    key = sat.key(DEPUTY)
    for who in ("stranger", DIRECTOR):
        foreign = opened(sat, DEPUTY, waiting, sat.key(who))
        assert (foreign.status_code, foreign.json["code"]) == (409, "not-a-signatory")
    for role, token in ((DEPUTY, DIRECTOR), (DIRECTOR, DEPUTY), (DEPUTY, "journal")):
        another = opened(sat, role, waiting, key, token)
        assert (another.status_code, another.json["code"]) == (403, "forbidden")
    by_secretary = opened(sat, DEPUTY, waiting, key, "secretary")
    assert by_secretary.status_code == 403

    session = opened(sat, DEPUTY, waiting, key).json
    given = values(session["items"][0], key)
    for token in (DIRECTOR, "secretary", "journal"):
        other = answered(sat, session, waiting[0], given, token)
        assert (other.status_code, other.json["code"]) == (403, "forbidden")
    path = f"{SESSIONS}/{session['id']}"
    preview = session["items"][0]["preview"]
    for method, where, sent in (
        ("GET", path, None),
        ("GET", preview, None),
        ("DELETE", path, None),
        ("PUT", f"{path}/certificates", {"certificates": announced(key)}),
        ("PUT", f"{path}/documents/{waiting[0]}", {"answers": given}),
    ):
        elsewhere = sat.ask("elsewhere", method, where, json=sent)
        assert (elsewhere.status_code, elsewhere.json["code"]) == (404, "signing-missing")
    assert sat.ask("journal", "GET", path).status_code == 403
    assert sat.ask("secretary", "GET", path).status_code == 200


def test_another_schools_document_is_missing(sat: Town, waiting: list[str]) -> None:
    session = opened(sat, DEPUTY, [*waiting, "nothing"], token="elsewhere")
    assert session.status_code == 201
    assert session.json["school"] == OTHER
    assert {one["problem"]["code"] for one in session.json["items"]} == {"document-missing"}
    assert {one["title"] for one in session.json["items"]} == {None}
    assert (session.json["state"], session.json["counts"]["refused"]) == ("complete", 3)


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"documents": []}, "/documents"),
        ({"documents": ["a", "a"]}, "/documents"),
        ({"documents": ["a"] * 501}, "/documents"),
        ({"documents": ["a"], "minutes": 1441}, "/minutes"),
        ({"documents": ["a"], "attorney": {"number": "1"}}, "/attorney"),
        ({"documents": ["a"], "certificates": ["AAA"]}, "/certificates/0"),
        ({"documents": ["a"], "role": "secretary"}, "/role"),
    ],
)
def test_a_wrong_request(sat: Town, asked: dict[str, Any], pointer: str) -> None:
    refused = sat.ask(DEPUTY, "POST", SESSIONS, json={"role": DEPUTY} | asked)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, pointer)


def test_answers_for_other_files(sat: Town, waiting: list[str]) -> None:
    session = opened(sat, DEPUTY, waiting, sat.key(DEPUTY)).json
    for sent, code in (
        ({"document.docx": {"value": "AAAA"}}, "answers-mismatch"),
        ({"document.pdf": {"value": "AAAA", "cms": "AAAA"}}, "request-invalid"),
        ({"document.pdf": {}}, "request-invalid"),
        ({"document.pdf": {"value": "AAAAA"}}, "request-invalid"),
    ):
        refused = answered(sat, session, waiting[0], sent)
        assert (refused.status_code, refused.json["code"]) == (422, code)
    strange = answered(sat, session, "another", {"document.pdf": {"value": "AAAA"}})
    assert (strange.status_code, strange.json["code"]) == (404, "signing-item-missing")
    path = f"{SESSIONS}/{session['id']}/answers"
    sent = [{"document": "another", "answers": {"document.pdf": {"value": "AAAA"}}}]
    told = sat.ask(DEPUTY, "POST", path, json={"items": sent}).json["items"]
    assert [(one["state"], one["problem"]["code"]) for one in told] == [
        ("refused", "signing-item-missing")
    ]


def test_one_that_cannot_be_signed_stops_no_other(town: Town) -> None:
    one, two, three, four = printed(town, 4)
    deputy, director = town.key(DEPUTY), town.key(DIRECTOR)
    signed_by(town, DEPUTY, [one, two, three], deputy)
    session = opened(town, DIRECTOR, [one, two, three, four], director).json
    assert [(item["state"], (item["problem"] or {}).get("code")) for item in session["items"]] == [
        ("waiting", None),
        ("waiting", None),
        ("waiting", None),
        ("refused", "signature-out-of-turn"),
    ]
    items = {item["document"]: item for item in session["items"]}
    refused = answered(town, session, four, {"document.pdf": {"value": "AAAA"}})
    assert (refused.status_code, refused.json["code"]) == (409, "item-refused")

    town.ask(DIRECTOR, "POST", f"/v1/documents/{two}/rejection", json={"reason": "Не та дата"})
    gone = answered(town, session, two, values(items[two], director))
    assert (gone.status_code, gone.json["code"]) == (409, "document-moved-on")
    whole = town.post_snapshot(classes(4).replace(b'"avg": "4.33"', b'"avg": "4.34"'))
    town.order(whole, **{"class": "c2"})
    newer = answered(town, session, three, values(items[three], director))
    assert (newer.status_code, newer.json["code"]) == (409, "superseded")
    assert answered(town, session, one, values(items[one], director)).status_code == 200
    now = {item["document"]: item["state"] for item in seen(town, session)["items"]}
    assert now == {one: "signed", two: "refused", three: "waiting", four: "refused"}
    assert town.document(one)["state"] == State.DEPOSITING


def test_a_person_no_longer_in_the_settings(tmp_path: Path, authority: Authority) -> None:
    file = settings_file(tmp_path, authority)
    town = Town(tmp_path, load(file, {}), authority, _clock())
    (document,) = printed(town, 1)
    key = town.key(DEPUTY)
    session = opened(town, DEPUTY, [document], key).json
    town.close()
    file.write_text(file.read_text("utf-8").replace("Громова Ольга", "Громова Вера"), "utf-8")
    changed = Town(tmp_path, load(file, {}), authority, town.clock)
    refused = answered(changed, session, document, values(session["items"][0], key))
    assert (refused.status_code, refused.json["code"]) == (409, "not-a-signatory")
    assert seen(changed, session)["items"][0]["state"] == "waiting"
    changed.close()


@pytest.mark.parametrize("fate", ["revoked", "expired"])
def test_a_certificate_that_ends_meanwhile(tmp_path: Path, fate: str) -> None:
    around = datetime.now(UTC).replace(microsecond=0)
    people = [one for one in PEOPLE if one.label in {DEPUTY, "seal"}]
    authority = Authority.create(tmp_path / "authority", people, around=around)
    begins = around + timedelta(days=424, hours=23) if fate == "expired" else around
    town = Town(tmp_path, load(settings_file(tmp_path, authority), {}), authority, Clock(begins))
    (document,) = printed(town, 1)
    key = town.key(DEPUTY)
    with authority.serve(at=begins):
        session = opened(town, DEPUTY, [document], key, minutes=300).json
    (item,) = session["items"]
    assert item["state"] == "waiting", item
    town.clock.pass_by(hours=2)
    with ExitStack() as served:
        if fate == "revoked":
            served.enter_context(_revoking(authority).serve(at=town.clock()))
        refused = answered(town, session, document, values(item, key))
        again = joined(town, session["id"], key, DEPUTY)
    assert (refused.status_code, refused.json["code"]) == (409, f"certificate-{fate}")
    assert (again.status_code, again.json["code"]) == (409, f"certificate-{fate}")
    assert seen(town, session)["items"] == session["items"]
    town.close()


def _revoking(authority: Authority) -> Authority:
    """The same authority once it has revoked everybody's certificate."""
    people = tuple(replace(one, condition=Condition.REVOKED) for one in authority.plan.people)
    return authority.written(replace(authority.plan, people=people))
