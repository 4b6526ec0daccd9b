"""Webhooks over the API: added, told, turned; what arrives is what the description says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from receiver import Receiver, receiver
from sqlalchemy import select
from standardwebhooks import Webhook as Verifier
from town import CLASS, OTHER, SCHOOL, Clock, Town, settings_file

from service.bootstrap import outgoing
from service.domain.events import TYPES
from service.ledger.tables import audit as log
from service.settings import load
from service.web.openapi import DIALECT

PATH = f"/v1/schools/{SCHOOL}/webhooks"
NEAR = """
[outgoing]
allow_http = true
allow_private = true
[webhooks]
keys = "1111111111111111111111111111111111111111111111111111111111111111"
"""


@pytest.fixture
def town(tmp_path: Path, authority: Any, database_url: str) -> Iterator[Town]:
    """A town that may send events to this machine."""
    file = settings_file(tmp_path, authority, "127.0.0.1:8000", NEAR, database=database_url)
    made = Town(tmp_path, load(file, {}), authority, Clock(datetime.now(UTC)))
    yield made
    made.close()


@pytest.fixture
def journal() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def ask(town: Town, method: str, path: str = "", who: str = "administrator", **sent: Any) -> Any:
    return town.ask(who, method, f"{PATH}{path}", **sent)


def add(town: Town, url: str, *events: str) -> dict[str, Any]:
    answer = ask(town, "POST", json={"url": url, "events": list(events)})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"{PATH}/{answer.json['id']}"
    return dict(answer.json)


def work(town: Town) -> int:
    """Send what is due, as a worker does."""
    couriers = outgoing.couriers(town.settings, town.service.database, town.clock)
    sent = 0
    returned: list[Any] = []
    while errands := couriers.hand_out(returned, 16):
        returned = [couriers.carry(one) for one in errands]
        sent += len(returned)
    return sent


def test_whole_road_is_told_as_the_description_says(town: Town, journal: Receiver) -> None:
    webhook = add(town, journal.url)
    document = town.signed()
    town.work()
    failed = town.order(town.post_snapshot(), "final-summary")["document"]
    town.work()
    work(town)
    told = [Verifier(webhook["secret"]).verify(one.body, one.headers) for one in journal.got]
    about = {one["type"]: one["data"] for one in told if one["data"].get("document") != failed}
    assert [one["type"] for one in told if one["data"].get("document") == document] == [
        "document.ordered",
        "document.printed",
        "document.awaiting-signature",
        "document.signed",
        "document.awaiting-signature",
        "document.signed",
        "document.archived",
    ]
    archived = about["document.archived"]
    assert archived["pdf_sha256"] == town.document(document)["pdf_sha256"]
    assert (archived["class"], archived["link"]) == (CLASS, f"/v1/documents/{document}")
    assert town.ask("journal", "GET", archived["link"]).status_code == 200
    assert (told[-1]["type"], told[-1]["data"]["document"]) == ("document.failed", failed)
    assert told[-1]["data"]["code"] == "summary-not-final"
    said = json.dumps(told, ensure_ascii=False)
    assert not any(name in said for name in ("Громова", "Светлова", "Ёлкин", "8А"))
    described = town.ask(None, "GET", "/v1/openapi.json").get_json(force=True)
    for one in told:
        assert faults(described, one["type"], one) == []
    with town.service.database.reading() as connection:
        actions = set(connection.execute(select(log.c.action)).scalars())
    assert actions >= {"order", "sign", "archived", "failed", "accept", "open-signing"}


def faults(described: dict[str, Any], named: str, body: Any) -> list[str]:
    event = described["webhooks"][named]["post"]["requestBody"]["content"]["application/json"]
    schema = {"$schema": DIALECT, "components": described["components"], **event["schema"]}
    for model in described["components"]["schemas"].values():
        if model.get("description", "").startswith("Документ, с которым"):
            assert set(body["data"]) <= set(model["properties"]) or "document" not in body["data"]
    judge = jsonschema_rs.validator_for(schema, validate_formats=True)
    return [str(one) for one in judge.iter_errors(body)]


def test_every_event_is_described_with_an_example(quiet_town: Town) -> None:
    described = quiet_town.ask(None, "GET", "/v1/openapi.json").get_json(force=True)
    assert set(described["webhooks"]) == set(TYPES)
    for named, item in described["webhooks"].items():
        body = item["post"]["requestBody"]["content"]["application/json"]["example"]
        assert faults(described, named, body) == [], named


def test_addresses_are_kept_per_school_and_secrets_told_once(town: Town, journal: Receiver) -> None:
    made = add(town, journal.url, "document.archived")
    one = f"/{made['id']}"
    secret = made.pop("secret")
    assert ask(town, "GET", one).json == made
    assert ask(town, "GET").json == {"webhooks": [made]}
    wanted = {"url": journal.url, "state": "paused", "description": "Журнал"}
    changed = ask(town, "PUT", one, json=wanted)
    assert (changed.status_code, changed.json["state"]) == (200, "paused")
    assert changed.json["events"] == []
    assert ask(town, "POST", f"{one}/test").json["code"] == "webhook-not-active"
    turned = ask(town, "POST", f"{one}/rotation", json={"overlap_minutes": 60})
    assert turned.headers["Cache-Control"] == "no-store"
    assert turned.json["secret"] not in {secret, None}
    assert turned.json["previous_until"] is not None
    for who, status in (("secretary", 403), ("elsewhere", 403), ("region", 200)):
        assert ask(town, "GET", one, who).status_code == status, who
    other = town.ask("region", "GET", f"/v1/schools/{OTHER}/webhooks/{made['id']}")
    assert (other.status_code, other.json["code"]) == (404, "webhook-missing")
    assert ask(town, "DELETE", one).status_code == 200
    assert ask(town, "GET", one).status_code == 404


REFUSED = (
    ({"url": "http://journal.example.ru/"}, "address-refused", "/url"),
    ({"url": "https://10.0.0.1/hooks"}, "address-refused", "/url"),
    ({"url": "https://[::ffff:169.254.169.254]/"}, "address-refused", "/url"),
    ({"url": "https://8.8.8.8/", "events": ["x"]}, "event-unknown", "/events/0"),
    ({"url": "https://8.8.8.8/", "events": ["webhook.test"]}, "event-unknown", "/events/0"),
    ({"url": "https://8.8.8.8/", "state": "disabled"}, "request-invalid", "/state"),
)


def test_bad_addresses_are_refused_with_a_reason(quiet_town: Town) -> None:
    for sent, code, pointer in REFUSED:
        refused = ask(quiet_town, "POST", json=sent)
        assert (refused.status_code, refused.json["code"]) == (422, code)
        assert refused.json["errors"][0]["pointer"] == pointer
    assert ask(quiet_town, "GET").json == {"webhooks": []}


def test_deliveries_are_listed_and_sent_again(town: Town, journal: Receiver) -> None:
    made = add(town, journal.url)
    one = f"/{made['id']}"
    began = town.clock()
    journal.respond = lambda _: (500, {}, "нет\0".encode() + b"x" * 3000)
    tests = [ask(town, "POST", f"{one}/test").json["id"] for _ in range(3)]
    assert work(town) == 3
    page = ask(town, "GET", f"{one}/deliveries?limit=2").json
    rest = ask(town, "GET", f"{one}/deliveries?limit=2&cursor={page['next']}").json
    assert rest["next"] is None
    shown = [*page["deliveries"], *rest["deliveries"]]
    assert sorted(one["id"] for one in shown) == sorted(tests)
    (attempt,) = shown[0]["attempts"]
    assert (attempt["status"], len(attempt["answer"].encode())) == (500, 1024 + 2)
    assert {one["state"] for one in shown} == {"failed"}
    assert ask(town, "GET", f"{one}/deliveries?state=pending").json["deliveries"] == []
    assert ask(town, "GET", f"{one}/deliveries?cursor=zzz").json["code"] == "cursor-wrong"
    journal.respond = lambda _: (200, {}, b"")
    town.clock.pass_by(minutes=1)
    again = ask(town, "POST", f"{one}/deliveries/{tests[0]}/replay")
    assert (again.status_code, again.json["state"]) == (202, "pending")
    town.post_snapshot()
    assert work(town) == 2
    since = {"since": (began - timedelta(minutes=1)).isoformat()}
    assert ask(town, "POST", f"{one}/replay", query_string=since).json == {"begun": 0}
    arrived = since | {"arrived": "true"}
    assert ask(town, "POST", f"{one}/replay", query_string=arrived).json == {"begun": 1}
    assert work(town) == 1
    assert len(set(journal.events)) == 4
    lost = ask(town, "GET", f"{one}/deliveries/nothing")
    assert (lost.status_code, lost.json["code"]) == (404, "delivery-missing")
