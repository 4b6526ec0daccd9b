"""The June night of many schools: what each costs, and that nobody holds the ledger for long.

`make night` does it with a thousand schools on both databases, the suite with a few.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic, process_time
from typing import Any

from school_year import Year, journal
from sqlalchemy import Connection, Engine, event, func, select

from service.domain.intake.parsing import parse
from service.domain.snapshot import Snapshot
from service.domain.webhook_rules import WebhookState
from service.ledger import schools, snapshots
from service.ledger.calendar import journals, schedule
from service.ledger.calendar.tables import runs
from service.ledger.outgoing import webhooks
from service.ledger.outgoing.webhooks import Secret, Webhook
from service.ledger.schools import Version
from service.ledger.tables import documents
from service.workflow.webhooks.feed import Feed

SCHOOLS = int(os.environ.get("NIGHT", "6"))
CLASSES = ("c8a",)
KINDS = 2  # of a class at the end of the year
OPENS = datetime.fromisoformat("2027-06-10T06:00+05:00")


@dataclass
class Holding:
    """How long transactions that write hold the turn."""

    engine: Engine
    longest: float = 0.0
    whole: float = 0.0
    count: int = 0
    _since: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, what in (("begin", self._begin), ("commit", self._end), ("rollback", self._end)):
            event.listen(self.engine, name, what)

    def _begin(self, connection: Connection) -> None:
        if not connection.get_execution_options().get("reading", False):
            self._since[id(connection)] = monotonic()

    def _end(self, connection: Connection) -> None:
        since = self._since.pop(id(connection), None)
        if since is not None:
            took = monotonic() - since
            self.longest, self.whole, self.count = (
                max(self.longest, took),
                self.whole + took,
                self.count + 1,
            )


@dataclass
class Night:
    """Many schools with a class each, whose year is about to end."""

    year: Year
    told: list[str] = field(default_factory=list)

    @contextmanager
    def measured(self, what: str, each: int = SCHOOLS) -> Iterator[Holding]:
        holding = Holding(self.year.town.service.database.engine)
        began, cpu = monotonic(), process_time()
        yield holding
        cpu, took = process_time() - cpu, monotonic() - began
        self.told.append(
            f"{what}: {1000 * cpu / each:.1f} ms of CPU each, {took:.1f} s in all; "
            f"{holding.count / each:.1f} turns to write each, {1000 * holding.whole / each:.1f} ms "
            f"of them, the longest {1000 * holding.longest:.0f} ms"
        )

    def prepare(self, closed: bool) -> None:
        """Have every school known, with a journal."""
        told = parse(journal(OPENS, *CLASSES, closed=closed))
        database, at = self.year.town.service.database, self.year.town.clock()
        for number in range(SCHOOLS):
            name = f"school{number}"
            own = told.model_copy(update={"school": told.school.model_copy(update={"id": name})})
            with database.writing() as connection:
                if schools.find(connection, name) is None:
                    schools.write(connection, Version(name, 1, {"title": name}, "region", at))
                    webhooks.add(connection, _address(name, at))
                _note(connection, own, closed, at)
                schedule.disturb(connection, name, at)

    def count(self, table: Any) -> int:
        with self.year.town.service.database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _address(school: str, at: datetime) -> Webhook:
    return Webhook(
        id=f"webhook-{school}",
        school=school,
        url="https://journal.example/hooks",
        description="",
        events=(),
        secrets=(Secret("whsec_" + "A" * 43 + "="),),
        position=0,
        created_at=at,
        updated_at=at,
        state=WebhookState.ACTIVE,
    )


def _note(connection: Connection, told: Snapshot, closed: bool, at: datetime) -> None:
    name = f"snapshot-{told.school.id}-{closed}"
    row = snapshots.SnapshotRow(
        id=name,
        school=told.school.id,
        sha256="0" * 64,
        size=1,
        year=told.year.label,
        year_end=told.year.end,
        timezone=told.school.timezone,
        classes=tuple(snapshots.ClassEntry(one.id, one.id, one.grade) for one in told.classes),
        terms=tuple(snapshots.TermEntry(one.id, one.title, one.grades) for one in told.terms),
        warnings=(),
        accepted_at=at,
    )
    snapshots.add(connection, row)
    journals.note(connection, journals.noted(name, told))


def test_a_june_night_of_many_schools(quiet_year: Year) -> None:
    night, town = Night(quiet_year), quiet_year.town
    town.clock.at = OPENS - timedelta(days=1)
    night.prepare(closed=True)
    keep, advance = quiet_year.keep(), quiet_year.advance()

    def rounds(done: Callable[[], bool]) -> int:
        count = 0
        while not done():
            keep(town.clock())
            count += 1
        return count

    with night.measured("planning a school"):
        for _ in range(SCHOOLS // 100 + 2):
            keep(town.clock())
    assert night.count(runs) == 0

    town.clock.at = OPENS
    with night.measured("beginning a run"):
        count = rounds(lambda: night.count(runs) >= SCHOOLS)
    with night.measured("ordering a run's documents"):
        while night.count(documents) < SCHOOLS * KINDS:
            assert advance(town.clock()) == ()
    for _ in range(SCHOOLS // 50 + 2):
        advance(town.clock())
        keep(town.clock())
    town.clock.pass_by(minutes=2)
    with night.measured("looking at a run that waits"):
        for _ in range(SCHOOLS // 100 + 1):
            assert advance(town.clock()) == ()
    with night.measured("a round with nothing to do", 1):
        keep(town.clock())
        advance(town.clock())
    feed = Feed(town.service.database)
    with night.measured("making an address's events"):
        assert feed(town.clock()) == SCHOOLS * (KINDS + 1)
    with night.measured("looking for news where there is none", 1):
        assert feed(town.clock()) == 0
    sys.stdout.write("\n".join([f"{count} rounds", *night.told, ""]))
