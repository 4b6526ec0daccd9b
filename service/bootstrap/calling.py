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
