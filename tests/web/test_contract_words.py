"""The description can be read: names that stay, Russian for people, only codes that exist."""

from __future__ import annotations

import re
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from town import Town

from service.domain.intake.complaints import PATTERNS
from service.web.openapi import DIALECT
from service.web.openapi.lexicon import RUSSIAN, lexicon
from service.web.openapi.names import operation_id
from service.web.openapi.problems import known

Document = dict[str, Any]
TIME = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"  # told as a time, not as a pattern
NAME = re.compile(r"[a-z]+(_[a-z0-9]+)+")


def operations(document: Document) -> dict[str, Document]:
    return {
        f"{method.upper()} {path}": one
        for path, item in document["paths"].items()
        for method, one in item.items()
    }


@pytest.fixture
def document(quiet_town: Town) -> Document:
    answer = quiet_town.ask(None, "GET", "/v1/openapi.json")
    assert answer.content_type == "application/vnd.oai.openapi+json;version=3.1"
    return dict(answer.get_json(force=True))


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/v1/schools/{school}/snapshots", "list_snapshots"),
        ("POST", "/v1/schools/{school}/snapshots", "create_snapshot"),
        ("GET", "/v1/schools/{school}/snapshots/{snapshot}", "get_snapshot"),
        ("GET", "/v1/schools/{school}", "get_school"),
        ("PUT", "/v1/schools/{school}/settings", "replace_settings"),
        ("POST", "/v1/jobs/{job}/retry", "retry_job"),
        ("DELETE", "/v1/jobs/{job}", "delete_job"),
        ("GET", "/v1/documents/{document}/docx.p7s", "get_document_docx_p7s"),
        ("GET", "/v1/signing-sessions/{signing}/documents", "list_signing_session_documents"),
    ],
)
def test_names_come_of_method_and_path(method: str, path: str, name: str) -> None:
    assert operation_id(method, path) == name


def test_names_are_verbs_with_nouns_and_never_collide(document: Document) -> None:
    ids = [one["operationId"] for one in operations(document).values()]
    assert [one for one in ids if not NAME.fullmatch(one)] == []
    assert len(set(ids)) == len(ids)
    named = {name for one in operations(document).values() for name in _links(one)}
    assert named <= set(ids)


def test_models_have_plain_names(document: Document) -> None:
    names = document["components"]["schemas"]
    assert [one for one in names if not re.fullmatch(r"[A-Z][A-Za-z0-9]+", one)] == []


def test_everything_a_person_reads_is_said_in_russian(document: Document) -> None:
    """What is missing is said by `Field(description="…")`, or in `openapi/lexicon.toml`."""
    schemas = document["components"]["schemas"]
    said = {name: model.get("description", "") for name, model in schemas.items()}
    said |= {
        f"{name}.{key}": one.get("description", "")
        for name, model in schemas.items()
        for key, one in model.get("properties", {}).items()
    }
    for key, one in operations(document).items():
        said |= {key: one["summary"], f"{key} at length": one.get("description", "")}
        said |= {f"{key} {told['name']}": told.get("description", "") for told in one["parameters"]}
    assert [where for where, words in said.items() if not RUSSIAN.search(words)] == []


def test_every_pattern_is_said_in_russian(document: Document) -> None:
    schemas = document["components"]["schemas"]
    sent = [
        part
        for one in operations(document).values()
        for part in (one.get("requestBody"), *one["parameters"])
        if part is not None and part.get("in", "query") == "query"
    ]
    assert patterns(sent, schemas) - set(PATTERNS) == {TIME}


def test_lexicon_speaks_of_what_there_is(document: Document) -> None:
    words = lexicon()
    assert set(words.operations) <= set(operations(document))
    assert set(words.models) <= set(document["components"]["schemas"])
    codes = {code for one in words.operations.values() for code in one.problems}
    assert codes - set(known()) == set()
    for model, values in words.values.items():
        assert {str(one) for one in document["components"]["schemas"][model]["enum"]} == set(values)


def test_judges_accept_it(document: Document) -> None:
    schemathesis.openapi.from_dict(document).validate()
    for name, model in document["components"]["schemas"].items():
        jsonschema_rs.meta.validate({"$schema": DIALECT, **model})
        assert {"title"} & model.keys() == set(), name


def test_problems_rights_and_headers(document: Document) -> None:
    rejection = operations(document)["POST /v1/documents/{document}/rejection"]
    assert rejection["x-right"] == "reject"
    assert {"deputy", "director"} <= set(rejection["x-duties"])
    assert "not-your-turn" in rejection["x-problems"]
    assert document["components"]["x-problems"]["not-your-turn"]["status"] == 409
    pdf = operations(document)["GET /v1/documents/{document}/pdf"]["responses"]
    assert {"200", "206", "304", "409", "416"} <= set(pdf)
    assert {"ETag", "X-Request-Id"} <= set(pdf["200"]["headers"])


def test_description_is_not_sent_twice(quiet_town: Town) -> None:
    for path in ("/v1/openapi.json", "/v1/schemas/snapshot"):
        tag = quiet_town.ask(None, "GET", path).headers["ETag"]
        again = quiet_town.ask(None, "GET", path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")


def patterns(value: Any, schemas: Document) -> set[str]:
    """Return the patterns of a part of the description and of the models it refers to."""
    match value:
        case {"$ref": str() as name}:
            return patterns(schemas[name.rpartition("/")[2]], schemas)
        case dict():
            own = value.get("pattern")
            found = {own} if isinstance(own, str) else set()
            return found.union(*(patterns(one, schemas) for one in value.values()))
        case list():
            return set().union(*(patterns(one, schemas) for one in value))
    return set()


def _links(one: Document) -> set[str]:
    return {name for answer in one["responses"].values() for name in answer.get("links", {})}
