"""What a process held is others' as soon as it is known dead; one that only slept has lost it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from zoneinfo import ZoneInfo

import lease_holder
import pytest
from lease_holder import pull_rounds
from school_year import Year, journal
from sqlalchemy import select, update
from town import OTHER, SCHOOL

from service.domain.errors import Reason
from service.jobs.leases import Leases
from service.ledger.calendar import runs
from service.ledger.calendar.tables import layouts, run_lines
from service.ledger.calendar.tables import runs as run_rows
from service.ledger.database import Database
from service.ledger.printing.layouts import Counted
from service.ledger.printing.workers import living
from service.ledger.tables import documents, steps, workers
from service.workflow.printing.lay_out import LayOut
from service.workflow.runs.pull import Pulled

SILENCE = 60.0
PATIENCE = 60.0
EVE = datetime(2027, 6, 9, 12, tzinfo=ZoneInfo("Asia/Yekaterinburg"))
TESTS = Path(lease_holder.__file__).parent


@contextmanager
def holder(year: Year) -> Iterator[subprocess.Popen[str]]:
    """A process that holds a run, a pull and a layout."""
    town = year.town
    told = town.folder / "vedomost.toml", town.service.order.forms, OTHER, town.clock().isoformat()
    command = [sys.executable, lease_holder.__file__, *told]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(TESTS.parent)},
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGUSR1], ids=["killed", "asleep"])
def test_what_a_dead_process_held_is_taken_up(quiet_year: Year, end: signal.Signals) -> None:
    town, database = quiet_year.town, quiet_year.town.service.database
    _make_work(quiet_year)
    free = Leases(database, SILENCE)
    with holder(quiet_year) as process:
        _have_been_silent(database)
        _until(lambda: _heard_of(database))
        assert free(town.clock()) == 0, "a holder that lives keeps it"
        process.send_signal(end)
        _until(lambda: _state(process.pid) in "TZ")
        _have_been_silent(database)
        assert free(town.clock()) == 3
        assert quiet_year.advance()(town.clock()) == ()
        pulls, laying = pull_rounds(database, OTHER, "rounds", town.clock()), _lay_out(quiet_year)
        (run,), (layout,) = pulls((), 1), laying((), 1)
        pulls([Pulled(run, Reason("journal-silent", "молчит"))], 0)
        laying([(layout, Counted((1,), (1,), 1.0))], 0)
        left = _everything(database)
        assert [len(rows) for rows in left] == [2, 2, 1, 2, 2]
        if end is signal.SIGUSR1:
            process.send_signal(signal.SIGCONT)
            assert process.communicate("\n", PATIENCE)[0] == "done\n"
            assert process.returncode == 0
        assert _everything(database) == left, "who woke up wrote nothing"


def _have_been_silent(database: Database) -> None:
    """Have it be longer ago that anybody was heard of."""
    with database.writing() as connection:
        connection.execute(update(workers).values(seen=workers.c.seen - 2 * SILENCE))


def _heard_of(database: Database) -> bool:
    with database.reading() as connection:
        return bool(living(connection, SILENCE))


def _state(process: int) -> str:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]


def _until(holds: Callable[[], bool]) -> None:
    until = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < until
        sleep(0.02)


def _make_work(year: Year) -> None:
    """Have a run that can order, one whose journal is to be asked, and a layout to count."""
    town = year.town
    town.clock.at = EVE
    snapshot = town.post_snapshot(journal(EVE, "c8a", closed=True))
    year.keep()(EVE)
    town.clock.pass_by(days=1)
    assert year.keep()(town.clock()) == 2
    path = f"/v1/schools/{SCHOOL}/snapshots/{snapshot}/plan"
    town.ask("secretary", "POST", path, json={"kinds": ["class-register"]})
    with town.service.database.writing() as connection:
        (other,) = connection.execute(select(run_rows.c.id).where(run_rows.c.school == OTHER))
        runs.pull_at(connection, other.id, town.clock(), None)


def _lay_out(year: Year) -> LayOut:
    service = year.town.service
    return LayOut(service.database, lambda: service.order.forms, year.town.clock, "rounds")


def _everything(database: Database) -> list[list[object]]:
    with database.reading() as connection:
        tables = (run_rows, run_lines, layouts, documents, steps)
        return [sorted(map(tuple, connection.execute(select(one))), key=str) for one in tables]
