"""Scheduled runs and plans: what the doors call."""

from __future__ import annotations

from dataclasses import dataclass

from service.ledger.database import Database
from service.reports import catalogue
from service.settings import Settings
from service.workflow.printing.paper import Draw
from service.workflow.printing.plan import Plan
from service.workflow.runs.begin import BeginRun
from service.workflow.runs.calendars import Calendars
from service.workflow.runs.change import ChangeRun
from service.workflow.runs.printing import PrintSheet
from service.workflow.runs.sheet import TellRun
from service.workflow.schools import Schools


@dataclass(frozen=True, slots=True)
class Runs:
    """What can be done with runs from outside."""

    begin: BeginRun
    change: ChangeRun
    tell: TellRun
    print: PrintSheet
    calendars: Calendars
    plan: Plan


def runs(settings: Settings, database: Database, draw: Draw, forms: str) -> Runs:
    """Return the use cases of runs and plans; `forms` is the hash of what is printed with."""
    schools = Schools(database, settings.schools)
    kinds = catalogue()
    tell = tell_run(settings, database)
    return Runs(
        begin=begin_run(settings, database),
        change=ChangeRun(database, tell),
        tell=tell,
        print=PrintSheet(kinds, draw),
        calendars=_calendars(settings, database),
        plan=Plan(
            database, kinds, schools, forms, settings.worker.processes, settings.web.public_url
        ),
    )


def tell_run(settings: Settings, database: Database) -> TellRun:
    """Return what tells how runs stand."""
    return TellRun(catalogue(), _calendars(settings, database))


def begin_run(settings: Settings, database: Database) -> BeginRun:
    """Return what begins runs."""
    return BeginRun(database, catalogue(), _calendars(settings, database))


def _calendars(settings: Settings, database: Database) -> Calendars:
    return Calendars(Schools(database, settings.schools))
