"""What the signer sees: what will be signed before, how far it is meanwhile, what failed after."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

ROLES = {"deputy": "заместитель директора", "seal": "печать организации", "director": "директор"}
NARROW = 100  # columns; a terminal less wide, or a file, gets lines instead of a table


def show(items: Iterable[Mapping[str, Any]]) -> None:
    """Show what waits for a signature: kind, class, pages, sheets, hash."""
    console = Console(stderr=True)
    rows = [_row(number, item) for number, item in enumerate(items, start=1)]
    if not console.is_terminal or console.width < NARROW:
        for row in rows:
            click.echo("  ".join(filter(None, row)), err=True)
        return
    grid = Table(title="К подписанию")
    for heading in ("№", "Документ", "Класс", "Период", "Объём", "SHA-256"):
        grid.add_column(heading, overflow="fold")
    for row in rows:
        grid.add_row(*map(escape, row))
    console.print(grid)


def refused(items: Iterable[Mapping[str, Any]]) -> None:
    """Say what the session will not have signed, and why."""
    for item in items:
        problem = item.get("problem") or {}
        failed(item, str(problem.get("message", "причина не названа")))


def failed(item: Mapping[str, Any], said: str) -> None:
    """Say that something was not signed, and why."""
    click.secho(f"{named(item)}: ", fg="red", err=True, nl=False)
    click.echo(said, err=True)


def named(item: Mapping[str, Any]) -> str:
    """Return how an item is called."""
    title = item.get("title") or ("Пакет" if item.get("package") else "Документ")
    about = " ".join(filter(None, (item.get("class_title"), item.get("term"))))
    return f"{title} {about} ({item.get('document') or item.get('package')})".replace("  ", " ")


@contextmanager
def progress(total: int) -> Iterator[Progress]:
    """Show a bar on a terminal, nothing elsewhere; call `advance` with its only task."""
    columns = (
        TextColumn("Подписание"),
        BarColumn(),
        TextColumn("{task.completed:.0f} из {task.total:.0f}"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as bar:
        bar.add_task("", total=total)
        yield bar


def _row(number: int, item: Mapping[str, Any]) -> tuple[str, ...]:
    size = f"{item['pages']} стр., {item['sheets']} л." if item.get("pages") else ""
    title = item.get("title") or ""
    version = f", версия {item['version']}" if (item.get("version") or 1) > 1 else ""
    digest = item.get("pdf_sha256") or item.get("manifest_sha256") or ""
    place = (item.get("class_title") or "", item.get("term") or "")
    return f"{number}", f"{title}{version}", *place, size, str(digest)
