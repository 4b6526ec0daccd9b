"""The process that does the jobs, alone."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event

import click

from service.bootstrap.ground import now
from service.bootstrap.watching import expose, watch
from service.bootstrap.working import working
from service.cli.options import settings_option
from service.cli.starting import ready

GRACE = 20  # seconds for what is being sent when the worker ends


@click.command("worker")
@settings_option
def worker_command(file: Path) -> None:
    """Запустить только обработчик заданий."""
    settings = ready(file, "worker")
    parts = working(settings, now, watch(settings, "worker"))
    expose(settings, parts.worker.database, now)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        parts.chores.begin(stop)
        parts.rounds.begin(stop)
        couriers = parts.couriers.begin(stop)
        parts.worker.run(stop)
        stop.set()
        couriers.join(GRACE)
    finally:
        parts.close()
