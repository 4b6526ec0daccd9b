"""What goes over the wire about runs, calendars and plans."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from service.documents.school_calendar import CalendarSettings
from service.domain.approving.approval import Role
from service.domain.codes import Id, YearLabel
from service.domain.errors import Reason
from service.ledger.calendar.runs import RunState
from service.web.http.models import Asked, FaultShown, Told
from service.workflow.runs.sheet import LineStatus


class RunAsked(Asked):
    """Begin a run now; `entry` is one of the calendar's, `year` the present one unless said.

    The end of a term needs the `term`. The same occasion is the same run.
    """

    entry: Id
    year: YearLabel | None = None
    term: Id | None = None
    kinds: Annotated[tuple[Id, ...], Field(max_length=50)] = ()


class RestartAsked(Asked):
    """Look at a run anew, or at one class of it."""

    class_: Annotated[Id | None, Field(alias="class")] = None


class DeadlinesTold(Told):
    """The last day of each step."""

    snapshot: date
    documents: date
    signed: date


class RunTold(Told):
    """A run; `problem` says why the journal, asked last, gave no snapshot.

    Its days end by the clocks of `timezone`, the school's; an open run follows when that changes.
    """

    id: str
    school: str
    entry: str
    year: str
    term: str | None
    kinds: list[str]
    state: RunState
    begun_by: str
    begun_at: datetime
    ended_at: datetime | None
    deadlines: DeadlinesTold
    timezone: str
    problem: Reason | None


class RunsTold(Told):
    """A school's runs, the newest first."""

    runs: list[RunTold]
    next: str | None


class RunLineTold(Told):
    """A class and a kind: done, waiting for whom, missing what, failed and why.

    `document` is the volume that lags behind; `pages` and `sheets` are of all volumes.
    """

    class_: Annotated[str, Field(serialization_alias="class")]
    class_title: str
    kind: str
    term: str | None
    status: LineStatus
    turn: Role | None
    document: str | None
    version: int | None
    volumes: int | None
    pages: int | None
    sheets: int | None
    since: datetime | None
    problem: Reason | None


class SheetTold(RunTold):
    """A run with its sheet: a line for each class and kind, and how many lines are how far.

    `timezone_assumed`: no snapshot and no setting has told the school's yet, so it is Moscow's.
    """

    timezone_assumed: bool
    counts: dict[LineStatus, int]
    waiting: dict[Role, int]
    lines: list[RunLineTold]


class ComingTold(Told):
    """When an entry of the calendar comes next; nothing is known of a term before a snapshot."""

    entry: str
    at: datetime | None
    term: str | None
    deadlines: DeadlinesTold | None


class CalendarTold(Told):
    """What a school has chosen, defaults spelled out, and what comes next by it.

    `notes` say why an entry is off that one might expect.
    """

    calendar: CalendarSettings
    timezone: str
    coming: list[ComingTold]
    notes: list[str]


class PlanAsked(Asked):
    """What to count; nothing named: everything the snapshot can be printed as."""

    kinds: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    classes: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    term: Id | None = None


class RefusalTold(Told):
    """Why a document cannot be printed, each fault with its place in the snapshot."""

    code: str
    message: str
    errors: list[FaultShown]


class PlannedTold(Told):
    """A document that would be printed: pages and sheets of each volume, or the refusal.

    While it is being laid out both are null.
    """

    class_: Annotated[str, Field(serialization_alias="class")]
    class_title: str
    kind: str
    term: str | None
    pages: list[int] | None
    sheets: list[int] | None
    refusal: RefusalTold | None


class PlanTold(Told):
    """What would be printed; sums are of what is counted, `complete` once everything is."""

    complete: bool
    documents: int
    pages: int
    sheets: int
    refused: int
    minutes: float
    warnings: list[FaultShown]
    lines: list[PlannedTold]
