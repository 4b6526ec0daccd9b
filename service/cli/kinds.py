"""The catalogue of documents."""

from __future__ import annotations

import json

import click

from service.cli.russian import Command
from service.documents.kind import Scope
from service.reports import catalogue

SCOPES = {Scope.CLASS: "класс, год", Scope.CLASS_TERM: "класс, период"}


@click.command("kinds", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Отвечать в JSON.")
def kinds_command(as_json: bool) -> None:
    """Показать виды документов."""
    for name, kind in catalogue().items():
        if as_json:
            told = {
                "name": name,
                "title": kind.title,
                "scope": kind.scope.value,
                "retention_years": kind.retention,
                "signatories": list(kind.signatories),
            }
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            click.echo(f"{name:<18} {kind.title} ({SCOPES[kind.scope]}; {kind.retention} лет)")
