"""How often and how much: each caller for himself, strangers by address, schools by their queue."""

from __future__ import annotations

from pathlib import Path

import pytest
from town import SCHOOL, another_snapshot, settings_town

from service.web.http.limits import key_of
from service.web.http.proxied import Proxied

TIGHT = """
[access.limits]
per_minute = 3
strangers_per_minute = 2
"""


@pytest.mark.usefixtures("standing_minute")
def test_each_for_himself(tmp_path: Path) -> None:
    for town in settings_town(tmp_path, TIGHT):
        answers = [town.ask("deputy", "GET", "/v1/me") for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert answers[-1].json["code"] == "too-many-requests"
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
        assert answers[0].headers["RateLimit-Policy"] == '"caller";q=3;w=60'
        assert answers[0].headers["RateLimit"].startswith('"caller";r=2;t=')
        assert town.ask("director", "GET", "/v1/me").status_code == 200
        strangers = [town.ask(None, "GET", path) for path in ("/v1/kinds", "/v1/me", "/v1/kinds")]
        assert [one.status_code for one in strangers] == [200, 401, 429]
        other = town.http.get("/v1/kinds", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
        assert other.status_code == 200
        assert town.ask(None, "GET", "/livez").status_code == 200


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_an_address_stands_for(address: str, key: str) -> None:
    assert key_of(address) == key


def test_a_school_has_a_place_in_the_queue(tmp_path: Path) -> None:
    for town in settings_town(tmp_path, "[access.limits]\nopen_jobs = 1\n"):
        job = town.order(town.post_snapshot())
        again = town.order(town.post_snapshot())
        assert job["id"] == again["id"]
        newer = town.post_snapshot(another_snapshot())
        order = {"snapshot": newer, "kind": "class-results", "class": "c8a", "term": "q1"}
        full = town.ask("journal", "POST", f"/v1/schools/{SCHOOL}/jobs", json=order)
        assert (full.status_code, full.json["code"]) == (429, "quota-exceeded")
        assert int(full.headers["Retry-After"]) > 0
        town.work()
        assert town.order(newer)["id"] != job["id"]


def test_the_client_is_the_last_address_that_is_no_proxy() -> None:
    seen: list[str] = []

    def application(environ, _start):
        seen.append(environ["REMOTE_ADDR"])
        return []

    from ipaddress import ip_network

    proxied = Proxied(application, (ip_network("10.0.0.0/8"),))
    for peer, sent in (
        ("10.0.0.1", "192.0.2.7"),
        ("10.0.0.1", "203.0.113.9, 192.0.2.7, 10.0.0.2"),
        ("10.0.0.1", "192.0.2.7, nonsense"),
        ("10.0.0.1", ""),
        ("::ffff:10.0.0.1", "192.0.2.7"),
        ("192.0.2.1", "192.0.2.7"),
    ):
        proxied({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": sent}, lambda *_: None)
    expected = ["192.0.2.7", "192.0.2.7", "10.0.0.1", "10.0.0.1", "192.0.2.7", "192.0.2.1"]
    assert seen == expected
