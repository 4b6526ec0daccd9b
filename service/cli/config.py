"""The settings themselves: what keys there are, and whether a file holds good ones."""

from __future__ import annotations

import os
from pathlib import Path

import click

from service.cli.options import settings_option
from service.cli.russian import Group
from service.settings import load
from service.settings.reference import FILE, markdown


@click.group("settings", cls=Group)
def settings_command() -> None:
    """Настройки службы."""


@settings_command.command("reference")
@click.option("--write", is_flag=True, help="Записать в файл в исходном тексте программы.")
def reference_command(write: bool) -> None:
    """Показать все ключи: что это, какими бывают, как задать."""
    if write:
        FILE.write_text(markdown(), encoding="utf-8")
    else:
        click.echo(markdown(), nl=False)


@settings_command.command("check")
@settings_option
def check_command(file: Path) -> None:
    """Проверить файл настроек, ничего не запуская."""
    load(file, os.environ)
    click.echo(f"Настройки {file} приняты.")
