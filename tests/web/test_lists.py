"""Lists page by page: each thing once, however many come in between, and only one's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from town import CLASS, OTHER, SCHOOL, Town, another_snapshot

from service.ledger import documents
from service.ledger.documents import Document, State
from service.ledger.printing import jobs
from service.ledger.printing.jobs import Job

DOCUMENTS, JOBS = "/v1/documents", f"/v1/schools/{SCHOOL}/jobs"
RUNS = f"/v1/schools/{SCHOOL}/runs"
SNAPSHOTS, PACKAGES = f"/v1/schools/{SCHOOL}/snapshots", f"/v1/schools/{SCHOOL}/packages"


def pattern(town: Town) -> Document:
    """A document as it is ordered."""
    job = town.order(town.post_snapshot())
    with town.service.database.reading() as connection:
        return documents.get(connection, str(job["document"]))


def add(town: Town, like: Document, name: str, **changes: Any) -> str:
    """Write a document and its order down."""
    made = replace(like, id=name, **{"class_id": name, **changes})
    with town.service.database.writing() as connection:
        documents.add(connection, made)
        jobs.add(connection, Job(f"j{name}", made.school, name, "journal", made.created_at))
    return name


def walk(town: Town, path: str, what: str, limit: int, who: str = "journal") -> Iterator[list[str]]:
    """Yield the documents of each page, following Link."""
    name = "document" if what == "jobs" else "id"
    link = f"{path}{'&' if '?' in path else '?'}limit={limit}"
    while link:
        page = town.ask(who, "GET", link)
        assert page.status_code == 200, page.text
        yield [one[name] for one in page.json[what]]
        told, following = page.json["next"], page.headers.get("Link", "")
        assert (told is None) == (following == "")
        link = following.partition(">")[0].removeprefix("<")
        assert told is None or told in link


@pytest.mark.parametrize(("path", "what"), [(DOCUMENTS, "documents"), (JOBS, "jobs")])
def test_everything_is_seen_once_while_more_comes_in(
    quiet_town: Town, path: str, what: str
) -> None:
    like = pattern(quiet_town)
    before = {like.id}
    with quiet_town.service.database.writing() as connection:
        for number in range(249):  # ten at a moment: the time alone does not tell them apart
            at = like.created_at + timedelta(seconds=number // 10)
            made = replace(like, id=f"d{number}", class_id=f"d{number}", created_at=at)
            documents.add(connection, made)
            jobs.add(connection, Job(f"jd{number}", SCHOOL, made.id, "journal", at))
            before.add(made.id)
    seen: list[str] = []
    latest = like.created_at + timedelta(seconds=25)
    for number, page in enumerate(walk(quiet_town, path, what, 40)):
        seen += page
        for more in range(7):
            add(quiet_town, like, f"later{number}-{more}", created_at=latest)
    assert len(seen) == 250
    assert set(seen) == before


def test_snapshots_and_packages(town: Town) -> None:
    first = town.post_snapshot()
    town.clock.pass_by(minutes=1)
    second = town.post_snapshot(another_snapshot())
    assert list(walk(town, SNAPSHOTS, "snapshots", 1)) == [[second], [first]]
    told = town.ask("journal", "GET", SNAPSHOTS).json["snapshots"][0]
    assert {"id": CLASS, "title": "8А", "grade": 8} in told["classes"]
    assert (told["warnings_total"], len(told["sha256"])) == (0, 64)
    assert town.ask("elsewhere", "GET", SNAPSHOTS).status_code == 404
    document = town.signed()
    town.work()
    sent = {"documents": [document]}
    made = town.ask("secretary", "POST", PACKAGES, json=sent).json["id"]
    assert town.ask("secretary", "GET", PACKAGES).json["packages"][0]["id"] == made


def test_tokens_accounts_and_runs(quiet_town: Town) -> None:
    """Each made at one moment, so that the time alone does not tell them apart."""
    asked: dict[str, Any] = {"duties": ["secretary"]}
    made: dict[str, set[str]] = {"tokens": set(), "accounts": set(), "runs": set()}
    for number in range(5):
        names: dict[str, dict[str, Any]] = {
            "tokens": {"description": "Журнал"},
            "accounts": {"name": "Громова О. И.", "certificate_sha256": f"{number:064x}"},
        }
        for what, more in names.items():
            answer = quiet_town.ask("administrator", "POST", f"/v1/{what}", json=asked | more)
            made[what].add(answer.json["id"])
        year = f"{2020 + number}/{2021 + number}"
        sent = {"entry": "year-end", "year": year}
        made["runs"].add(quiet_town.ask("secretary", "POST", RUNS, json=sent).json["id"])
    for what, path in (("tokens", "/v1/tokens"), ("accounts", "/v1/accounts"), ("runs", RUNS)):
        pages = list(walk(quiet_town, path, what, 2, "administrator"))
        shown = [one for page in pages for one in page if one in made[what]]
        assert (len(pages), len(shown), set(shown)) == (3, 5, made[what]), what
    tokens = quiet_town.ask("administrator", "GET", "/v1/tokens?limit=2").json
    assert [one["from_settings"] for one in tokens["tokens"]] == [False, False]
    foreign = quiet_town.ask("administrator", "GET", f"/v1/accounts?cursor={tokens['next']}")
    assert (foreign.status_code, foreign.json["code"]) == (422, "cursor-wrong")


def test_search(quiet_town: Town) -> None:
    like = pattern(quiet_town)
    year = {"year": "2025/2026", "year_end": date(2026, 5, 31)}
    add(quiet_town, like, "old", **year, state=State.ARCHIVED, keep_until=date(2031, 12, 31))
    add(quiet_town, like, "summary", kind="final-summary", term="", keep_until=date(2051, 12, 31))
    add(quiet_town, like, "newer", class_id=like.class_id, version=2, supersedes=like.id)
    add(quiet_town, like, "foreign", school=OTHER)

    def found(query: str) -> set[str]:
        (page,) = walk(quiet_town, f"{DOCUMENTS}?{query}", "documents", 200)
        return set(page)

    assert found("") == {like.id, "old", "summary", "newer"}
    assert found("state=archived") == {"old"}
    assert found(f"class={like.class_id}") == {like.id, "newer"}
    assert found(f"class={like.class_id}&latest=true") == {"newer"}
    assert found("year=2025/2026") == {"old"}
    assert found("kind=final-summary") == {"summary"}
    assert found("keep_until_before=2032-01-01") == {"old"}
    assert found(f"term={like.term}") == {like.id, "old", "newer"}
    add(quiet_town, like, "back", class_id=like.class_id, version=3, state=State.REJECTED)
    assert found(f"class={like.class_id}&latest=true") == {"newer", "back"}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("year=2026", "/year"),
        ("latest=maybe", "/latest"),
        ("keep_until_before=tomorrow", "/keep_until_before"),
        ("class_=c8a", "/class_"),
        ("cursor=garbled", "/cursor"),
        ("cursor=%D1%8F", "/cursor"),
        ("cursor=", "/cursor"),
    ],
)
def test_wrong_searches(quiet_town: Town, query: str, pointer: str) -> None:
    refused = quiet_town.ask("journal", "GET", f"{DOCUMENTS}?{query}")
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json["errors"]] == [pointer]


def test_cursor_goes_on_only_where_it_came_from(quiet_town: Town) -> None:
    like = pattern(quiet_town)
    add(quiet_town, like, "more")
    add(quiet_town, like, "theirs", school=OTHER)
    first = quiet_town.ask("journal", "GET", f"{DOCUMENTS}?limit=1")
    cursor = first.json["next"]
    assert quiet_town.ask("journal", "GET", f"{DOCUMENTS}?limit=1").json["next"] == cursor
    for who, path in (
        ("journal", f"{JOBS}?cursor={cursor}"),
        ("journal", f"{DOCUMENTS}?state=rendering&cursor={cursor}"),
        ("elsewhere", f"{DOCUMENTS}?cursor={cursor}"),
    ):
        refused = quiet_town.ask(who, "GET", path)
        assert (refused.status_code, refused.json["code"]) == (422, "cursor-wrong"), path
    last = quiet_town.ask("journal", "GET", f"{DOCUMENTS}?cursor={cursor}").json
    assert (len(last["documents"]), last["next"]) == (1, None)
