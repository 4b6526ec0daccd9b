"""Signing sessions as clients hold them: opened, joined, answered by a key in any order."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

from town import SNAPSHOT, Town
from werkzeug.test import TestResponse

from signing.keys import Key

SESSIONS = "/v1/signing-sessions"
DEPUTY, DIRECTOR = "deputy", "director"


def classes(count: int, first: int = 0) -> bytes:
    """The snapshot with its class so many times over, each by an id of its own."""
    whole = json.loads(SNAPSHOT)
    (one,) = whole["classes"]
    whole["classes"] = [one | {"id": f"c{number}"} for number in range(first, first + count)]
    return json.dumps(whole, ensure_ascii=False).encode()


def printed(town: Town, count: int) -> list[str]:
    """The ids of so many documents that wait for the deputy."""
    snapshot = town.post_snapshot(classes(count))
    jobs = [town.order(snapshot, **{"class": f"c{number}"}) for number in range(count)]
    town.work()
    return [str(job["document"]) for job in jobs]


def announced(key: Key) -> list[str]:
    return [text(one.dump()) for one in (key.certificate, *key.chain)]


def opened(
    town: Town,
    role: str,
    documents: Iterable[str],
    key: Key | None = None,
    token: str = "",
    **asked: Any,
) -> TestResponse:
    sent = {"role": role, "documents": list(documents)} | asked
    if key is not None:
        sent["certificates"] = announced(key)
    return town.ask(token or role, "POST", SESSIONS, json=sent)


def joined(town: Town, session: str, key: Key, token: str) -> TestResponse:
    sent = {"certificates": announced(key)}
    return town.ask(token, "PUT", f"{SESSIONS}/{session}/certificates", json=sent)


def values(item: dict[str, Any], key: Key) -> dict[str, dict[str, str]]:
    """What a key answers to an item."""
    return {
        part["file"]: {"value": text(key.sign(base64.b64decode(part["to_sign"])))}
        for part in item["parts"]
    }


def answered(
    town: Town,
    session: dict[str, Any],
    document: str,
    answers: dict[str, dict[str, str]],
    token: str = "",
) -> TestResponse:
    path = f"{SESSIONS}/{session['id']}/documents/{document}"
    return town.ask(token or session["role"], "PUT", path, json={"answers": answers})


def seen(town: Town, session: dict[str, Any], **query: object) -> dict[str, Any]:
    path = f"{SESSIONS}/{session['id']}"
    answer = town.ask(session["role"], "GET", path, query_string=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def signed_by(town: Town, role: str, documents: Iterable[str], key: Key) -> dict[str, Any]:
    """Have a key sign documents in one session; return it as it is afterwards."""
    session = opened(town, role, documents, key)
    assert session.status_code == 201, session.text
    items = [
        {"document": one["document"], "answers": values(one, key)} for one in session.json["items"]
    ]
    path = f"{SESSIONS}/{session.json['id']}/answers"
    told = town.ask(role, "POST", path, json={"items": items})
    assert {one["state"] for one in told.json["items"]} == {"signed"}, told.text
    return seen(town, session.json)


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()
