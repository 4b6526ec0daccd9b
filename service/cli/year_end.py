"""The end of the year: what it would print, or its run begun."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import click

from service.bootstrap import forecasts
from service.bootstrap.ground import now
from service.bootstrap.runs import begin_run, tell_run
from service.cli.options import settings_option
from service.cli.russian import Command
from service.cli.starting import ready
from service.documents.options import PrintOptions
from service.domain.calendars.calendar import YEAR_END
from service.ledger.database import connect
from service.reports import catalogue
from service.settings import Settings
from service.workflow.printing.plan import Forecast, Planned
from service.workflow.runs.begin import RunWanted

WHO = "command-line"
WIDTHS = (8, 40, 9, 8, 7)
HEAD = ("Класс", "Документ", "Страниц", "Листов", "Томов")


@click.command("year-end", cls=Command)
@click.argument(
    "snapshot",
    metavar="[СНИМОК]",
    required=False,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@click.option("--school", metavar="ШКОЛА", help="Школа, снимки которой уже приняты службой.")
@click.option(
    "--year", metavar="ГОД", default="", help="Учебный год вида 2026/2027; без него — нынешний."
)
@click.option("--dry-run", "dry", is_flag=True, help="Только посчитать страницы, листы, минуты.")
@click.option(
    "--processes",
    metavar="ЧИСЛО",
    type=click.IntRange(1, 64),
    default=max(1, min(4, os.cpu_count() or 1)),
    show_default=True,
    help="Во сколько процессов считать файл снимка.",
)
@click.option("--json", "in_json", is_flag=True, help="Отвечать в JSON.")
@settings_option
def year_end_command(
    snapshot: Path | None,
    school: str | None,
    year: str,
    dry: bool,
    processes: int,
    in_json: bool,
    file: Path,
) -> None:
    """Начать прогон конца года или узнать, что он напечатает.

    С --dry-run ничего не печатается и не заказывается: СНИМОК считается прямо из файла, без
    службы, а --school — по последним снимкам, принятым службой.
    """
    if (snapshot is None) == (school is None):
        raise click.UsageError("Укажите файл снимка или --school.")
    if snapshot is not None:
        if not dry:
            raise click.UsageError("Файл снимка можно только посчитать: добавьте --dry-run.")
        _tell(forecasts.of_file(snapshot, PrintOptions(), processes), (), in_json)
        return
    assert school is not None
    settings = ready(file, "year-end")
    if dry:
        found = forecasts.of_school(settings, school, year, now())
        _tell(found.forecast, found.missing, in_json)
    else:
        _begin(settings, school, year, in_json)


def _begin(settings: Settings, school: str, year: str, in_json: bool) -> None:
    database = connect(settings.ledger)
    try:
        begun = begin_run(settings, database)(school, RunWanted(YEAR_END, year), WHO, now())
        with database.reading() as connection:
            sheet = tell_run(settings, database)(connection, begun.run)
    finally:
        database.close()
    counts = {status.value: count for status, count in sorted(sheet.counts.items())}
    if in_json:
        told = {"run": begun.run.id, "new": begun.new, "counts": counts}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"Прогон {begun.run.id} {'начат' if begun.new else 'пересматривается'}.")
    click.echo(f"Дальше его ведёт обработчик; лист прогона — GET /v1/runs/{begun.run.id}.")


def _tell(forecast: Forecast, missing: tuple[str, ...], in_json: bool) -> None:
    if in_json:
        click.echo(json.dumps(_told(forecast, missing), ensure_ascii=False))
        return
    for line in _lines(forecast, missing):
        click.echo(line)


def _lines(forecast: Forecast, missing: tuple[str, ...]) -> Iterator[str]:
    yield _row(HEAD)
    for one in forecast.lines:
        if one.counted is not None and one.counted.problem is None:
            counted = one.counted
            figures = (sum(counted.pages), sum(counted.sheets), len(counted.pages))
            yield _row((one.class_title, _title(one), *map(str, figures)))
    for one in forecast.lines:
        if one.counted is not None and one.counted.problem is not None:
            reason = one.counted.problem["message"]
            yield f"{one.class_title}, {_title(one)}: не напечатать. {reason}"
    if missing:
        yield f"Нет снимка закрытого года: {', '.join(missing)}."
    yield (
        f"Всего: документов {forecast.documents}, страниц {forecast.pages}, "
        f"листов {forecast.sheets}; отказов {forecast.refused}. "
        f"Печать займёт около {_minutes(forecast.minutes)} (процессов: {forecast.processes})."
    )


def _row(cells: tuple[str, ...]) -> str:
    first, second, *figures = (
        cell.ljust(width) if place < 2 else cell.rjust(width)  # noqa: PLR2004 - words, then figures
        for place, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    )
    return "".join((first, second, *figures)).rstrip()


def _minutes(minutes: float) -> str:
    return "минуты" if minutes < 1 else f"{minutes:.0f} мин."


def _title(one: Planned) -> str:
    return catalogue()[one.kind].title


def _told(forecast: Forecast, missing: tuple[str, ...]) -> dict[str, object]:
    return {
        "documents": forecast.documents,
        "pages": forecast.pages,
        "sheets": forecast.sheets,
        "refused": forecast.refused,
        "minutes": forecast.minutes,
        "processes": forecast.processes,
        "missing": list(missing),
        "lines": [
            {
                "class": one.class_id,
                "kind": one.kind,
                "term": one.term or None,
                "pages": list(one.counted.pages) if one.counted else None,
                "sheets": list(one.counted.sheets) if one.counted else None,
                "problem": one.counted.problem if one.counted else None,
            }
            for one in forecast.lines
        ],
    }
