"""When each entry of a school's calendar comes next; a moment that was taken is taken once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from service.ledger.calendar.tables import schedule, schedule_plans
from service.ledger.moments import reached
from service.ledger.school_tables import schools


def disturb(connection: Connection, school: str, at: datetime) -> None:
    """Have a school's schedule worked out anew: its terms or its choices have changed."""
    done = connection.execute(
        update(schedule_plans).where(schedule_plans.c.school == school).values(due=at)
    )
    if not done.rowcount:
        connection.execute(insert(schedule_plans).values(school=school, due=at))


def unplanned(connection: Connection, limit: int) -> tuple[str, ...]:
    """Return schools whose schedule was never worked out."""
    rows = connection.execute(
        select(schools.c.id)
        .outerjoin(schedule_plans, schedule_plans.c.school == schools.c.id)
        .where(schedule_plans.c.school.is_(None))
        .order_by(schools.c.id)
        .limit(limit)
    )
    return tuple(rows.scalars())


def to_plan(connection: Connection, at: datetime, limit: int) -> tuple[str, ...]:
    """Return the schools whose schedule is to be worked out anew."""
    rows = connection.execute(
        select(schedule_plans.c.school)
        .where(reached(schedule_plans.c.due, at))
        .order_by(schedule_plans.c.due)
        .limit(limit)
    )
    return tuple(rows.scalars())


def of_school(connection: Connection, school: str) -> dict[str, datetime | None]:
    """Return when each entry of a school comes next, as far as is known."""
    rows = connection.execute(select(schedule).where(schedule.c.school == school))
    return {row.entry: row.next_due for row in rows}


def plan(
    connection: Connection,
    school: str,
    moments: Mapping[str, datetime | None],
    at: datetime,
    again: datetime,
) -> None:
    """Write a school's schedule down; it is to be looked over `again` later.

    What is overdue already stays so until it is taken.
    """
    known = of_school(connection, school)
    gone = [entry for entry in known if entry not in moments]
    connection.execute(
        delete(schedule).where(schedule.c.school == school, schedule.c.entry.in_(gone))
    )
    for entry, moment in moments.items():
        if entry in known:
            due = known[entry]
            if due is not None and due <= at:
                continue
            here = (schedule.c.school == school, schedule.c.entry == entry)
            connection.execute(update(schedule).where(*here).values(next_due=moment))
        else:
            connection.execute(insert(schedule).values(school=school, entry=entry, next_due=moment))
    disturb(connection, school, again)


def overdue(
    connection: Connection, at: datetime, limit: int
) -> tuple[tuple[str, str, datetime], ...]:
    """Return entries that are due: school, entry and since when."""
    rows = connection.execute(
        select(schedule).where(schedule.c.next_due <= at).order_by(schedule.c.next_due).limit(limit)
    )
    return tuple((row.school, row.entry, row.next_due) for row in rows)


def take(
    connection: Connection, school: str, entry: str, since: datetime, following: datetime | None
) -> bool:
    """Take an entry that was due since a moment; False if somebody was quicker."""
    done = connection.execute(
        update(schedule)
        .where(
            schedule.c.school == school,
            schedule.c.entry == entry,
            schedule.c.next_due == since,
        )
        .values(next_due=following)
    )
    return done.rowcount == 1
