"""The whole service with one command, and the demo: both only start other processes."""

from __future__ import annotations

import logging
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from service.bootstrap import logs
from service.cli.options import settings_option
from service.cli.russian import Command
from service.cli.supervisor import supervise
from service.settings import load

LOG = logging.getLogger(__name__)

GRACE = 40  # seconds between SIGTERM and the end of patience


@click.command("serve", cls=Command)
@settings_option
def serve_command(file: Path) -> None:
    """Запустить службу: HTTP и обработчик заданий.

    Остановить — Ctrl+C или SIGTERM.
    """
    settings = load(file, os.environ)
    logs.configure(settings, "serve")
    LOG.info("http://%s", settings.web.listen)
    supervise(("web", "worker"), file, GRACE)


@click.command("demo", cls=Command)
@click.option(
    "--stores",
    type=click.Choice(["bucket", "folder"]),
    default="bucket",
    show_default=True,
    help="Где лежат копии: два сервера S3 с блокировкой или две папки.",
)
@click.option(
    "--build",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build/demo"),
    show_default=True,
    help="Папка для всего, что создаст показ.",
)
def demo_command(stores: str, build: Path) -> None:
    """Показать всю дорогу документа на двух школах, на этой машине."""
    # Its servers come with the extra «demo»: without it the other commands must still start.
    sys.exit(import_module("service.demo.run").run(build, stores))


@click.command("sandbox", cls=Command)
@click.option(
    "--stores",
    type=click.Choice(["bucket", "folder"]),
    default="folder",
    show_default=True,
    help="Где лежат копии.",
)
@click.option(
    "--listen",
    metavar="АДРЕС",
    help="Адрес и порт, например 127.0.0.1:8000; без него — свободный порт.",
)
@click.option(
    "--build",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build/sandbox"),
    show_default=True,
    help="Папка для всего, что создаст песочница.",
)
def sandbox_command(stores: str, listen: str | None, build: Path) -> None:
    """Запустить службу для проб: школа, токены, ключи, снимок.

    Работает до Ctrl+C.
    """
    sys.exit(import_module("service.demo.sandbox").sandbox(build, stores, listen))
