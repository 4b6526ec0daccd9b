"""Commands that make snapshots: a school that does not exist, a foreign export."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from service.cli.russian import Command
from service.domain.errors import Rejected
from service.domain.extract import canonical
from service.domain.snapshot import School, Snapshot, Year
from service.imports import Facts, formats
from service.sample.school import MOST_CLASSES, school

out_option = click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Файл снимка; без него снимок выводится на экран.",
)


class FactsWrong(Rejected):
    """The file of facts about the school is not what is expected."""

    code = "facts-wrong"
    title = "Сведения о школе не приняты"


class FactsFile(BaseModel):
    """What an export does not say about itself."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    school: School
    year: Year
    exported_at: AwareDatetime


def _known(_ctx: click.Context, _parameter: click.Parameter, name: str) -> str:
    if name not in formats():
        raise click.BadParameter(f"есть форматы: {', '.join(formats())}")
    return name


@click.command("sample", cls=Command)
@click.option(
    "--classes",
    metavar="ЧИСЛО",
    type=click.IntRange(1, MOST_CLASSES),
    default=1,
    show_default=True,
    help="Классов.",
)
@click.option(
    "--seed",
    metavar="ЧИСЛО",
    type=int,
    default=1,
    show_default=True,
    help="Другое число — другая школа.",
)
@out_option
def sample_command(classes: int, seed: int, out: Path | None) -> None:
    """Придумать школу: снимок журнала за год.

    Одинаковые числа дают одинаковый снимок.
    """
    _write(school(classes, seed), out)


@click.command("import", cls=Command)
@click.argument("format_", metavar="ФОРМАТ", callback=_known)
@click.argument(
    "folder", metavar="ПАПКА", type=click.Path(path_type=Path, exists=True, file_okay=False)
)
@click.option(
    "--facts",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="JSON с ключами school, year, exported_at, как в снимке; без него — учебные сведения.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Куда записать, что стало с каждой строкой выгрузки (JSON).",
)
@out_option
def import_command(
    format_: str, folder: Path, facts: Path | None, report: Path | None, out: Path | None
) -> None:
    """Превратить выгрузку другого журнала в снимок."""
    foreign = formats()[format_]
    imported = foreign.read(folder, _facts(facts) if facts else foreign.facts())
    if report is not None:
        report.write_text(imported.report.to_json(), encoding="utf-8")
    for file in imported.report.files:
        click.echo(f"{file.file}: строк {file.lines}, не вошло {file.left_out}", err=True)
    _write(imported.snapshot, out)


def _facts(file: Path) -> Facts:
    try:
        told = FactsFile.model_validate_json(file.read_bytes())
    except ValidationError as error:
        places = "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
            for one in error.errors(include_url=False, include_input=False)
        )
        raise FactsWrong(f"{file}: {places}") from None
    return Facts(told.school, told.year, told.exported_at)


def _write(snapshot: Snapshot, out: Path | None) -> None:
    body = canonical(snapshot)
    if out is None:
        click.echo(body, nl=False)
    else:
        out.write_bytes(body)
