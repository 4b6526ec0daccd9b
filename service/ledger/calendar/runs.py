"""Scheduled runs as the ledger knows them: for what, until when, which documents they made."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, insert, select, update

from service.domain.calendars.calendar import Deadlines
from service.domain.errors import Conflict, Missing, Reason
from service.ledger import rows
from service.ledger.calendar.tables import run_lines, run_reminders, runs
from service.ledger.pages import Page, newest


class RunMissing(Missing):
    """No run of this id, or it is another school's."""

    code = "run-missing"
    title = "Прогон не найден"


class RunOvertaken(Conflict):
    """The run changed while this was being done; nothing was written."""

    code = "run-moved-on"
    title = "Состояние прогона уже изменилось"


class RunTaken(RunOvertaken):
    """Another process was given the run meanwhile: whoever held it was thought dead."""


class RunState(StrEnum):
    """Whether a run goes on."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Run:
    """A run of documents; how far it is the documents tell."""

    id: str
    school: str
    entry: str
    subject: str
    year: str
    term: str
    kinds: tuple[str, ...]
    timezone: str  # by whose clocks its days end: the school's, when it was looked at last
    deadlines: Deadlines
    begun_by: str
    begun_at: datetime
    state: RunState = RunState.OPEN
    generation: int = 1
    ended_at: datetime | None = None
    next_look: datetime | None = None
    next_pull: datetime | None = None
    problem: Reason | None = None
    look_by: str | None = None
    pull_by: str | None = None

    def day(self, at: datetime) -> date:
        """Return the day a moment falls on at the school."""
        return at.astimezone(ZoneInfo(self.timezone)).date()


@dataclass(frozen=True, slots=True)
class Line:
    """What a run ordered for a class: a document, or why it could not be ordered."""

    run: str
    class_id: str
    kind: str
    term: str
    snapshot: str
    document: str | None = None
    problem: Reason | None = None
    again: bool = False  # to be looked at anew

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is, within its run."""
        return self.class_id, self.kind, self.term


def add(connection: Connection, run: Run) -> bool:
    """Write a run down; False if it is there already."""
    if find(connection, run.id) is not None:
        return False
    connection.execute(insert(runs).values(_row(run)))
    return True


def find(connection: Connection, run: str) -> Run | None:
    """Return a run by id, or None."""
    row = connection.execute(select(runs).where(runs.c.id == run)).one_or_none()
    return None if row is None else of_row(row)


def get(connection: Connection, run: str) -> Run:
    """Return a run by id."""
    found = find(connection, run)
    if found is None:
        raise RunMissing(f"Прогона {run} нет: проверьте адрес.")
    return found


def of_school(
    connection: Connection, school: str, page: Page, state: RunState | None
) -> tuple[Run, ...]:
    """Return a school's runs, of a state if named, a page, the newest first."""
    chosen = select(runs).where(runs.c.school == school)
    if state is not None:
        chosen = chosen.where(runs.c.state == state)
    found = connection.execute(newest(chosen, runs.c.begun_at, runs.c.id, page))
    return tuple(of_row(row) for row in found)


def wake(connection: Connection, school: str, at: datetime) -> None:
    """Have a school's open runs looked at now: something they wait for has come."""
    connection.execute(
        update(runs)
        .where(runs.c.school == school, runs.c.state == RunState.OPEN)
        .values(next_look=at)
    )


def pull_at(connection: Connection, run: str, at: datetime | None, problem: Reason | None) -> None:
    """Say when a run's journal is to be asked; whoever asks it now need not come back."""
    connection.execute(
        update(runs).where(runs.c.id == run).values(next_pull=at, pull_by=None, problem=problem)
    )


def follow(connection: Connection, run: Run, timezone: str) -> bool:
    """Have an open run go by other clocks; False if it is not as it was read."""
    done = connection.execute(
        update(runs)
        .where(
            runs.c.id == run.id,
            runs.c.state == RunState.OPEN,
            runs.c.generation == run.generation,
            runs.c.timezone == run.timezone,
        )
        .values(timezone=timezone)
    )
    return done.rowcount == 1


def move(connection: Connection, run: Run, state: RunState, at: datetime) -> Run:
    """End a run or open it again; RunOvertaken if it is not as it was read."""
    ended = state is not RunState.OPEN
    changes: dict[str, Any] = {
        "state": state,
        "generation": run.generation + 1,
        "ended_at": at if ended else None,
        "next_look": None if ended else at,
    }
    if ended:
        changes |= {"next_pull": None, "look_by": None, "pull_by": None}
    done = connection.execute(
        update(runs).where(runs.c.id == run.id, runs.c.generation == run.generation).values(changes)
    )
    if done.rowcount != 1:
        raise RunOvertaken("Пока выполнялось действие, прогон изменился. Обновите сведения о нём.")
    return replace(run, **changes)


def lines(connection: Connection, run: str) -> dict[tuple[str, str, str], Line]:
    """Return what a run ordered, by class, kind and term."""
    found = connection.execute(select(run_lines).where(run_lines.c.run == run))
    each = [Line(**row._mapping) for row in found]
    return {line.key: line for line in each}


def put(connection: Connection, line: Line) -> None:
    """Write a line, new or instead of what it was."""
    rows.put(connection, run_lines, asdict(line) | {"problem": line.problem})


def again(connection: Connection, run: str, class_id: str | None) -> None:
    """Have the lines of a run, or of one class in it, looked at anew."""
    chosen = update(run_lines).where(run_lines.c.run == run)
    if class_id is not None:
        chosen = chosen.where(run_lines.c.class_id == class_id)
    connection.execute(chosen.values(again=True))


def remind(connection: Connection, run: str, about: str, stage: int, at: datetime) -> bool:
    """Note that something is said at a stage; False if it was said then or nearer the day."""
    said = connection.execute(
        select(run_reminders.c.stage).where(
            run_reminders.c.run == run,
            run_reminders.c.about == about,
            run_reminders.c.stage <= stage,
        )
    ).first()
    if said is not None:
        return False
    connection.execute(insert(run_reminders).values(run=run, about=about, stage=stage, said_at=at))
    return True


def _row(run: Run) -> dict[str, Any]:
    values = asdict(run) | {"kinds": list(run.kinds), "problem": run.problem}
    deadlines: dict[str, date] = values.pop("deadlines")
    return values | {f"{name}_due": day for name, day in deadlines.items()}


def of_row(row: Row[Any]) -> Run:
    """Return the run of a row of the table."""
    values = dict(row._mapping)
    values["kinds"] = tuple(values["kinds"])
    values["state"] = RunState(values["state"])
    values["deadlines"] = Deadlines(
        *(values.pop(f"{name}_due") for name in ("snapshot", "documents", "signed"))
    )
    return Run(**values)
