"""Whether the ledger holds: its whole audit log, documents as it says, copies as they were kept."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from service.bootstrap.ground import now, stores
from service.cli.failures import exit_code, tell
from service.cli.options import settings_option
from service.cli.russian import Command
from service.domain.errors import Conflict, ServiceError, Unavailable
from service.ledger import copies
from service.ledger.agreement import Disagreement, Fault, Followed, disagreements, follow
from service.ledger.audit import Breach
from service.ledger.database import Database, connect
from service.settings import Settings, load
from service.workflow.keeping.check_copies import CheckCopies

One = TypeVar("One")
SHOWN = 20
BREACHES = {
    Breach.MISSING: "строки нет",
    Breach.CHANGED: "строка изменена",
    Breach.UNLINKED: "строка не продолжает предыдущую",
    Breach.SCHOOL: "строка не продолжает журнал своей школы",
}
FAULTS = {
    Fault.UNLOGGED: "в журнале действий о нём ничего нет",
    Fault.STATE: "состояние не то, что в журнале действий",
    Fault.COPIES: "записаны не все копии",
    Fault.ANOTHER: "в архив положен другой файл",
}


class LedgerDisagrees(Conflict):
    """The ledger contradicts itself, or a store holds something else: somebody changed it."""

    code = "ledger-disagrees"
    title = "Журнал не сходится"


class StoresSilent(Unavailable):
    """Not every copy could be read."""

    code = "copies-unread"
    title = "Прочитаны не все копии"


@click.command("audit", cls=Command)
@settings_option
@click.option("--copies", "read", is_flag=True, help="Прочесть заново и все копии в хранилищах.")
@click.option("--json", "in_json", is_flag=True, help="Отвечать в JSON.")
def audit_command(file: Path, read: bool, in_json: bool) -> None:
    """Проверить весь журнал действий и документы по нему.

    Строки всех школ проверяются по цепочке хэшей, состояния документов — по строкам, копии —
    по записям о них; с --copies каждая копия читается заново. Запишите хэш последней строки: он
    докажет, что до неё ничего не изменилось. Служба может работать. Код
    выхода: 0 — всё сходится, 5 — нет, 6 — база данных или хранилище не отвечает.
    """
    settings = load(file, os.environ)
    database = connect(settings.ledger)
    try:
        database.require_fit()
        followed = follow(database, partial(_progress, "строк"))
        wrong = tuple(disagreements(database, partial(_progress, "документов")))
        bad, silent = _read(settings, database) if read else ((), 0)
    finally:
        database.close()
    if in_json:
        told = {
            "lines": followed.lines,
            "last": followed.last,
            "broken": asdict(followed.broken) if followed.broken else None,
            "documents": [asdict(one) for one in wrong],
            "copies": {"wrong": list(bad), "silent": silent} if read else None,
        }
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for line in _lines(followed, wrong, bad):
            click.echo(line)
    problem: ServiceError | None = None
    if followed.broken or wrong or bad:
        problem = LedgerDisagrees(
            "Базу данных или хранилище меняли в обход службы: сверьтесь с резервной копией."
        )
    elif silent:
        problem = StoresSilent(f"Не ответили о копиях: {silent}. Повторите, когда ответят.")
    if problem is not None:
        tell(problem)
        sys.exit(exit_code(problem))


def _read(settings: Settings, database: Database) -> tuple[tuple[dict[str, str], ...], int]:
    """Read every copy again; return those that are wrong, and how many nobody answered about."""
    check = CheckCopies(database, stores(settings, now))
    bad: list[dict[str, str]] = []
    silent = done = 0
    with database.reading() as connection:
        count = copies.count(connection)
    for held in copies.all_by_document(database):
        for one in check.again(held, now()):
            if one.good is None:
                silent += 1
            elif not one.good:
                bad.append(
                    {"document": one.kept.document, "name": one.kept.name, "store": one.kept.store}
                )
        done += len(held)
        _progress("копий", min(done, count), count)
    return tuple(bad), silent


def _lines(
    followed: Followed, wrong: tuple[Disagreement, ...], bad: tuple[dict[str, str], ...]
) -> Iterator[str]:
    yield f"Строк журнала, которые держатся: {followed.lines}. Хэш последней: {followed.last}"
    if (broken := followed.broken) is not None:
        whose = f", школа {broken.school}" if broken.school else ""
        yield f"Строка {broken.number}{whose}: {BREACHES[broken.breach]} ({broken.breach})."
    yield from _first(
        wrong,
        lambda one: (
            f"Документ {one.document}, школа {one.school}, "
            f"«{one.state}»: {FAULTS[one.fault]} ({one.fault})."
        ),
    )
    yield from _first(
        bad,
        lambda one: (
            "Копия {name} документа {document} в хранилище «{store}» не та, что положена.".format(
                **one
            )
        ),
    )
    if not (broken or wrong or bad):
        yield "Всё сходится."


def _first(found: Iterable[One], told: Callable[[One], str]) -> Iterator[str]:
    everything = tuple(found)
    yield from map(told, everything[:SHOWN])
    if len(everything) > SHOWN:
        yield f"… и ещё {len(everything) - SHOWN}"


def _progress(what: str, done: int, of: int) -> None:
    """Say on a terminal how far it is; a file or a pipe is told nothing."""
    if sys.stderr.isatty():
        click.echo(f"\r{what}: {done} из {of} ", err=True, nl=done == of)
