"""The tables taken forward by hand, before the first process of a new release starts."""

from __future__ import annotations

import os
from pathlib import Path

import click

from service.bootstrap import logs
from service.bootstrap.ground import migrate
from service.cli.options import settings_option
from service.cli.russian import Command
from service.ledger import migrating
from service.ledger.database import connect
from service.settings import load


@click.command("migrate", cls=Command)
@settings_option
@click.option("--check", is_flag=True, help="Ничего не менять, только сказать, пора ли.")
def migrate_command(file: Path, check: bool) -> None:
    """Обновить таблицы базы данных.

    Прежний выпуск службы при этом может работать. Назад таблицы не переводятся. Код выхода 5:
    таблицы не подходят этому выпуску программы.
    """
    settings = load(file, os.environ)
    logs.configure(settings, "migrate")
    if not check:
        migrate(settings)
    database = connect(settings.ledger)
    try:
        database.require_fit()
        with database.reading() as connection:
            found = migrating.version(connection)
    finally:
        database.close()
    click.echo(f"Таблицы версии {found} подходят этому выпуску.")
