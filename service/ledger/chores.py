"""What is to be done once a day: due when, claimed by which worker, put off why."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, or_, select, update

from service.domain.errors import Reason
from service.ledger.moments import reached
from service.ledger.proof.tables import chores

SLACK = timedelta(minutes=1)  # by which two hosts' clocks may differ


def due(connection: Connection, name: str, at: datetime, every: timedelta) -> bool:
    """Return whether a chore is due, or was never done."""
    waits = select(chores.c.name).where(
        chores.c.name == name, ~reached(chores.c.due, at, every + SLACK)
    )
    return connection.execute(waits).first() is None


def claim(
    connection: Connection,
    name: str,
    holder: str,
    at: datetime,
    lease: timedelta,
    every: timedelta,
    living: Collection[str],
) -> bool:
    """Take a chore that is due; False if it is not due or another holder does it.

    A claim ends with its lease, or once its holder is not among the `living`; a holder's own it
    may take up again.
    """
    if connection.execute(select(chores.c.name).where(chores.c.name == name)).first() is None:
        connection.execute(insert(chores).values(name=name, due=at))
    done = connection.execute(
        update(chores)
        .where(
            chores.c.name == name,
            reached(chores.c.due, at, every + SLACK),
            or_(
                chores.c.claimed_until.is_(None),
                reached(chores.c.claimed_until, at, lease + SLACK),
                chores.c.claimed_by == holder,
                chores.c.claimed_by.not_in(living),
            ),
        )
        .values(claimed_by=holder, claimed_until=at + lease)
    )
    return done.rowcount == 1


def finish(
    connection: Connection,
    name: str,
    holder: str,
    at: datetime,
    again: datetime,
    problem: Reason | None,
) -> None:
    """Give a chore back until it is due again; with a problem it does not count as done.

    Nothing is written if another has taken it over.
    """
    done = {} if problem else {"done_at": at}
    connection.execute(
        update(chores)
        .where(chores.c.name == name, chores.c.claimed_by == holder)
        .values(
            {"due": again, "claimed_by": None, "claimed_until": None, "problem": problem} | done
        )
    )
