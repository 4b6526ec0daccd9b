"""Whether the signatures of files hold, without a server."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import click

from service.bootstrap.ground import now
from service.bootstrap.press import forms, printer
from service.cli.options import settings_option
from service.cli.package_lines import package_lines, package_told
from service.cli.russian import Command
from service.cli.signature_lines import outcome_lines
from service.domain.errors import Rejected, ServiceError
from service.domain.outcomes import together
from service.reports import catalogue
from service.settings import ROOT, load
from service.workflow.keeping.opened_package import looks_like_package
from service.workflow.printing.draw import on_paper
from service.workflow.printing.reproduce import Outcome, Reproduce
from service.workflow.verifying import plain
from service.workflow.verifying.layers import layers
from service.workflow.verifying.protocol import PrintProtocol
from service.workflow.verifying.verified import FileReport
from service.workflow.verifying.verify import alone, alone_detached
from service.workflow.verifying.verify_package import verify_package
from signing.errors import SigningError
from signing.trust import Trust

NOT_VALID, UNDETERMINED = 1, 9
DETACHED = frozenset({".p7s", ".sig"})
OUTCOMES = {
    Outcome.SAME: "совпадает байт в байт",
    Outcome.DIFFERENT: "НЕ СОВПАДАЕТ",
    Outcome.OTHER_EDITION: "напечатан другой версией шаблонов, шрифтов или программы",
}


class TrustUnknown(Rejected):
    """Nobody said whose certificates count."""

    code = "trust-unknown"
    title = "Неизвестно, чьим сертификатам верить"


class ContentMissing(Rejected):
    """A detached signature lies there without what it is a signature of."""

    code = "content-missing"
    title = "Нет файла, к которому относится подпись"


class ProtocolOfOne(Rejected):
    """A protocol is about one file; packages have none."""

    code = "protocol-of-one"
    title = "Протокол составляется об одном файле"


@dataclass(frozen=True, slots=True)
class Checked:
    """What came out about a path: the outcome, lines for a person, data for a program."""

    valid: bool | None
    lines: tuple[str, ...]
    told: dict[str, object]
    report: FileReport | None = None


@click.command("verify", cls=Command)
@click.argument(
    "files",
    metavar="ФАЙЛ…",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True),
)
@click.option(
    "--trust",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Папка корневых сертификатов; без неё — из файла настроек.",
)
@settings_option
@click.option("--json", "as_json", is_flag=True, help="Отвечать в JSON, слой за слоем.")
@click.option("--raw", is_flag=True, help="Добавить в JSON исходные данные проверки.")
@click.option(
    "--protocol",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Записать «Протокол проверки подписи» об одном файле: имя.pdf или имя.docx.",
)
def verify_command(
    files: tuple[Path, ...],
    trust: Path | None,
    file: Path,
    as_json: bool,
    raw: bool,
    protocol: Path | None,
) -> None:
    """Проверить подписи файлов и пакетов.

    Это файлы PDF, подписи .p7s рядом с подписанным файлом, пакеты (ZIP или папка).

    Код выхода: 0 — всё верно, 1 — что-то не подтверждено, 9 — проверить до конца не удалось.
    """
    if trust is None and not file.exists():
        raise TrustUnknown(
            "Укажите папку корневых сертификатов (--trust) или настройки (--settings)."
        )
    believed = Trust.folder(trust or load(file, os.environ).signing.trust)
    if protocol is not None and len(files) > 1:
        raise ProtocolOfOne("С --protocol укажите один файл.")
    outcomes = []
    for path in files:
        found = _checked(path, believed, raw=raw)
        outcomes.append(found.valid)
        if as_json:
            told = {"file": str(path)} | found.told
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            first, *rest = found.lines
            click.echo("\n".join((f"{path}: {first}", *rest)))
        if protocol is not None:
            _print(found, protocol)
    outcome = together(outcomes)
    if outcome is not True:
        raise SystemExit(NOT_VALID if outcome is False else UNDETERMINED)


@click.command("reproduce", cls=Command)
@click.argument(
    "files",
    metavar="ФАЙЛ…",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
def reproduce_command(files: tuple[Path, ...]) -> None:
    """Напечатать файлы PDF заново и сравнить байты.

    Печатается снимок, который лежит внутри файла.
    """
    house = printer(ROOT / "templates", ROOT / "fonts", None)
    again = Reproduce(catalogue(), house, forms(house))
    found = {path: again(path.read_bytes()).outcome for path in files}
    for path, outcome in found.items():
        click.echo(f"{path}: {OUTCOMES[outcome]}")
    if set(found.values()) != {Outcome.SAME}:
        raise SystemExit(NOT_VALID)


def _checked(path: Path, trust: Trust, *, raw: bool) -> Checked:
    """Check whatever lies at a path; what cannot be read is not valid and stops no other."""
    try:
        if path.is_dir() or looks_like_package(path):
            package = verify_package(path, trust, now())
            return Checked(package.valid, tuple(package_lines(package)), package_told(package))
        report = _file(path, trust)
    except (ServiceError, SigningError) as error:
        problem = {"valid": False, "code": error.code, "answer": str(error)}
        return Checked(False, (f"НЕ ПРОВЕРЕН. {error}",), problem)
    return Checked(report.valid, tuple(_lines(report)), layers(report, raw=raw), report)


def _file(path: Path, trust: Trust) -> FileReport:
    if path.suffix.lower() not in DETACHED:
        return alone(path.read_bytes(), trust, now())
    content = path.with_suffix("")
    if not content.is_file():
        raise ContentMissing(
            f"Рядом с {path.name} нет файла {content.name}: положите его в ту же папку."
        )
    return alone_detached(path.read_bytes(), content, trust, now())


def _lines(report: FileReport) -> Iterator[str]:
    yield plain.of_file(report).text
    for one in report.signatures:
        yield from (f"  {line}" for line in outcome_lines(one))


def _print(found: Checked, place: Path) -> None:
    if found.report is None:
        raise ProtocolOfOne("Протокол составляется о файле PDF или о подписи .p7s.")
    draw = partial(on_paper, printer(ROOT / "templates", ROOT / "fonts", None))
    made = PrintProtocol(draw, version("vedomost"))(found.report)
    place.write_bytes(made.docx if place.suffix.lower() == ".docx" else made.pdf)
