"""What `/readyz` says: each part by itself, in time whatever hangs, 503 if nothing works."""

from __future__ import annotations

import re
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text, update
from town import Clock, Town, settings_file

from service.bootstrap import clocks
from service.bootstrap.ground import now
from service.bootstrap.health import Level
from service.domain.errors import Reason
from service.ledger.printing import workers
from service.ledger.proof.tables import chores
from service.ledger.tables import steps
from service.settings import load
from signing import certificates


def asked(town: Town) -> tuple[int, str, dict[str, Any]]:
    answer = town.ask(None, "GET", "/readyz")
    return answer.status_code, answer.json["status"], {c["name"]: c for c in answer.json["checks"]}


@pytest.fixture
def watchful(quiet_town: Town) -> Town:
    """A town that looks anew at every question."""
    quiet_town.service.health.remembered = -1
    return quiet_town


def test_what_is_well_and_what_is_missing(watchful: Town) -> None:
    status, told, checks = asked(watchful)
    assert (status, told) == (200, "degraded")
    well = {name for name, one in checks.items() if one["status"] == "ok"}
    assert well - {"clock"} == {  # the town's stands still
        *("database", "engine", "queue", "store-primary", "store-replica", "disk")
    }
    assert "Ни один обработчик" in checks["workers"]["message"]
    assert "корневых сертификатов нет" in checks["certificates"]["message"]
    with watchful.service.database.writing() as connection:
        workers.claim(connection, workers.Pulse("w1", "here", "p"), 30)
    assert asked(watchful)[2]["workers"] == {
        "name": "workers",
        "status": "ok",
        "message": "Работают: w1.",
    }


def test_a_clock_that_is_not_the_databases(watchful: Town) -> None:
    good = clocks.against_database(watchful.settings, now, watchful.service.database)
    assert good[0] is Level.OK
    for hours in (1, -2):
        watchful.clock.pass_by(hours=hours)
        told = asked(watchful)[2]["clock"]
        assert told["status"] == "warn"
        assert re.search(r"часы расходятся на 3[4567]\d\d с", told["message"])


def test_certificates_and_authorities(town: Town) -> None:
    _, _, checks = asked(town)
    assert checks["certificates"]["status"] == "ok"
    assert checks["timestamps"]["message"] == "Служб штампов времени отвечает 1 из 1."
    ends = min(map(certificates.valid_until, certificates.load_folder(town.folder / "trust")))
    town.clock.at = ends - timedelta(days=10)
    town.service.health.remembered = -1
    assert "кончаются" in asked(town)[2]["certificates"]["message"]


def test_jobs_that_wait_too_long_and_what_stands_in_their_way(watchful: Town) -> None:
    watchful.order(watchful.post_snapshot())
    assert asked(watchful)[2]["queue"]["status"] == "ok"
    watchful.clock.pass_by(hours=3)
    assert "Старшее ждёт с" in asked(watchful)[2]["queue"]["message"]
    problem = Reason("store-unavailable", "s3.example не отвечает")
    with watchful.service.database.writing() as connection:
        connection.execute(update(steps).values(problem=problem, tries=1))
    told = asked(watchful)[2]["queue"]["message"]
    assert "store-unavailable — 1" in told
    assert "s3.example" not in told


def test_store_whose_lock_does_not_hold(watchful: Town) -> None:
    now = datetime.now(UTC)
    problem = Reason("lock-not-enforced", "…")
    with watchful.service.database.writing() as connection:
        for name, wrong in (("lock-primary", None), ("lock-replica", problem)):
            row = {"name": name, "due": now + timedelta(days=1), "problem": wrong}
            done = None if wrong else now
            connection.execute(insert(chores).values(row | {"done_at": done}))
    status, told, checks = asked(watchful)
    assert (status, told) == (200, "degraded")
    assert "блокировка проверена" in checks["store-primary"]["message"]
    assert checks["store-replica"]["status"] == "fail"


def test_tables_of_another_version(watchful: Town) -> None:
    with watchful.service.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "новее программы, но ей подходят" in asked(watchful)[2]["database"]["message"]
    for version, words in (("0001", "vedomost migrate"), ("9999", "более новый выпуск")):
        with watchful.service.database.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
            connection.execute(text("UPDATE fitting SET oldest = :v"), {"v": version})
        status, told, checks = asked(watchful)
        assert (status, told) == (503, "fail")
        assert words in checks["database"]["message"]


def test_store_that_hangs_or_is_gone_holds_up_nobody(tmp_path: Path) -> None:
    silent = socket.create_server(("127.0.0.1", 0), backlog=16)  # takes calls and never answers
    bucket = f"""kind = "bucket"
endpoint = "127.0.0.1:{silent.getsockname()[1]}"
bucket = "archive"
access_key = "k"
secret_key = "s"
secure = false
"""
    file = settings_file(tmp_path, None, "127.0.0.1:8000", "[health]\ntimeout = 2\n")
    file.write_text(
        file.read_text().replace('kind = "folder"', bucket, 1).replace('path = "A"', "")
    )
    (tmp_path / "B" / "vedomost-store.json").unlink(missing_ok=True)
    town = Town(tmp_path, load(file, {}), None, Clock(datetime.now(UTC)))
    try:
        for _ in range(2):
            began = time.monotonic()
            status, told, checks = asked(town)
            assert time.monotonic() - began < 10
            assert (status, told) == (200, "degraded")
            assert checks["store-primary"]["message"] == "Нет ответа за 2 с."
            assert checks["database"]["status"] == "ok"
            town.service.health.remembered = -1
    finally:
        silent.close()
        town.close()
