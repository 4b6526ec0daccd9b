"""Two changes made from the same state at once: one of them is made, the other is told to look."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Semaphore
from typing import Any

import pytest
from sittings import announced, text
from sqlalchemy import Connection, event
from town import CLASS, SCHOOL, TOKENS, Town
from werkzeug.test import TestResponse

from service.web.openapi.examples import examples

PATIENCE = 60.0


@dataclass
class Races:
    """Has everything be changed twice at once; what a race made is there for the next one."""

    town: Town
    knocks: Semaphore = field(default_factory=lambda: Semaphore(0))

    def __post_init__(self) -> None:
        engine = self.town.service.database.engine
        event.listen(engine, "set_connection_execution_options", self._knock)

    def _knock(self, _connection: Connection, options: dict[str, Any]) -> None:
        """Count who is about to ask for the turn to write."""
        if "forgettable" in options:
            self.knocks.release()

    def __call__(
        self, who: str, method: str, path: str, seen: str, *bodies: Any, late: int = 412
    ) -> dict[str, Any]:
        """Return the answer of the one who won; `bodies` are one for both, or one for each."""
        tag = self.town.ask(who, "GET", seen).headers["ETag"]
        headers = {"Authorization": f"Bearer {TOKENS[who]}", "If-Match": tag}

        def change(body: Any) -> TestResponse:
            client = self.town.http.application.test_client()
            sent = {"json": body} if body is not None else {}
            return client.open(path, method=method, headers=headers, buffered=True, **sent)

        one, *other = bodies or (None,)
        with ThreadPoolExecutor(2) as threads:
            with self.town.service.database.writing():
                while self.knocks.acquire(blocking=False):
                    pass
                asked = [threads.submit(change, body) for body in (one, *(other or [one]))]
                assert all(self.knocks.acquire(timeout=PATIENCE) for _ in asked)
            answers = sorted((one.result() for one in asked), key=lambda each: each.status_code)
        won, lost = answers
        assert won.status_code < 300, won.text
        assert lost.status_code == late, f"{method} {path}: {lost.status_code} {lost.text}"
        return dict(won.json)


def example(name: str, **other: Any) -> Any:
    return {**examples().of(name).request, **other}


@pytest.fixture
def races(quiet_town: Town) -> Races:
    return Races(quiet_town)


def test_papers(races: Races) -> None:
    town = races.town
    snapshot = town.post_snapshot()
    orders = f"/v1/schools/{SCHOOL}/jobs"
    sent = {"snapshot": snapshot, "class": CLASS, "kind": "class-results", "term": "q1"}
    other = {"snapshot": snapshot, "class": CLASS, "kind": "class-register"}
    job = f"/v1/jobs/{races('journal', 'POST', orders, orders, sent, other)['id']}"
    races("journal", "DELETE", job, job)
    races("journal", "POST", f"{job}/retry", job)
    town.work()
    paper = f"/v1/documents/{town.ask('journal', 'GET', job).json['document']}"
    races("deputy", "POST", f"{paper}/rejection", paper, {"reason": "Не та дата"})


def test_runs(races: Races) -> None:
    races.town.post_snapshot()
    every = f"/v1/schools/{SCHOOL}/runs"
    run = f"/v1/runs/{races('secretary', 'POST', every, every, example('create_run'))['id']}"
    races("secretary", "DELETE", run, run)
    calendar = f"/v1/schools/{SCHOOL}/calendar"
    wanted = [
        {"also": [{"name": "weekly", "cron": f"0 {hour} * * MON", "kinds": ["class-register"]}]}
        for hour in (7, 8)
    ]
    races("administrator", "PUT", calendar, calendar, *wanted)


def test_people_and_tokens(races: Races) -> None:
    who = "administrator"
    every = "/v1/tokens"
    token = f"{every}/{races(who, 'POST', every, every, example('create_token'))['id']}"
    races(who, "POST", f"{token}/rotation", token, example("rotate_token"))
    races(who, "DELETE", token, token)
    every = "/v1/accounts"
    account = f"{every}/{races(who, 'POST', every, every, example('create_account'))['id']}"
    races(who, "PUT", account, account, example("replace_account"))
    races(who, "DELETE", account, account)


def test_settings(races: Races) -> None:
    place = f"/v1/schools/{SCHOOL}/settings"
    wanted = [{"title": f"СОШ № 18 ({number})"} for number in (1, 2)]
    races("administrator", "PUT", place, place, *wanted)
    every, made = "/v1/schools", example("create_school")
    races("region", "POST", every, every, made, made | {"id": "sosh-99"})


def test_webhooks(races: Races) -> None:
    who, every = "administrator", f"/v1/schools/{SCHOOL}/webhooks"
    url = {"url": "https://8.8.8.8/events"}
    made = races(who, "POST", every, every, example("create_webhook", **url))
    one = f"{every}/{made['id']}"
    races(who, "PUT", one, one, *(url | {"description": told} for told in ("А", "Б")))
    races(who, "POST", f"{one}/rotation", one, example("rotate_webhook_secret"))
    races(who, "DELETE", one, one, late=404)


def test_a_change_in_several_transactions(town: Town) -> None:
    """Signing writes more than once: its own changes are not taken for another's."""
    document = town.printed()
    session = town.ask(
        "deputy",
        "POST",
        "/v1/signing-sessions",
        json={
            "role": "deputy",
            "documents": [document],
            "certificates": announced(town.key("deputy")),
        },
    ).json
    place = f"/v1/signing-sessions/{session['id']}"
    (part,) = session["items"][0]["parts"]
    value = text(town.key("deputy").sign(base64.b64decode(part["to_sign"])))
    sent = {"answers": {part["file"]: {"value": value}}}
    won = Races(town)("deputy", "PUT", f"{place}/documents/{document}", place, sent)
    assert won["state"] == "signed"
    assert town.log_is_whole()
