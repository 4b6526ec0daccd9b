"""What the end of the year would print, counted here in processes of its own."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from service.bootstrap import calling, runs
from service.bootstrap.ground import now
from service.bootstrap.press import forms, printer
from service.bootstrap.run_rounds import lay_out
from service.documents.kind import Scope
from service.documents.options import PrintOptions
from service.domain.calendars.calendar import YEAR_END
from service.domain.calendars.school_year import SchoolYear
from service.domain.errors import Fault, Rejected, ServiceError, Unavailable
from service.domain.intake.parsing import parse
from service.domain.wording.names import class_title
from service.jobs.pool import Pool, always
from service.ledger.calendar import journals
from service.ledger.database import connect
from service.ledger.printing.layouts import Counted
from service.ledger.snapshots import ClassEntry
from service.reports import catalogue
from service.settings import Settings
from service.workflow.printing.lay_out import Carry, LayOut, told
from service.workflow.printing.plan import Forecast, Plan, Planned
from service.workflow.runs.begin import RunWanted
from service.workflow.schools import Schools

LEASE = timedelta(minutes=1)  # nobody watches whether a command lives: a worker counts again
TIMEOUT = 900  # seconds a document may take
PAUSE = 0.5  # seconds between two looks at what a worker counts meanwhile


class YearUnknown(Rejected):
    """No snapshot of the school is of this year."""

    code = "unknown-year"
    title = "Такого учебного года нет"


class NotCounted(Unavailable):
    """Some document could not be counted now."""

    code = "not-counted"
    title = "Посчитать не удалось"


@dataclass(frozen=True, slots=True)
class SchoolForecast:
    """What the end of a school's year would print now, and the classes it would wait for."""

    forecast: Forecast
    missing: tuple[str, ...]


def of_file(file: Path, options: PrintOptions, processes: int) -> Forecast:
    """Return what the end of the year would print of a snapshot file; no server is needed."""
    snapshot = parse(file.read_bytes())
    kinds = [name for name, kind in catalogue().items() if kind.scope is Scope.CLASS]
    places = [(journal, kind) for journal in snapshot.classes for kind in kinds]
    with _pool(processes, partial(calling.make_bench, file)) as pool:

        def count(place: tuple[Any, str]) -> Counted:
            journal, kind = place
            task = partial(calling.count_there, kind=kind, options=options)
            try:
                counted: Counted = pool.run(task, journal.id, 0, always)
            except Unavailable:
                raise
            except ServiceError as error:
                return Counted((), (), 0, told(error))
            return counted

        with ThreadPoolExecutor(processes) as threads:
            found = [*threads.map(count, places)]
    lines = tuple(
        Planned(journal.id, class_title(journal), kind, "", counted)
        for (journal, kind), counted in zip(places, found, strict=True)
    )
    return Forecast(lines, (), processes)


def of_school(settings: Settings, school: str, year: str, at: datetime) -> SchoolForecast:
    """Return what the end of the year would print of the newest final snapshots of a school.

    What is counted already, here or by a worker, is not counted again. Raises YearUnknown.
    """
    database = connect(settings.ledger)
    house = printer(settings.templates, settings.fonts, settings.data)
    edition, processes = forms(house), settings.worker.processes
    schools = Schools(database, settings.schools)
    plan = Plan(database, catalogue(), schools, edition, processes, settings.web.public_url)
    wanted = RunWanted(YEAR_END, year)
    try:
        with database.reading() as connection:
            _require_year(journals.years(connection, school), year)
            run = runs.begin_run(settings, database).preview(connection, school, wanted, "", at)
            places = runs.tell_run(settings, database).places(connection, run)
        ready = [
            (
                one.ready.snapshot,
                ClassEntry(one.ready.class_id, one.ready.class_title, one.ready.grade),
                one.kind,
                one.term,
            )
            for one in places
            if one.ready is not None
        ]
        missing = dict.fromkeys(one.journal.class_title for one in places if one.ready is None)
        plan.ask(school, ready, at)
        with _pool(processes, partial(calling.make, settings)) as pool:
            _count(LayOut(database, lambda: edition, now, lease=LEASE), pool, processes)
            while True:
                with database.reading() as connection:
                    lines = plan.of(connection, school, ready)
                forecast = Forecast(lines, (), processes)
                if forecast.complete:
                    return SchoolForecast(forecast, tuple(missing))
                time.sleep(PAUSE)
    finally:
        database.close()


def _require_year(known: Iterable[SchoolYear], year: str) -> None:
    labels = [one.label for one in known]
    if year and year not in labels:
        told = ", ".join(labels) or "ни одного, снимков ещё нет"
        message = f"Снимков за учебный год {year} у школы нет. Известны: {told}."
        raise YearUnknown(message, (Fault("/year", YearUnknown.code, message),))


def _count(lay_outs: LayOut, pool: Pool[Any, Any], processes: int) -> None:
    """Count everything nobody is at."""
    carry = Carry(partial(lay_out, pool, now))
    with ThreadPoolExecutor(processes) as threads:
        batch = lay_outs((), processes)
        while batch:
            came = [*threads.map(carry, batch)]
            batch = lay_outs(came, processes)
            if any(found is None for _, found in came):
                raise NotCounted("Процесс, который считает страницы, завершился: повторите.")


@contextmanager
def _pool(processes: int, make: Any) -> Iterator[Pool[Any, Any]]:
    pool: Pool[Any, Any] = Pool(processes, TIMEOUT, make, preload=(calling.PRESS,))
    try:
        yield pool
    finally:
        pool.close()
