"""Many documents signed in one sitting: any order, failures, a restart, an end to it."""

from __future__ import annotations

import base64
import random
import threading

import pytest
from clients import Client
from sittings import (
    DEPUTY,
    DIRECTOR,
    SESSIONS,
    answered,
    joined,
    opened,
    printed,
    seen,
    text,
    values,
)
from sqlalchemy import func, select
from town import Town

from service.ledger.signing import signings
from service.ledger.tables import audit as lines
from service.ledger.tables import signing_parts as parts
from service.workflow.signing.sweep import SweepSessions
from signing.keys import Key
from signing.verify import verify

SMALL = 8192  # bytes of state an item may keep


def test_a_batch_by_both_roles_with_failures_and_a_restart(town: Town) -> None:
    documents = printed(town, 8)
    key = town.key("deputy-rsa")
    session = opened(town, DEPUTY, documents, key)
    assert (session.status_code, session.json["counts"]["waiting"]) == (201, 8)
    assert session.headers["Location"] == f"{SESSIONS}/{session.json['id']}"
    _sign_badly_then_well(town, session.json, key, town.key("stranger"))

    town.close()
    again = Town(town.folder, town.settings, town.authority, town.clock)
    director = again.key(DIRECTOR)
    half = opened(again, DIRECTOR, documents, director).json
    first, *rest = half["items"]
    assert answered(again, half, first["document"], values(first, director)).status_code == 200
    again.close()

    last = Town(town.folder, town.settings, town.authority, town.clock)
    held = seen(last, half)
    assert held["counts"] == {"unprepared": 0, "waiting": 7, "signed": 1, "refused": 0}
    _sign_badly_then_well(last, held | {"items": rest}, director, last.key(DEPUTY))
    assert {last.document(one)["state"] for one in documents} == {"depositing"}
    pdf = last.ask(DIRECTOR, "GET", f"/v1/documents/{documents[3]}/pdf").data
    reports = verify(pdf, last.service.verify.trust, last.clock())
    assert [(one.field, one.valid) for one in reports] == [(DEPUTY, True), (DIRECTOR, True)]
    assert last.log_is_whole()
    last.close()


def _sign_badly_then_well(town: Town, session: dict, key: Key, other: Key) -> None:
    """Answer in random order, every second item wrong at first; then those again."""
    path, role = f"{SESSIONS}/{session['id']}/answers", session["role"]
    items = random.Random(7).sample(session["items"], len(session["items"]))
    sent = [
        {"document": item["document"], "answers": values(item, other if number % 2 else key)}
        for number, item in enumerate(items)
    ]
    told = town.ask(role, "POST", path, json={"items": sent}).json["items"]
    assert [one["document"] for one in told] == [one["document"] for one in items]
    assert [one["state"] for one in told] == [
        "waiting" if number % 2 else "signed" for number in range(len(items))
    ]
    assert {one["problem"]["code"] for one in told if one["problem"]} == {"value-mismatch"}
    for item in items[1::2]:
        good = answered(town, session, item["document"], values(item, key))
        assert (good.status_code, good.json["state"], good.json["parts"]) == (200, "signed", [])
    whole = seen(town, session)
    assert (whole["state"], whole["counts"]["signed"]) == ("complete", 8)


def test_what_a_signer_must_see(town: Town) -> None:
    (document,) = printed(town, 1)
    key = town.key(DEPUTY)
    session = opened(town, DEPUTY, [document], key).json
    (item,) = session["items"]
    about = town.document(document)
    told = ("kind", "class_title", "term", "version", "pages", "sheets", "pdf_sha256")
    assert {name: item[name] for name in told} == {name: about[name] for name in told}
    assert item["title"] == town.service.kinds[about["kind"]].title
    (part,) = item["parts"]
    assert part["file"] == "document.pdf"
    pdf = town.ask(DEPUTY, "GET", item["preview"])
    assert (pdf.status_code, pdf.content_type, part["content"]) == (
        200,
        "application/pdf",
        item["preview"],
    )
    assert pdf.data.startswith(town.ask(DEPUTY, "GET", f"/v1/documents/{document}/pdf").data)
    assert (session["signer"], session["role"]) == ("Громова Ольга Ивановна", DEPUTY)
    assert seen(town, session, parts="false", state="waiting", limit=1)["items"][0]["parts"] == []
    assert seen(town, session, state="signed")["items"] == []


@pytest.mark.parametrize("who", [DEPUTY, "deputy-rsa"])
def test_the_plug_in_answers_both_ways(town: Town, who: str) -> None:
    one, two = printed(town, 2)
    client = Client(town.key(who), signing_time=town.clock().replace(microsecond=0))
    session = opened(town, DEPUTY, [one, two], client.key).json
    parts = {item["document"]: item["parts"][0] for item in session["items"]}
    digest = base64.b64decode(parts[one]["document_digest"]).hex()
    whole = answered(town, session, one, {"document.pdf": {"cms": client.cades_com(digest)}})
    assert (whole.status_code, whole.json["state"]) == (200, "signed")
    value = client.key.sign(base64.b64decode(parts[two]["to_sign"]))
    reverse = value[::-1] if who == "deputy-rsa" else value
    raw = answered(town, session, two, {"document.pdf": {"value": text(reverse)}})
    assert (raw.status_code, raw.json["state"]) == (200, "signed")
    with town.service.database.reading() as connection:
        levels = {signings.of_document(connection, each)[0].level for each in (one, two)}
    assert levels == {"B-LT"}


def test_the_secretary_opens_and_the_signer_joins(town: Town) -> None:
    documents = printed(town, 2)
    session = opened(town, DEPUTY, documents, token="secretary", minutes=600)
    assert session.status_code == 201
    assert (session.json["signer"], session.json["counts"]["unprepared"]) == (None, 2)
    assert session.json["items"][0]["preview"] == f"/v1/documents/{documents[0]}/pdf"
    early = answered(town, session.json, documents[0], {"document.pdf": {"value": "AAAA"}})
    assert (early.status_code, early.json["code"]) == (409, "not-prepared")
    key = town.key(DEPUTY)
    forbidden = joined(town, session.json["id"], key, "secretary")
    assert (forbidden.status_code, forbidden.json["code"]) == (403, "forbidden")

    mistaken = joined(town, session.json["id"], town.key("deputy-rsa"), DEPUTY).json
    there = joined(town, session.json["id"], key, DEPUTY).json
    assert there["signer"] == "Громова Ольга Ивановна"
    before = [one["parts"][0]["to_sign"] for one in mistaken["items"]]
    assert before != [one["parts"][0]["to_sign"] for one in there["items"]]
    same = joined(town, session.json["id"], key, DEPUTY)
    assert (same.status_code, same.json) == (200, there)
    town.clock.pass_by(hours=9)
    for item in there["items"]:
        assert answered(town, there, item["document"], values(item, key)).status_code == 200
    other = joined(town, there["id"], town.key("deputy-rsa"), DEPUTY)
    assert (other.status_code, other.json["code"]) == (409, "signing-closed")


def test_state_is_small_and_swept_away_at_the_end(town: Town) -> None:
    documents = printed(town, 3)
    key = town.key(DEPUTY)
    session = opened(town, DEPUTY, documents, key).json
    sweep = SweepSessions(town.service.database, town.service.files)
    size = func.length(parts.c.state) + func.length(parts.c.to_sign)
    with town.service.database.reading() as connection:
        rows = connection.execute(select(parts.c.prepared, size.label("size"))).all()
    assert max(row.size for row in rows) <= SMALL
    prepared = [town.service.files.path(row.prepared) for row in rows]
    assert (sweep(town.clock()), all(path.exists() for path in prepared)) == ((), True)
    item = session["items"][0]
    given = values(item, key)
    assert answered(town, session, item["document"], given).status_code == 200

    town.clock.pass_by(minutes=31)
    assert (sweep(town.clock()), any(path.exists() for path in prepared)) == ((), False)
    assert sweep(town.clock()) == ()
    over = seen(town, session)
    assert (over["state"], over["counts"]["signed"]) == ("expired", 1)
    late = answered(town, session, documents[1], values(session["items"][1], key))
    assert (late.status_code, late.json["code"]) == (409, "signing-closed")
    repeated = answered(town, session, item["document"], given)
    other = answered(town, session, item["document"], values(item, town.key("stranger")))
    assert (repeated.status_code, other.json["code"]) == (200, "signing-closed")
    assert town.document(item["document"])["state"] == "awaiting-director"


def test_a_session_is_closed_by_hand(town: Town) -> None:
    (document,) = printed(town, 1)
    key = town.key("deputy-rsa")
    session = opened(town, DEPUTY, [document], key).json
    path = f"{SESSIONS}/{session['id']}"
    assert town.ask(DEPUTY, "DELETE", path).json["state"] == "closed"
    assert town.ask("secretary", "DELETE", path).json["state"] == "closed"
    refused = answered(town, session, document, values(session["items"][0], key))
    assert (refused.status_code, refused.json["code"]) == (409, "signing-closed")
    SweepSessions(town.service.database, town.service.files)(town.clock())
    assert town.ask(DEPUTY, "GET", session["items"][0]["preview"]).status_code == 409


def test_others_are_served_while_a_session_is_prepared(town: Town) -> None:
    documents = printed(town, 8)
    key = town.key(DEPUTY)
    opening = threading.Thread(target=opened, args=(town, DEPUTY, documents, key))
    opening.start()
    meanwhile = 0
    while opening.is_alive():
        assert town.http.application.test_client().get("/livez").status_code == 200
        meanwhile += opening.is_alive()
    opening.join()
    assert meanwhile > 0


def test_the_log_names_ids_only(town: Town) -> None:
    (document,) = printed(town, 1)
    key = town.key(DEPUTY)
    session = opened(town, DEPUTY, [document], key).json
    (item,) = session["items"]
    answered(town, session, document, values(item, town.key("stranger")))
    answered(town, session, document, values(item, key))
    town.ask(DEPUTY, "DELETE", f"{SESSIONS}/{session['id']}")
    with town.service.database.reading() as connection:
        told = connection.execute(select(lines).order_by(lines.c.number)).all()
    ours = [(row.action, row.subject) for row in told if row.details.get("role")]
    assert ours == [
        ("open-signing", session["id"]),
        ("join-signing", session["id"]),
        ("refuse-signature", document),
        ("sign", document),
        ("close-signing", session["id"]),
    ]
    assert "Громова" not in str([row.details for row in told])
    assert town.log_is_whole()
