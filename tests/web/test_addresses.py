"""Addresses and parameters that could be read in two ways are refused, and never as our fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from town import SCHOOL, Town, settings_town


@pytest.fixture(scope="module")
def plain_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("addresses")
    yield from settings_town(folder, "")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/schools/%2e%2e/documents", 404, "not-found"),
        ("/v1/schools/../kinds", 404, "not-found"),
        ("//v1/kinds", 404, "not-found"),
        ("/v1//kinds", 404, "not-found"),
        ("/v1/kinds/", 404, "not-found"),
        ("/v1%2Fkinds", 404, "not-found"),
        ("/v1/jobs/a%2fb", 404, "not-found"),
        ("/v1/jobs/a%5Cb", 404, "not-found"),
        ("/v1/jobs/%252e", 404, "job-missing"),
        ("/v1/jobs/%zz", 404, "job-missing"),
        ("/v1/jobs/%ff", 400, "bad-request"),
        ("/v1/documents?cursor=%ff", 400, "bad-request"),
        ("/v1/kinds?%c0%ae", 400, "bad-request"),
        ("/v1/documents?limit=1&limit=2", 422, "request-invalid"),
        ("/v1/documents?limit=1;limit=2", 422, "request-invalid"),
    ],
)
def test_what_could_be_read_twice_is_refused(
    plain_town: Town, path: str, status: int, code: str
) -> None:
    answer = plain_town.ask("journal", "GET", path)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_parameter_sent_twice_is_named(plain_town: Town) -> None:
    path = f"/v1/schools/{SCHOOL}/jobs?limit=1&limit=1"
    (fault,) = plain_town.ask("journal", "GET", path).json["errors"]
    assert (fault["pointer"], fault["code"]) == ("/limit", "duplicate-key")
