"""From an assignment to two files: the pure middle of printing, the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from service.documents.kind import Assignment, DocumentKind
from service.documents.options import PrintOptions
from service.domain import words
from service.domain.errors import Missing
from service.domain.extract import canonical
from service.domain.pagination import Totals
from service.domain.snapshot import Snapshot, Term
from service.rendering.docx import docx
from service.rendering.passport import Passport
from service.rendering.printer import Printer

Report = Callable[[int, str], None]
"""Told how far the work has come: per cent, and what is being done (Russian)."""


class VolumeMissing(Missing):
    """The document has fewer volumes."""

    code = "volume-missing"
    title = "Такого тома нет"


@dataclass(frozen=True, slots=True)
class Task:
    """What one volume is: enough, with the snapshot, to print it again byte for byte."""

    document: str
    kind: str
    class_id: str
    term: str  # empty: the whole year
    options: PrintOptions
    issued_at: datetime
    version: int
    forms: str
    volume: int = 1


@dataclass(frozen=True, slots=True)
class Typeset:
    """A volume as two files; `document` is its id, `volumes` how many there are of it."""

    document: str
    volume: int
    volumes: int
    pdf: bytes
    docx: bytes
    pages: int
    sheets: int


def volume_id(document: str, volume: int) -> str:
    """Return the id of a volume by the id of the first one, which is what was ordered."""
    if volume == 1:
        return document
    return sha256(f"{document} {volume}".encode()).hexdigest()[: len(document)]


def every_volume(
    first: Task,
    extract: Snapshot,
    kinds: Mapping[str, DocumentKind],
    printer: Printer,
    report: Report,
) -> Iterator[Typeset]:
    """Yield all volumes of a document, most often one; `first` is the task of volume 1."""
    made = typeset(first, extract, kinds, printer, report)
    volumes = made.volumes
    yield made
    for volume in range(2, volumes + 1):
        report(90, f"Печатаем том {volume} из {volumes}")
        task = replace(first, document=volume_id(first.document, volume), volume=volume)
        yield typeset(task, extract, kinds, printer, _silent)


def typeset(
    task: Task,
    extract: Snapshot,
    kinds: Mapping[str, DocumentKind],
    printer: Printer,
    report: Report,
) -> Typeset:
    """Print one volume of a document of one class; `extract` holds that class only.

    VolumeMissing if the document has fewer volumes than the task's.
    """
    kind = kinds[task.kind]
    term = next((one for one in extract.terms if one.id == task.term), None)
    assignment = Assignment(
        snapshot=extract,
        term=term,
        options=task.options,
        issued_at=task.issued_at,
        document=task.document,
        version=task.version,
    )
    report(10, "Считаем содержание")
    content = kind.content(assignment)
    report(30, "Верстаем страницы")
    books = printer.books(content)
    if task.volume > len(books):
        has = words.counted(len(books), words.VOLUME)
        raise VolumeMissing(f"Тома {task.volume} нет: в документе {has}.")
    book = books[task.volume - 1]
    passport = Passport(
        document=task.document,
        title=_title(content.title, book.totals),
        kind=task.kind,
        issued_at=task.issued_at,
        snapshot=canonical(extract),
        assignment=_told(task, term, book.totals),
    )
    report(60, "Печатаем PDF")
    printed = printer.pdf(book, passport)
    report(85, "Печатаем DOCX")
    return Typeset(
        document=task.document,
        volume=task.volume,
        volumes=len(books),
        pdf=printed.body,
        docx=docx(book, passport, printer.faces),
        pages=printed.pages,
        sheets=printed.sheets,
    )


def _title(title: str, totals: Totals) -> str:
    if totals.volumes == 1:
        return title
    return f"{title}, том {totals.volume} из {totals.volumes}"


def _silent(_percent: int, _doing: str) -> None:
    """The progress of a later volume is told by its number."""


def _told(task: Task, term: Term | None, totals: Totals) -> bytes:
    """Return what is asked of the printer, as it is embedded in the files."""
    told = {
        "schema": "vedomost-assignment/1",
        "document": task.document,
        "kind": task.kind,
        "class": task.class_id,
        "term": None if term is None else term.id,
        "options": task.options.model_dump(mode="json"),
        "issued_at": task.issued_at.isoformat(),
        "version": task.version,
        "volume": totals.volume,
        "volumes": totals.volumes,
        "forms": task.forms,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
