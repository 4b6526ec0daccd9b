"""After a restore: what was signed and archived since the backup is taken back into the ledger."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from service.bootstrap import recalling
from service.bootstrap.ground import now, stores
from service.cli.failures import exit_code, tell
from service.cli.options import settings_option
from service.cli.russian import Command
from service.cli.starting import ready
from service.domain.errors import Conflict
from service.jobs.engine import Dispatcher
from service.ledger import documents
from service.ledger.database import Database, connect
from service.ledger.documents import Overtaken
from service.ledger.road import Road
from service.workflow.signing.recall import RecallSigned

DOCUMENTS = 500  # read from the ledger at a time


class NotRecalled(Conflict):
    """The archive holds originals that cannot be taken back as they are."""

    code = "originals-not-recalled"
    title = "Взяты не все подлинники"


@dataclass(frozen=True, slots=True)
class Looked:
    """A document whose original only the archive knew: taken back, or why it cannot be."""

    document: str
    problem: str = ""


@click.command("recall", cls=Command)
@settings_option
@click.option("--json", "in_json", is_flag=True, help="Отвечать в JSON.")
def recall_command(file: Path, in_json: bool) -> None:
    """Взять из архива подписанное после резервной копии.

    Для базы данных, восстановленной из копии: о каждом документе, который по ней ещё не в архиве,
    спрашиваются хранилища; лежащий там подлинник с действительными подписями людей школы
    становится документом, и второй раз его не подписывают. В хранилищах ничего не меняется,
    повторять можно. Код выхода: 0 — всё взято, 5 — что-то взять нельзя, 6 — база данных или
    хранилище не отвечает.
    """
    settings = ready(file, "recall")
    database = connect(settings.ledger)
    dispatcher = Dispatcher.at(database.url)
    taken: list[Looked] = []
    left: list[Looked] = []
    try:
        store = stores(settings, now)
        recall = recalling.recall(settings, database, Road(dispatcher), store)
        for one in _each(database, recall):
            (left if one.problem else taken).append(one)
            if not (one.problem or in_json):
                click.echo(f"Взят из архива: {one.document}")
    finally:
        dispatcher.close()
        database.close()
    if in_json:
        told = {"recalled": [one.document for one in taken], "refused": [asdict(o) for o in left]}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"Взято из архива: {len(taken)}.")
    for one in left:
        click.echo(f"Документ {one.document}: {one.problem}", err=True)
    if left:
        problem = NotRecalled(f"Не взято: {len(left)}. В хранилищах всё осталось как было.")
        tell(problem)
        sys.exit(exit_code(problem))


def _each(database: Database, recall: RecallSigned) -> Iterator[Looked]:
    """Yield documents that were taken back, and those that cannot be."""
    last, page = "", True
    while page:
        with database.reading() as connection:
            found = documents.unarchived(connection, last, DOCUMENTS)
        for one in found:
            try:
                if recall(one.id, now()):
                    yield Looked(one.id)
            except Overtaken:
                continue
            except Conflict as error:
                yield Looked(one.id, str(error))
        last, page = (found[-1].id if found else last), bool(found)
