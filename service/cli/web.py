"""The process that answers HTTP, alone."""

from __future__ import annotations

from pathlib import Path

import click

from service.bootstrap import memory
from service.cli.options import settings_option
from service.cli.russian import Command
from service.cli.starting import ready
from service.web.serving.server import Server


@click.command("web", cls=Command)
@settings_option
def web_command(file: Path) -> None:
    """Запустить только HTTP."""
    memory.frugal()
    Server(ready(file, "web")).run()
