"""A journal is asked for the snapshot a run waits for, and what it gives wrong is told."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from school_year import Year, journal
from town import SCHOOL

from service.bootstrap.serving import Service
from service.outgoing.addresses import Allowance
from service.outgoing.calls import Outgoing, trusting
from service.workflow.runs.pull import Journal, Pull, PullRounds

ZONE = ZoneInfo("Asia/Yekaterinburg")
MOST = 1 << 20


class Answering(ThreadingHTTPServer):
    """A journal that gives `body` to whoever knows the password."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.status = 200
        self.body = b""
        self.coding = ""
        self.asked: list[str] = []


class Answers(BaseHTTPRequestHandler):
    """Answers for Answering."""

    server: Answering

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        allowed = self.headers["Authorization"] == Journal.basic("школа", "пароль")
        self.send_response(self.server.status if allowed else 401)
        if self.server.coding:
            self.send_header("Content-Encoding", self.server.coding)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        """Keep silent."""


@pytest.fixture
def answering() -> Iterator[Answering]:
    with Answering() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def accept(service: Service, school: str, body: bytes, by: str, at: datetime) -> None:
    with service.files.arriving((body,)) as arrived:
        service.accept(school, arrived, by, at)


def pull(year: Year, answering: Answering, password: str = "пароль") -> int:
    """Ask whoever is to be asked; return how many runs that was for."""
    town = year.town
    outgoing = Outgoing(Allowance(True, True, ()), trusting(), whole=5)
    journals = {
        SCHOOL: Journal(
            url=f"http://127.0.0.1:{answering.server_port}/snapshot?year={{year}}&term={{term}}",
            retry=timedelta(hours=1),
            outgoing=outgoing,
            authorization=Journal.basic("школа", password),
        )
    }
    rounds = PullRounds(town.service.database, journals, "rounds", town.clock)
    ask = Pull(journals, rounds.require_mine, partial(accept, town.service), MOST, town.clock)
    found = rounds((), 2)
    assert rounds((), 2) == (), "claimed already"
    rounds([ask(run) for run in found], 0)
    return len(found)


def test_asked_again_until_the_snapshot_is_final(quiet_year: Year, answering: Answering) -> None:
    year, town = quiet_year, quiet_year.town
    year.pulled = frozenset({SCHOOL})
    year.at(datetime(2027, 6, 10, 12, tzinfo=ZONE))
    (run,) = year.runs()

    def problem() -> str | None:
        told = year.sheet(run["id"])["problem"]
        return told and f"{told['code']} {told['message']}"

    unpacks = gzip.compress(b"{")
    for password, status, body, said in (
        ("другой", 200, b"", "silent Журнал ответил кодом 401 вместо снимка. Проверьте имя"),
        ("пароль", 503, b"", "journal-silent Журнал ответил кодом 503"),
        ("пароль", 200, b"{", "malformed"),
        ("пароль", 200, gzip.compress(bytes(4 * MOST)), "journal-silent Сжатый снимок"),
        ("пароль", 200, gzip.compress(bytes(MOST)) * 2, "journal-silent Сжатый снимок"),
        ("пароль", 200, unpacks + b"{", "journal-silent После сжатого снимка"),
        ("пароль", 200, b"\n<!DOCTYPE html>", "journal-silent Журнал отдал страницу"),
        ("пароль", 200, b"{}", "пришлите снимок снова. Первая: Нет обязательного поля"),
        ("пароль", 200, b'{"schema": 1}', "Первая: /schema: "),
        ("пароль", 200, bytes(2 * MOST), "journal-silent Журнал отдал больше 1 МиБ"),
    ):
        answering.status, answering.body = status, body
        assert pull(year, answering, password) == 1
        assert said in str(problem())
        assert pull(year, answering) == 0, "not before an hour has passed"
        year.at(town.clock() + timedelta(hours=1))
    assert set(answering.asked) == {"/snapshot?year=2026%2F2027&term="}

    answering.coding, answering.body = "br", b"?"
    assert pull(year, answering) == 1
    assert "принимается только gzip" in str(problem())
    year.at(town.clock() + timedelta(hours=1))
    answering.coding = "GZIP"
    open_year = journal(town.clock(), "c8a")
    answering.body = gzip.compress(open_year[:99]) + gzip.compress(open_year[99:])
    assert pull(year, answering) == 1
    assert problem() is None
    answering.coding = ""
    year.at(town.clock() + timedelta(hours=1))
    assert year.statuses(run["id"])["c8a class-register"] == "missing-snapshot"
    answering.body = gzip.compress(journal(town.clock(), "c8a", closed=True))
    assert pull(year, answering) == 1
    year.at(town.clock() + timedelta(minutes=1))
    assert year.statuses(run["id"])["c8a class-register"] == "waiting"
    assert problem() is None
    year.at(town.clock() + timedelta(hours=2))
    assert pull(year, answering) == 0
