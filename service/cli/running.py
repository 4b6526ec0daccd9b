"""The two processes of the service, each alone: HTTP, and the jobs."""

from __future__ import annotations

import logging
import os
import signal
from pathlib import Path
from threading import Event

import click

from service.bootstrap import prepare, working
from service.cli.options import settings_option
from service.settings import Settings, load
from service.web.server import Server

NOISY = ("alembic", "dbos", "weasyprint", "fontTools", "pyhanko", "pyhanko_certvalidator")


@click.command("worker")
@settings_option
def worker_command(file: Path) -> None:
    """Запустить только обработчик заданий."""
    parts = working(_ready(file))
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        parts.worker.run(stop)
    finally:
        parts.close()


@click.command("web")
@settings_option
def web_command(file: Path) -> None:
    """Запустить только HTTP."""
    Server(_ready(file)).run()


def _ready(file: Path) -> Settings:
    """Read the settings, make data folder and tables ready, start logging."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for library in NOISY:
        logging.getLogger(library).setLevel(logging.WARNING)
    settings = load(file, os.environ)
    prepare(settings)
    return settings
