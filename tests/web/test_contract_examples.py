"""Examples hold: each fits its schema, and every request of them works on a running service."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import pytest
from story import Story, afternoon
from town import Town

from service.web.http.operations import JSON
from service.web.openapi import DIALECT
from service.web.openapi.examples import STORY, examples

KEPT = datetime(2027, 6, 15, 5, 32, tzinfo=UTC)  # when the afternoon of the examples begins


def described(town: Town) -> dict[str, Any]:
    return dict(town.ask(None, "GET", "/v1/openapi.json").get_json(force=True))


def bodies(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every JSON body by name: of requests, and of answers by status."""
    found = {}
    for item in document["paths"].values():
        for one in item.values():
            sent: dict[str, Any] = {"request": one["requestBody"]} if "requestBody" in one else {}
            for place, body in (sent | one["responses"]).items():
                if JSON in body.get("content", {}):
                    found[f"{one['operationId']} {place}"] = body["content"][JSON]
    return found


def test_examples_fit_their_schemas(quiet_town: Town) -> None:
    document = described(quiet_town)
    told = bodies(document)
    mute = (name for name, body in told.items() if "example" not in body)
    assert [name for name in mute if not name.endswith(" 206")] == []  # a piece of a file
    assert set(examples().operations) <= {
        one["operationId"] for item in document["paths"].values() for one in item.values()
    }
    for name, body in told.items():
        if "example" in body:
            schema = {"$schema": DIALECT, "components": document["components"], **body["schema"]}
            judge = jsonschema_rs.validator_for(schema, validate_formats=True)
            assert [str(one) for one in judge.iter_errors(body["example"])] == [], name


def test_requests_of_the_examples_work(town: Town, request: pytest.FixtureRequest) -> None:
    story = Story(town, described(town))
    began = town.clock()
    afternoon(story)
    if request.config.getoption("--keep-examples"):
        _keep(story, began)
    untold = {name for name, one in examples().operations.items() if one.request is not None}
    assert untold - set(story.answers) == set()
    for name, answers in story.answers.items():
        told = examples().of(name).answers
        assert set(answers) <= set(told), name
        for status, answer in answers.items():
            assert shape(answer) >= shape(told[status]), f"{name} {status}"


def shape(value: Any) -> set[str]:
    """The keys of a JSON object."""
    return set(value) if isinstance(value, dict) else set()


def _keep(story: Story, began: datetime) -> None:
    """Write today's answers down as the examples."""
    told = json.loads(STORY.read_text(encoding="utf-8"))
    for name, answers in story.answers.items():
        one = told["operations"].setdefault(name, {})
        moved = {status: _moved(answer, KEPT - began) for status, answer in answers.items()}
        one.setdefault("status", next(iter(moved)))
        one["answer"] = moved.pop(one["status"])
        if others := one.get("others", {}) | moved:
            one["others"] = others
    STORY.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _moved(value: Any, by: Any) -> Any:
    match value:
        case dict():
            return {key: _moved(one, by) for key, one in value.items()}
        case list():
            return [_moved(one, by) for one in value]
        case str() if value[:2] == "20" and "T" in value and value.endswith(("Z", "+00:00")):
            moved = (datetime.fromisoformat(value) + by).replace(microsecond=0).isoformat()
            return moved.replace("+00:00", "Z") if value.endswith("Z") else moved
        case _:
            return value
