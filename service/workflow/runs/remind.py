"""What a run says of itself as its deadlines come near: each thing once a stage, ids only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from service.domain.calendars.calendar import Calendar
from service.domain.calendars.reminders import stage
from service.ledger import audit
from service.ledger.calendar import runs
from service.ledger.calendar.runs import Run
from service.ledger.road import SERVICE
from service.workflow.runs.sheet import LineStatus, Sheet

AT_ONCE = 1000  # the stage of the first word, however long before the deadline
UNPRINTED = frozenset(
    {LineStatus.PLANNED, LineStatus.PRINTING, LineStatus.FAILED, LineStatus.REJECTED}
)


@dataclass(frozen=True, slots=True)
class Word:
    """Something to be said: the action of the audit log, until when, and ids or counts."""

    action: str
    deadline: date
    about: dict[str, Any]
    at_once: bool = False


def remind(connection: Connection, sheet: Sheet, calendar: Calendar, at: datetime) -> int:
    """Say what is waited for and when it is due, unless it was said at this stage; return how many.

    Missed stages are not made up for: only the nearest one speaks.
    """
    run, said = sheet.run, 0
    for word in _words(sheet):
        now = stage(word.deadline, run.day(at), calendar.remind_days)
        if now is None and word.at_once:
            now = AT_ONCE
        if now is None or not runs.remind(connection, run.id, word.action, now, at):
            continue
        told = {"due": word.deadline.isoformat(), "days": (word.deadline - run.day(at)).days}
        _say(connection, run, word.action, told | word.about, at)
        said += 1
    return said


def _words(sheet: Sheet) -> Iterator[Word]:
    run, deadlines = sheet.run, sheet.run.deadlines
    about = {"entry": run.entry, "year": run.year, "term": run.term}
    if sheet.missing or not sheet.rows:
        wanted = about | {"classes": [*sheet.missing]}  # none: of the whole school
        yield Word("snapshot-wanted", deadlines.snapshot, wanted, at_once=True)
    unprinted = sum(sheet.counts[status] for status in UNPRINTED)
    if unprinted:
        yield Word("documents-due", deadlines.documents, about | {"documents": unprinted})
    if sheet.waiting:
        by_role = {role.value: count for role, count in sorted(sheet.waiting.items())}
        yield Word("signing-due", deadlines.signed, about | {"waiting": by_role})


def _say(
    connection: Connection, run: Run, action: str, details: dict[str, Any], at: datetime
) -> None:
    audit.append(connection, audit.Event(at, run.school, run.id, SERVICE, action, details))
