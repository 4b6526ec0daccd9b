"""How the worker reaches its printing processes: by names, so that it need not load what draws."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from service.bootstrap import logs
from service.observing.context import bound
from service.settings import Settings
from service.workflow.produce import Printout

PRESS = "service.bootstrap.press"


def make(settings: Settings) -> Any:
    """Build, in the process this is called in, the workshop it prints with."""
    logs.configure(settings, "printing")
    return import_module(PRESS).workshop(settings)


def print_there(workshop: Any, document: str, generation: int) -> tuple[Printout, ...]:
    """Print a document with what `make` built."""
    with bound(document=document, step="rendering"):
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
