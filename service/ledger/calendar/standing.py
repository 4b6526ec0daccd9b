"""How runs and what schools are told by webhook stand: counts alone, never whose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from service.ledger.calendar.tables import run_lines, run_reminders, runs
from service.ledger.outgoing.tables import webhook_deliveries, webhooks
from service.ledger.proof.tables import evidence_trees as trees
from service.ledger.tables import documents

UNORDERED = "unordered"  # the state of a line that could not be ordered, or is about to be


@dataclass(frozen=True, slots=True)
class OpenRuns:
    """How many runs go on, and how many of them are past their last deadline."""

    count: int
    overdue: int


def open_runs(connection: Connection, at: datetime) -> OpenRuns:
    """Return how many runs go on; their days end by the clocks of their schools."""
    asked = (
        select(runs.c.timezone, runs.c.signed_due, func.count())
        .where(runs.c.next_look.is_not(None))
        .group_by(runs.c.timezone, runs.c.signed_due)
    )
    found = connection.execute(asked).all()
    return OpenRuns(
        count=sum(count for *_, count in found),
        overdue=sum(
            count for zone, due, count in found if due < at.astimezone(ZoneInfo(zone)).date()
        ),
    )


def open_lines(connection: Connection) -> dict[str, int]:
    """Return how many lines the runs that go on have, by the state of their document."""
    state = func.coalesce(documents.c.state, UNORDERED)
    asked = (
        select(state, func.count())
        .select_from(runs)
        .join(run_lines, run_lines.c.run == runs.c.id)
        .outerjoin(documents, documents.c.id == run_lines.c.document)
        .where(runs.c.next_look.is_not(None))
        .group_by(state)
    )
    return dict(connection.execute(asked).all())


def reminders_said(connection: Connection) -> dict[str, int]:
    """Return how many reminders were ever said, by what they are about."""
    asked = select(run_reminders.c.about, func.count()).group_by(run_reminders.c.about)
    return dict(connection.execute(asked).all())


def addresses_by_state(connection: Connection) -> dict[str, int]:
    """Return how many addresses of webhooks there are in each state."""
    asked = select(webhooks.c.state, func.count()).group_by(webhooks.c.state)
    return dict(connection.execute(asked).all())


def events_failed(connection: Connection) -> int:
    """Return how many events were given up, of those still kept; asked address by address."""
    mine = (
        select(func.count())
        .select_from(webhook_deliveries)
        .where(webhook_deliveries.c.webhook == webhooks.c.id)
        .where(webhook_deliveries.c.state == "failed")
        .scalar_subquery()
    )
    return int(
        connection.execute(
            select(func.coalesce(func.sum(mine), 0)).select_from(webhooks)
        ).scalar_one()
    )


def evidence_ends(connection: Connection) -> datetime | None:
    """Return until when all evidence can be checked; None: there is none."""
    asked = select(func.min(trees.c.valid_until)).where(trees.c.superseded_by.is_(None))
    return connection.execute(asked).scalar()
