"""Options several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.russian import FromEnvironment

settings_option = click.option(
    "--settings",
    "file",
    cls=FromEnvironment,
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="VEDOMOST_SETTINGS",
    default=Path("vedomost.toml"),
    show_default=True,
    help="Файл настроек (или переменная VEDOMOST_SETTINGS).",
)
