"""Whether the signatures of files hold, without a server."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from service.bootstrap.ground import now
from service.bootstrap.press import forms, printer
from service.cli.options import settings_option
from service.cli.package_lines import package_lines, package_told
from service.domain.errors import Rejected
from service.reports import catalogue
from service.settings import ROOT, load
from service.workflow.opened_package import looks_like_package
from service.workflow.reproduce import Outcome, Reproduce
from service.workflow.verify_package import verify_package
from signing.reports import SignatureReport
from signing.trust import Trust
from signing.verify import verify

NOT_VALID = 1
OUTCOMES = {
    Outcome.SAME: "совпадает байт в байт",
    Outcome.DIFFERENT: "НЕ СОВПАДАЕТ",
    Outcome.OTHER_EDITION: "напечатан другой версией шаблонов, шрифтов или программы",
}
WORDS = {True: "верна", False: "НЕ ВЕРНА", None: "проверить не удалось"}


class TrustUnknown(Rejected):
    """Nobody said whose certificates count."""

    code = "trust-unknown"
    title = "Неизвестно, чьим сертификатам верить"


@click.command("verify")
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
@click.option("--json", "as_json", is_flag=True, help="Отвечать в JSON.")
def verify_command(files: tuple[Path, ...], trust: Path | None, file: Path, as_json: bool) -> None:
    """Проверить подписи файлов PDF и пакеты (ZIP или папку); код выхода 1, если не всё верно."""
    if trust is None and not file.exists():
        raise TrustUnknown(
            "Укажите папку корневых сертификатов (--trust) или настройки (--settings)."
        )
    believed = Trust.folder(trust or load(file, os.environ).signing.trust)
    good = True
    for path in files:
        if path.is_dir() or looks_like_package(path):
            good = _package(path, believed, as_json=as_json) and good
            continue
        reports = verify(path.read_bytes(), believed, now())
        good = good and bool(reports) and all(one.valid is True for one in reports)
        if as_json:
            click.echo(json.dumps(_told(path, reports), ensure_ascii=False))
            continue
        click.echo(f"{path}: подписей {len(reports)}")
        for one in reports:
            click.echo(f"  {_line(one)}")
    if not good:
        raise SystemExit(NOT_VALID)


def _package(path: Path, trust: Trust, *, as_json: bool) -> bool:
    """Tell of a package and return whether everything in it holds."""
    report = verify_package(path, trust, now())
    if as_json:
        click.echo(json.dumps({"file": str(path)} | package_told(report), ensure_ascii=False))
    else:
        first, *rest = package_lines(report)
        click.echo("\n".join((f"{path}: {first}", *rest)))
    return report.valid is True


@click.command("reproduce")
@click.argument(
    "files",
    metavar="ФАЙЛ…",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
def reproduce_command(files: tuple[Path, ...]) -> None:
    """Напечатать файлы PDF заново из снимков внутри них и сравнить байты."""
    house = printer(ROOT / "templates", ROOT / "fonts", None)
    again = Reproduce(catalogue(), house, forms(house))
    found = {path: again(path.read_bytes()).outcome for path in files}
    for path, outcome in found.items():
        click.echo(f"{path}: {OUTCOMES[outcome]}")
    if set(found.values()) != {Outcome.SAME}:
        raise SystemExit(NOT_VALID)


def _line(one: SignatureReport) -> str:
    who = one.signer.name if one.signer else "владелец неизвестен"
    when = f"{one.signed_at:%d.%m.%Y %H:%M %Z}" if one.signed_at else "время неизвестно"
    return f"{one.field}: {WORDS[one.valid]}, {who}, {when}, {one.level} {one.reason}".rstrip()


def _told(path: Path, reports: tuple[SignatureReport, ...]) -> dict[str, object]:
    return {
        "file": str(path),
        "signatures": [
            {
                "field": one.field,
                "valid": one.valid,
                "code": one.code,
                "reason": one.reason,
                "level": one.level,
                "signer": one.signer.name if one.signer else None,
                "serial": one.signer.serial if one.signer else None,
                "signed_at": one.signed_at.isoformat() if one.signed_at else None,
            }
            for one in reports
        ],
    }
