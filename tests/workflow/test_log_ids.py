"""The log of runs, webhooks and chores: ids in every line, no word or mark of a journal in any."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from receiver import Receiver, receiver
from school_year import Year, journal, year_in
from sittings import DEPUTY, signed_by
from town import CLASS, PASSPHRASE, PEOPLE, SCHOOL

from service.bootstrap import logs, outgoing
from service.domain.errors import Unavailable
from service.jobs.chores import Chores
from signing.authority import Authority
from signing.keys import Pkcs12Key

ZONE = ZoneInfo("Asia/Yekaterinburg")
PASSWORD = "верный конь батарея скрепка"
MORE = """
[logging]
format = "json"
level = "DEBUG"
[outgoing]
allow_http = true
allow_private = true
"""
AVERAGE = re.compile(r"\d\.\d\d")
WORD = re.compile(r"[А-ЯЁа-яё]{4,}")


@pytest.fixture
def year(tmp_path: Path, authority: Authority, database_url: str) -> Iterator[Year]:
    yield from year_in(tmp_path, authority, database_url, MORE)


@pytest.fixture
def log_as_before() -> Iterator[None]:
    kept = [logging.getLogger(name) for name in (None, *logs.NOISY, *logs.QUIET)]
    before = [(one, one.handlers[:], one.level, one.propagate) for one in kept]
    yield
    logging.captureWarnings(False)
    for one, handlers, level, propagate in before:
        one.handlers[:], one.propagate = handlers, propagate
        one.setLevel(level)


@pytest.fixture
def hooks() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def strings(told: Any) -> Iterator[str]:
    """Yield every string of a snapshot but ids."""
    match told:
        case dict():
            for name, one in told.items():
                if name not in {"id", "student", "subject"}:
                    yield from strings(one)
        case list():
            for one in told:
                yield from strings(one)
        case str():
            yield told


def whatever_is_private(snapshot: bytes) -> set[str]:
    """Return the words and averages of a snapshot, and the names of those who sign."""
    known = [
        *strings(json.loads(snapshot)),
        *(f"{one.surname} {one.given_names}" for one in PEOPLE),
    ]
    words = {word for one in known for word in WORD.findall(one)}
    return words | {one for one in known if AVERAGE.fullmatch(one)}


def send(year: Year) -> None:
    """Send what is due, as a worker does."""
    couriers = outgoing.couriers(year.town.settings, year.town.service.database, year.town.clock)
    couriers.hand_out([couriers.carry(one) for one in couriers.hand_out((), 16)], 0)


def test_ids_and_never_names(
    year: Year, hooks: Receiver, log_as_before: None, capfd: pytest.CaptureFixture[str]
) -> None:
    town = year.town
    now = datetime.now(UTC).replace(microsecond=0)
    ends = now.astimezone(ZONE).date() - timedelta(days=3)
    begins = datetime.combine(ends + timedelta(days=2), datetime.min.time(), ZONE)
    snapshot = journal(begins, CLASS, ends=ends)
    logs.configure(town.settings, "test")
    year.at(now - timedelta(days=5))
    made = town.ask(
        "administrator", "POST", f"/v1/schools/{SCHOOL}/webhooks", json={"url": hooks.url}
    ).json
    town.post_snapshot(journal(town.clock(), CLASS, ends=ends))
    year.at(begins + timedelta(hours=6))
    town.post_snapshot(snapshot)
    year.at(now)
    (run,) = year.runs()
    (line,) = year.sheet(run["id"])["lines"]

    account = {"name": "Громова Ольга Ивановна", "duties": ["deputy"], "login": "gromova"}
    enrolled = town.ask(
        "administrator",
        "POST",
        "/v1/accounts",
        json=account | {"password": PASSWORD},
    )
    assert enrolled.status_code == 201, enrolled.text
    statuses = []
    for password in ("наугад", PASSWORD):
        sent = {"school": SCHOOL, "login": "gromova", "password": password}
        statuses.append(town.ask("deputy", "POST", "/v1/login", json=sent).status_code)
    assert statuses == [401, 200]
    key = Pkcs12Key.open(town.authority.pkcs12(DEPUTY, PASSPHRASE), PASSPHRASE)
    signed_by(town, DEPUTY, [line["document"]], key)

    send(year)
    hooks.respond = lambda _: (500, {}, "Ёлкин".encode())
    town.post_snapshot(journal(now, CLASS, ends=ends, mark="5"))
    send(year)
    Chores(town.service.database, "w1", {"trying": trying}, town.clock)()

    lines = [json.loads(one) for one in capfd.readouterr().err.splitlines()]
    begun = [one for one in lines if one["message"] == "run begun: term-end"]
    assert [(one["run"], one["school"]) for one in begun] == [(run["id"], SCHOOL)]
    ordered = [one for one in lines if one["message"] == "ordered"]
    assert [(one["run"], one["document"]) for one in ordered] == [(run["id"], line["document"])]
    events = [one for one in lines if one["logger"].endswith("webhooks.rounds")]
    assert len(events) > 5
    assert {(one["webhook"], one["school"]) for one in events} == {(made["id"], SCHOOL)}
    assert all(one["delivery"] for one in events)
    assert {one["level"] for one in events} == {"INFO", "WARNING"}
    (late,) = [one for one in lines if one["level"] == "WARNING" and "chore" in one]
    assert (late["chore"], late["message"]) == ("trying", "trying: unavailable")

    private = whatever_is_private(snapshot) | {"Ёлкин", PASSWORD, made["secret"]}
    assert {"Громова", "Светлова", "4.33"} < private
    for one in map(json.dumps, lines):
        told = re.sub(r"\d+\.\d\d s", "", json.dumps(json.loads(one), ensure_ascii=False))
        assert not [word for word in private if word in told], told


def trying(_at: datetime) -> tuple[Unavailable, ...]:
    return (Unavailable("Ёлкин"),)
