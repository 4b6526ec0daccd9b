"""Scheduled runs as the ledger knows them: for what, until when, which documents they made."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, insert, select, update

from service.domain.calendar import Deadlines
from service.domain.errors import Conflict, Missing
from service.ledger import rows
from service.ledger.moments import reached
from service.ledger.pages import Page, newest
from service.ledger.runs_tables import run_lines, run_reminders, runs


class RunMissing(Missing):
    """No run of this id, or it is another school's."""

    code = "run-missing"
    title = "Прогон не найден"


class RunOvertaken(Conflict):
    """The run changed while this was being done; nothing was written."""

    code = "run-moved-on"
    title = "Состояние прогона уже изменилось"


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
    problem: dict[str, str] | None = None

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
    problem: dict[str, str] | None = None
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
    return None if row is None else _run(row)


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
    return tuple(_run(row) for row in found)


def to_look_at(connection: Connection, at: datetime, limit: int) -> tuple[Run, ...]:
    """Return the runs whose turn it is to be looked at, those that wait longest first."""
    return _due(connection, runs.c.next_look, at, limit)


def to_pull(connection: Connection, at: datetime, limit: int) -> tuple[Run, ...]:
    """Return the runs for which a journal is to be asked."""
    return _due(connection, runs.c.next_pull, at, limit)


def claim_look(connection: Connection, run: Run, until: datetime) -> bool:
    """Take a run to look at; left alone it is looked at again `until`. False: another did."""
    return _claim(connection, run, runs.c.next_look, run.next_look, until)


def claim_pull(connection: Connection, run: Run, until: datetime) -> bool:
    """Take a run to ask its journal for; False if another did."""
    return _claim(connection, run, runs.c.next_pull, run.next_pull, until)


def wake(connection: Connection, school: str, at: datetime) -> None:
    """Have a school's open runs looked at now: something they wait for has come."""
    connection.execute(
        update(runs)
        .where(runs.c.school == school, runs.c.state == RunState.OPEN)
        .values(next_look=at)
    )


def look_again(connection: Connection, run: str, claimed: datetime, at: datetime) -> None:
    """Say when a claimed run is to be looked at next, unless it was woken meanwhile."""
    connection.execute(
        update(runs).where(runs.c.id == run, runs.c.next_look == claimed).values(next_look=at)
    )


def pull_again(
    connection: Connection, run: str, at: datetime | None, problem: dict[str, str] | None
) -> None:
    """Say when a run's journal is to be asked next, and what stood in the way this time."""
    connection.execute(update(runs).where(runs.c.id == run).values(next_pull=at, problem=problem))


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
        changes["next_pull"] = None
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
    rows.put(connection, run_lines, asdict(line))


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


def _due(connection: Connection, column: Any, at: datetime, limit: int) -> tuple[Run, ...]:
    chosen = select(runs).where(reached(column, at)).order_by(column).limit(limit)
    return tuple(_run(row) for row in connection.execute(chosen))


def _claim(
    connection: Connection, run: Run, column: Any, was: datetime | None, until: datetime
) -> bool:
    done = connection.execute(
        update(runs).where(runs.c.id == run.id, column == was).values({column.name: until})
    )
    return done.rowcount == 1


def _row(run: Run) -> dict[str, Any]:
    values = asdict(run) | {"kinds": list(run.kinds)}
    deadlines: dict[str, date] = values.pop("deadlines")
    return values | {f"{name}_due": day for name, day in deadlines.items()}


def _run(row: Row[Any]) -> Run:
    values = dict(row._mapping)
    values["kinds"] = tuple(values["kinds"])
    values["state"] = RunState(values["state"])
    values["deadlines"] = Deadlines(
        *(values.pop(f"{name}_due") for name in ("snapshot", "documents", "signed"))
    )
    return Run(**values)
