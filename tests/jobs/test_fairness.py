"""One school's pile on a real worker: another's one paper gets the next free place, urgent or not.

`make night` does it with a pile of four thousand on both databases, the suite with a small one.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hosts import Process
from sittings import classes
from sqlalchemy import func, select
from town import OTHER, SCHOOL, TERM, Town

from service.ledger.tables import steps
from service.workflow.printing.order import Wanted

PILE = int(os.environ.get("PILE", "16"))
WHOLE = PILE > 1000
PLACES = 2 if WHOLE else 1
PAPERS = 20 if WHOLE else 1
PATIENCE = 120.0
AT_ONCE = 100  # classes of one snapshot
LATE = 1.5  # seconds after a place is free
DATABASES = ["sqlite", "postgresql"] if WHOLE else ["sqlite"]


@dataclass
class Line:
    """A town with a worker of its own, whose one school has a pile waiting."""

    town: Town
    waited: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})

    def snapshot(self, school: str, first: int, count: int) -> str:
        """Post classes of a school and return their snapshot."""
        body = json.loads(classes(count, first))
        body["school"]["id"] = school
        who = "journal" if school == SCHOOL else "elsewhere"
        path = f"/v1/schools/{school}/snapshots"
        answer = self.town.ask(who, "POST", path, json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json["id"])

    def order(self, school: str, snapshot: str, number: int, *, batch: bool) -> str:
        self.town.clock.at = datetime.now(UTC)
        wanted = Wanted(school, snapshot, "class-results", f"c{number}", TERM, batch)
        return self.town.service.order(wanted, "journal", self.town.clock()).document.id

    def begun(self, school: str, since: datetime | None = None) -> list[datetime]:
        """Return when what a school ordered was begun."""
        chosen = select(steps.c.started_at).where(steps.c.school == school)
        chosen = chosen.where(steps.c.started_at.is_not(None))
        if since is not None:
            chosen = chosen.where(steps.c.started_at > since)
        with self.town.service.database.reading() as connection:
            return [*connection.execute(chosen).scalars()]

    def require_next(self, document: str, ordered: datetime, *, batch: bool) -> None:
        """See that a paper was begun before all that waited when it was ordered."""
        chosen = select(steps.c.started_at).where(steps.c.document == document)

        def started() -> datetime | None:
            with self.town.service.database.reading() as connection:
                found: datetime | None = connection.execute(chosen).scalar()
            return found

        wait_for(lambda: started() is not None)
        at = started()
        assert at is not None
        passed = [one for one in self.begun(SCHOOL, ordered) if one < at]
        assert len(passed) <= PLACES, f"{len(passed)} of the pile went before it"
        ended = select(func.min(steps.c.finished_at)).where(steps.c.finished_at > ordered)
        with self.town.service.database.reading() as connection:
            free = connection.execute(ended).scalar()
        self.waited[batch].append((at - min(free or at, at)).total_seconds())


def wait_for(done: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < until
        time.sleep(0.05)


@contextmanager
def worker(town: Town) -> Iterator[None]:
    process = Process("worker", town.folder / "vedomost.toml")
    process.start()
    try:
        yield
    finally:
        process.kill()


@pytest.mark.timeout(1800 if WHOLE else 280)
@pytest.mark.parametrize("database_url", DATABASES, indirect=True)
def test_one_paper_is_not_held_up_by_anothers_pile(
    quiet_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VEDOMOST_WORKER__PROCESSES", str(PLACES))
    line = Line(quiet_town)
    papers = line.snapshot(OTHER, 0, 2 * PAPERS)
    began = time.monotonic()
    for first in range(0, PILE, AT_ONCE):
        snapshot = line.snapshot(SCHOOL, first, AT_ONCE)
        for number in range(first, min(first + AT_ONCE, PILE)):
            line.order(SCHOOL, snapshot, number, batch=True)
    took = time.monotonic() - began
    with worker(quiet_town):
        wait_for(lambda: len(line.begun(SCHOOL)) > PLACES)
        for number in range(2 * PAPERS):
            batch = number % 2 == 0
            document = line.order(OTHER, papers, number, batch=batch)
            line.require_next(document, datetime.now(UTC), batch=batch)
            time.sleep(0.5 if WHOLE else 0)
        printed = len(line.begun(SCHOOL))
    assert printed < PILE, "the pile went first"
    told = {name: line.waited[batch] for name, batch in (("batch", True), ("urgent", False))}
    figures = ", ".join(
        f"{name} median {statistics.median(each):.2f} s, longest {max(each):.2f} s"
        for name, each in told.items()
    )
    sys.stdout.write(
        f"{PILE} documents of a school waiting ({1000 * took / PILE:.0f} ms an order), "
        f"{printed} begun meanwhile; another's paper after a place was free: {figures}\n"
    )
    if WHOLE:
        assert max(map(max, told.values())) < LATE
