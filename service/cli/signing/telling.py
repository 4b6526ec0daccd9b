"""What the signer sees: what will be signed before, how far it is meanwhile, what failed after."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from service.client.told import ItemTold

ROLES = {"deputy": "заместитель директора", "seal": "печать организации", "director": "директор"}
NARROW = 100  # columns; a terminal less wide, or a file, gets lines instead of a table


def show(items: Iterable[ItemTold]) -> None:
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


def refused(items: Iterable[ItemTold]) -> None:
    """Say what the session will not have signed, and why."""
    for item in items:
        failed(item, item.problem.message if item.problem else "причина не названа")


def failed(item: ItemTold, said: str) -> None:
    """Say that something was not signed, and why."""
    click.secho(f"{named(item)}: ", fg="red", err=True, nl=False)
    click.echo(said, err=True)


def named(item: ItemTold) -> str:
    """Return how an item is called."""
    title = item.title or ("Пакет" if item.package else "Документ")
    about = " ".join(filter(None, (item.class_title, item.term)))
    return f"{title} {about} ({item.document or item.package})".replace("  ", " ")


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


def _row(number: int, item: ItemTold) -> tuple[str, ...]:
    size = f"{item.pages} стр., {item.sheets} л." if item.pages else ""
    version = f", версия {item.version}" if (item.version or 1) > 1 else ""
    digest = item.pdf_sha256 or item.manifest_sha256 or ""
    return (
        f"{number}",
        f"{item.title or ''}{version}",
        item.class_title or "",
        item.term or "",
        size,
        digest,
    )
