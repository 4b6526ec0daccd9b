"""How the worker reaches its printing processes: by names, so that it need not load what draws."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from service.bootstrap import logs
from service.documents.options import PrintOptions
from service.documents.parts import Content
from service.jobs.pool import Pool
from service.ledger.files import Arrived
from service.ledger.printing.layouts import Counted, Layout
from service.observing.context import bound, ids
from service.rendering.passport import Passport
from service.settings import Settings
from service.workflow.printing.paper import Paper
from service.workflow.printing.produce import Press, Printout

PRESS = "service.bootstrap.press"


def make(settings: Settings) -> Any:
    """Build, in the process this is called in, the workshop it prints with."""
    logs.configure(settings, "printing")
    return import_module(PRESS).workshop(settings)


def print_by(pool: Pool[Any, Any]) -> Press:
    """Return a press that prints in the processes of a pool, which log the ids of its caller."""
    return lambda document, generation, wanted: pool.run(
        partial(print_there, dict(ids())), document, generation, wanted
    )


def print_there(
    known: dict[str, str], workshop: Any, document: str, generation: int
) -> tuple[Printout, ...]:
    """Print a document with what `make` built, for a caller of whom some ids are known."""
    with bound(**known):
        printouts: tuple[Printout, ...] = workshop.print(document, generation)
    return printouts


def editions_there(workshop: Any, _nothing: str, _never: int) -> tuple[str, str]:
    """Return the hashes of what a printing process prints with: design and forms."""
    known: tuple[str, str] = import_module(PRESS).editions(workshop)
    return known


def compare_there(
    workshop: Any, class_id: str, _never: int, school: str, one: str, other: str
) -> bool:
    """Tell whether two snapshots of a school say the same of a class."""
    same: bool = workshop.same_class(school, one, other, class_id)
    return same


def lay_out_there(
    workshop: Any, _document: str, _never: int, layout: Layout, at: datetime
) -> Counted:
    """Count the pages of a document that is not printed."""
    counted: Counted = workshop.lay_out(layout, at)
    return counted


def accept_there(
    workshop: Any, _body: str, _never: int, arrived: Arrived, school: str, by: str, at: datetime
) -> None:
    """Accept a snapshot that arrived on this host."""
    import_module(PRESS).accept(workshop, school, arrived, by, at)


def make_printer(settings: Settings) -> Any:
    """Build, in the process this is called in, what draws papers."""
    return import_module(PRESS).printer(settings.templates, settings.fonts, settings.data)


def draw_there(
    printer: Any, _document: str, _never: int, content: Content, passport: Passport
) -> Paper:
    """Draw a paper."""
    drawn: Paper = import_module(PRESS).paper(printer, content, passport)
    return drawn


def make_bench(file: Path) -> Any:
    """Build, in the process this is called in, what counts the documents of a snapshot file."""
    return import_module(PRESS).bench(file)


def count_there(
    bench: Any, class_id: str, _never: int, kind: str, options: PrintOptions
) -> Counted:
    """Count the pages of a document of a snapshot file."""
    counted: Counted = bench.count(class_id, kind, options)
    return counted
