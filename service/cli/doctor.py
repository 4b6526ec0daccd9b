"""What is wrong with this installation and what to do about it, on one page."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from service.bootstrap.diagnosis import diagnose
from service.bootstrap.ground import now
from service.bootstrap.health import Finding, Level, worst
from service.cli.options import settings_option
from service.cli.russian import Command
from service.settings import SettingsWrong, load, secret_files

EXIT: Mapping[Level, int] = {Level.OK: 0, Level.WARN: 1, Level.FAIL: 2}
MARKS: Mapping[Level, tuple[str, str]] = {
    Level.OK: ("✓", "green"),
    Level.WARN: ("!", "yellow"),
    Level.FAIL: ("✗", "red"),
}
TITLES: Mapping[str, str] = {
    "settings": "Настройки",
    "python": "Программа",
    "forms": "Формы и шрифты",
    "data": "Папка данных",
    "disk": "Место на диске",
    "store-primary": "Хранилище 1",
    "store-replica": "Хранилище 2",
    "working": "Рабочие файлы",
    "certificates": "Сертификаты",
    "timestamps": "Штампы времени",
    "gost": "ГОСТ",
    "web": "HTTP",
    "metrics": "Показатели",
    "database": "База данных",
    "engine": "Очередь",
    "clock": "Часы",
    "workers": "Обработчики",
    "queue": "Задания",
    "signatories": "Подписывающие",
    "webhooks": "События школ",
    "failed": "Неудачи",
    "chores": "Ежедневные дела",
}
SUMMARY: Mapping[Level, str] = {
    Level.OK: "Всё в порядке.",
    Level.WARN: "Служба может работать, но есть на что посмотреть.",
    Level.FAIL: "Есть то, что мешает работать.",
}


@click.command("doctor", cls=Command)
@settings_option
@click.option("--json", "in_json", is_flag=True, help="Отвечать в JSON.")
def doctor_command(file: Path, in_json: bool) -> None:
    """Проверить установку и сказать, что не так и что делать.

    Служба может работать или стоять. В каждое хранилище кладётся проверочный файл, у службы
    штампов времени просится один штамп. Код выхода: 0 — всё в порядке, 1 — есть
    предупреждения, 2 — есть то, что мешает работать.
    """
    try:
        found = diagnose(load(file, os.environ), file, now, secret_files(os.environ))
    except SettingsWrong as error:
        remedy = "Все ключи: vedomost settings reference."
        found = (Finding("settings", Level.FAIL, str(error), remedy),)
    if in_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=1))
    else:
        _tell(found)
    sys.exit(EXIT[worst(found)])


def _as_json(found: tuple[Finding, ...]) -> dict[str, object]:
    checks = [
        {"name": one.name, "status": one.level, "message": one.told, "remedy": one.remedy}
        for one in found
    ]
    return {"status": worst(found), "checks": checks}


def _tell(found: tuple[Finding, ...]) -> None:
    for one in found:
        mark, colour = MARKS[one.level]
        click.secho(f"{mark} {TITLES[one.name]:<16}", fg=colour, nl=False)
        click.echo(f" {one.told}")
        if one.remedy and one.level is not Level.OK:
            click.echo(f"{'':<19}→ {one.remedy}")
    level = worst(found)
    click.secho(SUMMARY[level], fg=MARKS[level][1], bold=True)
