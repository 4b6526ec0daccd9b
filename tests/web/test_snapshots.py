"""What may come in over HTTP, and what is said of the rest."""

from __future__ import annotations

import gzip
import json

import pytest
from town import SCHOOL, SNAPSHOT, Town

PATH = f"/v1/schools/{SCHOOL}/snapshots"
JSON = "application/json"


def test_same_bytes_are_the_same_snapshot(quiet_town: Town) -> None:
    first = quiet_town.ask("journal", "POST", PATH, data=SNAPSHOT, content_type=JSON)
    assert first.status_code == 201
    assert first.json["classes"] == [{"id": "c8a", "title": "8А", "grade": 8}]
    assert first.json["terms"][0]["id"] == "q1"
    packed = quiet_town.ask(
        "journal",
        "POST",
        PATH,
        data=gzip.compress(SNAPSHOT),
        content_type=JSON,
        headers={"Content-Encoding": "gzip"},
    )
    assert (packed.status_code, packed.json) == (200, first.json)
    where = quiet_town.ask("journal", "GET", first.headers["Location"])
    assert where.json == first.json


def test_malformed_json_names_line_and_column(quiet_town: Town) -> None:
    body = b'{\n "schema": "ejournal-snapshot/1",\n "source": {,}\n}'
    refused = quiet_town.ask("journal", "POST", PATH, data=body, content_type=JSON)
    assert refused.status_code == 400
    assert refused.content_type == "application/problem+json"
    assert refused.json["code"] == "snapshot-malformed"
    assert "Строка 3, столбец" in refused.json["detail"]


def test_faults_come_with_pointers(quiet_town: Town) -> None:
    wrong = json.loads(SNAPSHOT)
    wrong["classes"][0]["letterr"] = "А"
    wrong["classes"][0]["grade"] = "8"
    refused = quiet_town.ask("journal", "POST", PATH, json=wrong)
    assert refused.status_code == 422
    assert refused.json["errors_total"] == 2
    found = {(one["pointer"], one["code"]) for one in refused.json["errors"]}
    assert found == {("/classes/0/letterr", "unknown-key"), ("/classes/0/grade", "wrong-type")}


def test_bomb_is_not_unpacked(quiet_town: Town) -> None:
    bomb = gzip.compress(b" " * (quiet_town.settings.web.body_limit + 1), 9)
    assert len(bomb) < 1 << 20
    refused = quiet_town.ask(
        "journal",
        "POST",
        PATH,
        data=bomb,
        content_type=JSON,
        headers={"Content-Encoding": "gzip"},
    )
    assert (refused.status_code, refused.json["code"]) == (413, "too-large")


def test_too_long_a_body(quiet_town: Town) -> None:
    body = b" " * (quiet_town.settings.web.body_limit + 1)
    refused = quiet_town.ask("journal", "POST", PATH, data=body, content_type=JSON)
    assert (refused.status_code, refused.json["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    ("data", "packing", "kind", "answer"),
    [
        (gzip.compress(SNAPSHOT)[:-9], "gzip", JSON, (400, "malformed-gzip")),
        (gzip.compress(SNAPSHOT) + b"x", "gzip", JSON, (400, "malformed-gzip")),
        (SNAPSHOT, "gzip", JSON, (400, "malformed-gzip")),
        (SNAPSHOT, "br", JSON, (415, "unsupported-media-type")),
        (gzip.compress(SNAPSHOT), "gzip, gzip", JSON, (415, "unsupported-media-type")),
        (SNAPSHOT, "identity", "text/plain", (415, "unsupported-media-type")),
    ],
)
def test_wrong_wrapping(
    quiet_town: Town, data: bytes, packing: str, kind: str, answer: tuple[int, str]
) -> None:
    headers = {"Content-Encoding": packing}
    refused = quiet_town.ask("journal", "POST", PATH, data=data, content_type=kind, headers=headers)
    assert (refused.status_code, refused.json["code"]) == answer
    assert refused.json["detail"]


@pytest.mark.parametrize("told", ["X-GZIP", "identity, gzip", "gzip,", "", ", identity"])
def test_names_of_the_same_wrapping(quiet_town: Town, told: str) -> None:
    body = gzip.compress(SNAPSHOT) if "g" in told.lower() else SNAPSHOT
    headers = {"Content-Encoding": told}
    accepted = quiet_town.ask(
        "journal", "POST", PATH, data=body, content_type=JSON, headers=headers
    )
    assert accepted.status_code == 201


def test_gzip_in_several_members(quiet_town: Town) -> None:
    half = len(SNAPSHOT) // 2
    accepted = quiet_town.ask(
        "journal",
        "POST",
        PATH,
        data=gzip.compress(SNAPSHOT[:half]) + gzip.compress(SNAPSHOT[half:]),
        content_type=JSON,
        headers={"Content-Encoding": "gzip"},
    )
    assert accepted.status_code in {200, 201}


def test_another_schools_snapshot(quiet_town: Town) -> None:
    body = SNAPSHOT.replace(b'"id": "sosh18"', b'"id": "sosh77"')
    refused = quiet_town.ask("journal", "POST", PATH, data=body, content_type=JSON)
    assert (refused.status_code, refused.json["code"]) == (422, "another-school")
    assert refused.json["errors"][0]["pointer"] == "/school/id"


def test_characters_without_a_glyph_are_told(quiet_town: Town) -> None:
    body = SNAPSHOT.replace("Школьная жизнь".encode(), "Школьная 🎒".encode())
    accepted = quiet_town.ask("journal", "POST", PATH, data=body, content_type=JSON)
    assert accepted.status_code == 201
    assert {one["code"] for one in accepted.json["warnings"]} == {"no-glyph"}
