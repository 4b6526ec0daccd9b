"""A school's year for runs: snapshots of some classes at any time, and the rounds of a worker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from town import SCHOOL, SNAPSHOT, Clock, Town, settings_file

from service.ledger.tables import audit, documents
from service.settings import load
from service.workflow.printing.order import Order
from service.workflow.runs.advance import AdvanceRuns
from service.workflow.runs.schedule import KeepSchedule
from signing.authority import Authority


def journal(
    taken_at: datetime,
    *classes: str,
    closed: bool = False,
    ends: date | None = None,
    mark: str = "4",
) -> bytes:
    """A snapshot of some classes; `ends` is the last day of the only term and of the year."""
    told: dict[str, Any] = json.loads(SNAPSHOT)
    told["source"]["exported_at"] = taken_at.isoformat()
    told["year"] |= {"closed": closed}
    if ends is not None:
        told["terms"][0]["end"] = told["year"]["end"] = ends.isoformat()
    (pattern,) = told["classes"]
    pattern["groups"][0]["term_marks"][0]["v"] = mark
    told["classes"] = [
        pattern | {"id": class_id, "letter": class_id[-1].upper()} for class_id in classes
    ]
    return json.dumps(told, ensure_ascii=False).encode()


@dataclass
class Year:
    """A town whose worker goes its rounds when told; `pulled` schools' journals are asked."""

    town: Town
    pulled: frozenset[str] = frozenset()

    def advance(self, order: Order | None = None, holder: str = "rounds") -> AdvanceRuns:
        service = self.town.service
        return AdvanceRuns(
            database=service.database,
            holder=holder,
            order=order or service.order,
            tell=service.runs.tell,
            same_class=self.town.shop.same_class,
            pulls=lambda school: school in self.pulled,
        )

    def keep(self) -> KeepSchedule:
        return KeepSchedule(self.town.service.database, self.town.service.runs.begin)

    def round(self) -> int:
        """What a worker does every few seconds; return how many runs began."""
        begun = self.keep()(self.town.clock())
        assert self.advance()(self.town.clock()) == ()
        return begun

    def at(self, moment: datetime) -> None:
        """Let it be a moment, with a round before and after what is printed then."""
        self.town.clock.at = moment
        self.round()
        while self.town.work():
            pass
        self.round()

    def runs(self, who: str = "secretary") -> list[dict[str, Any]]:
        answer = self.town.ask(who, "GET", f"/v1/schools/{SCHOOL}/runs")
        assert answer.status_code == 200, answer.text
        return list(answer.json["runs"])

    def sheet(self, run: str) -> dict[str, Any]:
        answer = self.town.ask("secretary", "GET", f"/v1/runs/{run}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def statuses(self, run: str) -> dict[str, str]:
        """By «class kind» how far each line is."""
        return {f"{one['class']} {one['kind']}": one["status"] for one in self.sheet(run)["lines"]}

    def said(self, *actions: str) -> list[tuple[str, dict[str, Any]]]:
        """What the audit log says of some actions at the school, in order."""
        with self.town.service.database.reading() as connection:
            rows = connection.execute(
                select(audit.c.action, audit.c.details)
                .where(audit.c.school == SCHOOL, audit.c.action.in_(actions))
                .order_by(audit.c.number)
            )
            return [(row.action, row.details) for row in rows]

    def documents(self) -> int:
        with self.town.service.database.reading() as connection:
            return len(connection.execute(select(documents.c.id)).all())


def year_in(folder: Path, authority: Authority | None, database: str, *more: str) -> Iterator[Year]:
    """A town with more settings, at no particular time."""
    file = settings_file(folder, authority, "127.0.0.1:8000", *more, database=database)
    settings = load(file, {})
    town = Town(folder, settings, authority, Clock(datetime.fromisoformat("2026-08-20T12:00Z")))
    yield Year(town)
    town.close()


@pytest.fixture
def quiet_year(tmp_path: Path, database_url: str) -> Iterator[Year]:
    """A school year where nobody can sign."""
    yield from year_in(tmp_path, None, database_url)


@pytest.fixture
def signed_year(tmp_path: Path, authority: Authority, database_url: str) -> Iterator[Year]:
    """A school year where people sign."""
    yield from year_in(tmp_path, authority, database_url)
