"""The process that does the jobs, alone."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import click

from service.bootstrap.ground import now
from service.bootstrap.watching import expose, watch
from service.bootstrap.working import working
from service.cli.options import settings_option
from service.cli.russian import Command
from service.cli.starting import ready
from service.cli.supervisor import on_stop


@click.command("worker", cls=Command)
@settings_option
def worker_command(file: Path) -> None:
    """Запустить только обработчик заданий."""
    settings = ready(file, "worker")
    stop = Event()
    parts = working(settings, now, watch(settings, "worker"), lambda: not stop.is_set())
    expose(settings, parts.worker.database, now)
    on_stop(lambda *_: stop.set())
    try:
        parts.worker.run(stop, lambda: parts.beside(stop))
    finally:
        parts.close()
