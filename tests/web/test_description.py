"""The description says what the service does: every route, every model, the headers of safety."""

from __future__ import annotations

import re
from typing import Any

from town import Town

from service.domain.intake.schema import schema


def test_every_route_is_described(quiet_town: Town) -> None:
    told = quiet_town.ask(None, "GET", "/v1/openapi.json").get_json(force=True)
    assert told["openapi"] == "3.1.0"
    routes = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in quiet_town.http.application.url_map.iter_rules()
        if rule.rule.startswith(("/v1/", "/livez", "/readyz"))  # the rest are pages for people
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, item in told["paths"].items() for method in item}
    assert described == routes
    ids = [one["operationId"] for item in told["paths"].values() for one in item.values()]
    assert len(set(ids)) == len(ids)
    job = told["components"]["schemas"]["JobAsked"]
    assert job["required"] == ["snapshot", "kind", "class"]
    assert job["additionalProperties"] is False


def test_references_lead_somewhere(quiet_town: Town) -> None:
    answer = quiet_town.ask(None, "GET", "/v1/openapi.json")
    schemas = answer.get_json(force=True)["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', answer.text))
    assert named <= set(schemas)


def test_schema_of_the_snapshot(quiet_town: Town) -> None:
    told = quiet_town.ask(None, "GET", "/v1/schemas/snapshot").get_json(force=True)
    assert meanings(told) == []
    assert without_meanings(told) == without_meanings(schema())


def meanings(told: Any) -> list[str]:
    """Return the parts of the schema that do not say in Russian what they are."""
    parts = {"": told, **told["$defs"]}
    said = {
        f"{name}/{key}": one
        for name, part in parts.items()
        for key, one in part.get("properties", {}).items()
    }
    return [
        at
        for at, one in (parts | said).items()
        if not re.search("[а-я]", one.get("description", ""))
    ]


def without_meanings(told: Any) -> Any:
    match told:
        case dict():
            kept = {
                key: one
                for key, one in told.items()
                if not (key == "description" and isinstance(one, str))
            }
            return {key: without_meanings(one) for key, one in kept.items()}
        case list():
            return [without_meanings(one) for one in told]
        case _:
            return told


def test_kinds(quiet_town: Town) -> None:
    told = {one["name"]: one for one in quiet_town.ask(None, "GET", "/v1/kinds").json["kinds"]}
    assert {"class-register", "final-summary", "class-results"} <= set(told)
    assert told["class-results"]["scope"] == "class-term"
    assert told["final-summary"]["retention_years"] == 25


def test_health_headers_and_unknown_addresses(quiet_town: Town) -> None:
    ready = quiet_town.ask(None, "GET", "/readyz", headers={"X-Request-Id": "from-the-proxy-1"})
    assert (ready.status_code, ready.json["status"]) == (200, "degraded")
    assert ready.headers["X-Request-Id"] == "from-the-proxy-1"
    assert ready.headers["X-Content-Type-Options"] == "nosniff"
    assert ready.headers["Cache-Control"] == "no-store"
    nowhere = quiet_town.ask(None, "GET", "/v1/nowhere")
    assert (nowhere.status_code, nowhere.json["code"]) == (404, "not-found")
    wrong = quiet_town.ask(None, "DELETE", "/v1/kinds")
    assert (wrong.status_code, wrong.content_type) == (405, "application/problem+json")
    assert "GET" in wrong.headers["Allow"]
