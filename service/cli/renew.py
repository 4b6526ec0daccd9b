"""Evidence of the archive attested and renewed, or only told how it stands."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from service.bootstrap.evidence import upkeep
from service.bootstrap.ground import now, stores
from service.cli.failures import exit_code, tell
from service.cli.options import settings_option
from service.cli.russian import Command
from service.cli.starting import ready
from service.cli.told_evidence import as_json, lines
from service.ledger.database import connect
from service.workflow.evidence.renew import Fate

DATES = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
MISSED = 1


@click.command("renew", cls=Command)
@settings_option
@click.option(
    "--at",
    type=click.DateTime(DATES),
    metavar="ДАТА",
    help="Считать, что сейчас эта дата (UTC): для пробы на копии данных.",
)
@click.option("--dry-run", "dry", is_flag=True, help="Только показать, что пора сделать.")
@click.option("--json", "in_json", is_flag=True, help="Отвечать в JSON.")
def renew_command(file: Path, at: datetime | None, dry: bool, in_json: bool) -> None:
    """Продлить доказательства существования документов.

    Доказательства — по RFC 4998. Новые документы архива получают общую метку времени, у прежних она
    обновляется за год до того, как истечёт сертификат её службы. Обработчик делает это сам раз
    в сутки. Код выхода 1, если срок какой-то метки упущен.
    """
    settings = ready(file, "renew")
    moment = at.replace(tzinfo=UTC) if at is not None else now()
    database = connect(settings.ledger)
    try:
        done = upkeep(settings, database, stores(settings, lambda: moment))(moment, dry=dry)
    finally:
        database.close()
    if in_json:
        click.echo(json.dumps(as_json(done, moment), ensure_ascii=False))
    else:
        for line in lines(done, moment, dry=dry):
            click.echo(line)
    for problem in done.problems:
        tell(problem)
    if done.problems:
        sys.exit(exit_code(done.problems[0]))
    outlooks = done.renewal.outlooks if done.renewal else ()
    if any(one.fate is Fate.MISSED for one in outlooks):
        sys.exit(MISSED)
