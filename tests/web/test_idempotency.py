"""Idempotency-Key: the same request twice is one request, whatever happened in between."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import pytest
from flask import Flask, Response, request
from sqlalchemy import select
from town import CLASS, SCHOOL, SNAPSHOT, TERM, Town, another_snapshot

from service.bootstrap.working import working
from service.domain.access.rights import Reach
from service.ledger.repeated.idempotency import Use, claim
from service.ledger.repeated.tables import idempotency
from service.ledger.tables import audit
from service.web.http.access import Caller
from service.web.http.idempotency import Once, SecretTold
from service.web.http.lives import Life
from service.web.http.problems import InProgress

JOBS = f"/v1/schools/{SCHOOL}/jobs"
SNAPSHOTS = f"/v1/schools/{SCHOOL}/snapshots"
HOLDS_A_LIFE = """
import pathlib, sys, time
from service.web.http.lives import Life
life = Life(pathlib.Path(sys.argv[1]))
print(life.name, flush=True)
time.sleep(60)
"""
KEY = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}


def order(town: Town, **changed: object) -> dict[str, object]:
    wanted = {"snapshot": town.post_snapshot(), "kind": "class-results", "class": CLASS}
    return wanted | {"term": TERM} | changed


def count(town: Town, action: str) -> int:
    with town.service.database.reading() as connection:
        rows = connection.execute(select(audit).where(audit.c.action == action)).all()
    return len(rows)


def test_same_request_gets_the_same_answer(quiet_town: Town) -> None:
    sent = order(quiet_town)
    first = quiet_town.ask("journal", "POST", JOBS, json=sent, headers=KEY)
    quiet_town.work()
    again = quiet_town.ask("journal", "POST", JOBS, json=sent, headers=KEY)
    assert (first.status_code, again.status_code) == (202, 202)
    assert (first.data, first.headers["Location"]) == (again.data, again.headers["Location"])
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.content_type == first.content_type
    without = quiet_town.ask("journal", "POST", JOBS, json=sent)
    assert (without.status_code, without.json["state"]) == (200, "done")


def test_key_is_the_principals_own_and_for_one_request(quiet_town: Town) -> None:
    sent = order(quiet_town)
    bare = {"Idempotency-Key": KEY["Idempotency-Key"].strip('"')}
    assert quiet_town.ask("journal", "POST", JOBS, json=sent, headers=KEY).status_code == 202
    another = quiet_town.ask("journal", "POST", JOBS, json=sent | {"batch": True}, headers=bare)
    assert (another.status_code, another.json["code"]) == (422, "idempotency-key-reused")
    plan = f"{SNAPSHOTS}/{sent['snapshot']}/plan"
    elsewhere = quiet_town.ask("journal", "POST", plan, json={}, headers=KEY)
    assert (elsewhere.status_code, elsewhere.json["code"]) == (422, "idempotency-key-reused")
    secretary = quiet_town.ask("secretary", "POST", JOBS, json=sent, headers=KEY)
    assert (secretary.status_code, secretary.headers.get("Idempotency-Replayed")) == (200, None)


def test_refusal_frees_the_key(quiet_town: Town) -> None:
    sent = order(quiet_town)
    wrong = quiet_town.ask("journal", "POST", JOBS, json=sent | {"term": "q9"}, headers=KEY)
    assert wrong.status_code == 422
    denied = quiet_town.ask("director", "POST", JOBS, json=sent, headers=KEY)
    assert denied.status_code == 403
    right = quiet_town.ask("journal", "POST", JOBS, json=sent, headers=KEY)
    assert (right.status_code, right.headers.get("Idempotency-Replayed")) == (202, None)


def test_snapshot_packed_or_plain_is_one_request(quiet_town: Town) -> None:
    def post(body: bytes, **headers: str) -> Response:
        return quiet_town.ask(
            "journal",
            "POST",
            SNAPSHOTS,
            data=body,
            content_type="application/json",
            headers=KEY | {name.replace("_", "-"): value for name, value in headers.items()},
        )

    first = post(SNAPSHOT)
    again = post(gzip.compress(SNAPSHOT), Content_Encoding="gzip")
    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert post(another_snapshot()).status_code == 422


@pytest.mark.parametrize("key", ["", '"', '""', "a b", '"a", "b"', "ключ", '"a\\b"', "x" * 256])
def test_malformed_key(quiet_town: Town, key: str) -> None:
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}
    refused = quiet_town.ask("journal", "POST", JOBS, json={}, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (400, "idempotency-key-malformed")


def test_key_without_effect_where_nothing_changes(quiet_town: Town) -> None:
    sent = {"data": b"%PDF-1.7 no", "content_type": "application/pdf", "headers": KEY}
    assert quiet_town.ask(None, "POST", "/v1/verify", **sent).status_code == 409
    assert quiet_town.ask("journal", "GET", JOBS, headers=KEY).status_code == 200
    with quiet_town.service.database.reading() as connection:
        assert connection.execute(select(idempotency)).all() == []


def test_second_waits_for_the_first_and_takes_over_from_the_dead(quiet_town: Town) -> None:
    once = Once(quiet_town.service.database, quiet_town.clock, Life(quiet_town.settings.data))
    done: list[str] = []

    def dies() -> Response:
        raise SystemExit

    def interrupted() -> Response:
        """Work so long that the same request comes in twice meanwhile."""
        done.append("first")
        with pytest.raises(InProgress) as told, asking() as caller:
            once(request, caller, sha256(b"{}").hexdigest(), dies)
        assert 1 <= told.value.wait <= 5
        quiet_town.clock.pass_by(seconds=91)
        with asking() as caller:
            assert once(request, caller, sha256(b"{}").hexdigest(), answered).status_code == 201
        return Response("late", 200)

    def answered() -> Response:
        done.append("second")
        return Response("second", 201)

    with asking() as caller:
        assert once(request, caller, sha256(b"{}").hexdigest(), interrupted).data == b"late"
        kept = once(request, caller, sha256(b"{}").hexdigest(), dies)
    assert (kept.status_code, kept.data, done) == (201, b"second", ["first", "second"])


def test_killed_process_of_this_host_is_not_waited_for(quiet_town: Town) -> None:
    database, data = quiet_town.service.database, quiet_town.settings.data
    first = subprocess.Popen(
        [sys.executable, "-c", HOLDS_A_LIFE, str(data)], stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None
    elsewhere, gone, mine = "f" * 16, first.stdout.readline().strip(), Life(data)
    assert not mine.outlived(gone)
    first.kill()
    first.wait()
    first.stdout.close()
    assert (mine.outlived(gone), mine.outlived(mine.name)) == (True, False)

    def free_for_the_next(life: str) -> bool:
        """Tell whether a key is to be had that a process of some life has claimed."""
        use = Use(SCHOOL, "journal", f"key of {life}", "the same request", f"{life}.1")
        with database.writing() as connection:
            known = [claim(connection, use, quiet_town.clock(), died) for _ in range(2)]
        assert known[0] is None
        return known[1] is None

    def died(claim: str) -> bool:
        return mine.outlived(claim.partition(".")[0])

    assert [free_for_the_next(one) for one in (gone, elsewhere, mine.name)] == [True, False, False]


def test_secret_is_not_kept(quiet_town: Town) -> None:
    once = Once(quiet_town.service.database, quiet_town.clock, Life(quiet_town.settings.data))

    def secret() -> Response:
        return Response("vd_x_secret", 201, {"Cache-Control": "no-store"})

    with asking() as caller:
        assert once(request, caller, sha256().hexdigest(), secret).data == b"vd_x_secret"
        with pytest.raises(SecretTold):
            once(request, caller, sha256().hexdigest(), secret)
    with quiet_town.service.database.reading() as connection:
        assert connection.execute(select(idempotency.c.body)).scalar_one() is None


def test_answers_are_forgotten_after_a_day(quiet_town: Town) -> None:
    sent = order(quiet_town)
    assert quiet_town.ask("journal", "POST", JOBS, json=sent, headers=KEY).status_code == 202
    quiet_town.clock.pass_by(hours=24)
    anew = quiet_town.ask("journal", "POST", JOBS, json=sent, headers=KEY)
    assert (anew.status_code, anew.headers.get("Idempotency-Replayed")) == (200, None)
    quiet_town.clock.pass_by(hours=24)
    works = working(quiet_town.settings, quiet_town.clock)
    works.chores.each["answers"](quiet_town.clock())
    works.close()
    with quiet_town.service.database.reading() as connection:
        assert connection.execute(select(idempotency)).all() == []


def test_every_post_of_a_principal_takes_a_key(quiet_town: Town) -> None:
    told = quiet_town.ask(None, "GET", "/v1/openapi.json").get_json(force=True)
    for path, item in told["paths"].items():
        for method, one in item.items():
            named = {each["name"] for each in one["parameters"] if each["in"] == "header"}
            wanted = method == "post" and "security" in one
            assert ("Idempotency-Key" in named) == wanted, (method, path)


@contextmanager
def asking() -> Iterator[Caller]:
    """A request with a key, outside any route."""
    with Flask("any").test_request_context("/any", method="POST", headers=KEY):
        yield Caller("journal", Reach(SCHOOL, frozenset()))
