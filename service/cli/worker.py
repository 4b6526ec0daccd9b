"""The process that does the jobs, alone."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event

import click

from service.bootstrap.working import working
from service.cli.options import settings_option
from service.cli.starting import ready


@click.command("worker")
@settings_option
def worker_command(file: Path) -> None:
    """Запустить только обработчик заданий."""
    parts = working(ready(file))
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        parts.chores.begin(stop)
        parts.worker.run(stop)
    finally:
        parts.close()
