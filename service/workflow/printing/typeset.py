"""From an assignment to two files: the pure middle of printing, the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from service.documents.kind import Assignment, DocumentKind
from service.documents.options import DocumentOptions
from service.domain.errors import Missing
from service.domain.extract import Extract
from service.domain.pagination import PageCount, Totals
from service.domain.snapshot import Term
from service.domain.wording import words
from service.ledger.printing.steps import Stage
from service.rendering.docx import docx
from service.rendering.pages import Book
from service.rendering.passport import Passport
from service.rendering.printer import Printer

Report = Callable[[Stage], None]
"""Told how far the work has come."""


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
    options: DocumentOptions
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
    extract: Extract,
    kinds: Mapping[str, DocumentKind],
    printer: Printer,
    report: Report,
) -> Iterator[Typeset]:
    """Yield all volumes of a document, most often one; `first` is the task of volume 1."""
    books = _settled(first, extract, kinds, printer, report)
    done, total = len(books[0].pages), sum(len(book.pages) for book in books)

    def counted(stage: Stage) -> None:
        report(replace(stage, pages_total=total))

    yield _printed(first, extract, books[0], printer, counted)
    for volume, book in enumerate(books[1:], start=2):
        report(Stage(90, f"Печатаем том {volume} из {len(books)}", done, total))
        task = replace(first, document=volume_id(first.document, volume), volume=volume)
        yield _printed(task, extract, book, printer, _silent)
        done += len(book.pages)


def typeset(
    task: Task,
    extract: Extract,
    kinds: Mapping[str, DocumentKind],
    printer: Printer,
    report: Report,
) -> Typeset:
    """Print one volume of a document of one class; `extract` holds that class only.

    VolumeMissing if the document has fewer volumes than the task's.
    """
    books = _settled(task, extract, kinds, printer, report)
    if task.volume > len(books):
        has = words.counted(len(books), words.VOLUME)
        raise VolumeMissing(f"Тома {task.volume} нет: в документе {has}.")
    return _printed(task, extract, books[task.volume - 1], printer, report)


def laid_out(
    task: Task, extract: Extract, kinds: Mapping[str, DocumentKind], printer: Printer
) -> tuple[PageCount, ...]:
    """Return the pages and sheets of each volume of a document, without making a file."""
    books = _settled(task, extract, kinds, printer, _silent)
    return tuple(book.totals.count for book in books)


def _settled(
    task: Task,
    extract: Extract,
    kinds: Mapping[str, DocumentKind],
    printer: Printer,
    report: Report,
) -> tuple[Book, ...]:
    """Return the volumes of a document, laid out."""
    assignment = Assignment(
        snapshot=extract.snapshot,
        term=_term(task, extract),
        options=task.options,
        issued_at=task.issued_at,
        version=task.version,
    )
    report(Stage(10, "Считаем содержание"))
    content = kinds[task.kind].content(assignment)
    report(Stage(30, "Верстаем страницы"))
    return printer.books(content)


def _printed(task: Task, extract: Extract, book: Book, printer: Printer, report: Report) -> Typeset:
    passport = Passport(
        document=task.document,
        title=_title(book.content.title, book.totals),
        kind=task.kind,
        issued_at=task.issued_at,
        snapshot=extract.body,
        assignment=_told(task, _term(task, extract), book.totals),
    )
    book = printer.marked(book, task.document, task.options.address(task.document))
    report(Stage(60, "Печатаем PDF"))
    printed = printer.pdf(book, passport)
    report(Stage(85, "Печатаем DOCX", printed.pages))
    return Typeset(
        document=task.document,
        volume=task.volume,
        volumes=book.totals.volumes,
        pdf=printed.body,
        docx=docx(book, passport, printer.faces),
        pages=printed.pages,
        sheets=printed.sheets,
    )


def _term(task: Task, extract: Extract) -> Term | None:
    return next((one for one in extract.snapshot.terms if one.id == task.term), None)


def _title(title: str, totals: Totals) -> str:
    if totals.volumes == 1:
        return title
    return f"{title}, том {totals.volume} из {totals.volumes}"


def _silent(_stage: Stage) -> None:
    """The progress of a later volume is told by its number."""


def _told(task: Task, term: Term | None, totals: Totals) -> bytes:
    """Return what is asked of the printer, as it is embedded in the files."""
    told = {
        "schema": "vedomost-assignment/1",
        "document": task.document,
        "kind": task.kind,
        "class": task.class_id,
        "term": None if term is None else term.id,
        "options": task.options.told(),
        "issued_at": task.issued_at.isoformat(),
        "version": task.version,
        "volume": totals.volume,
        "volumes": totals.volumes,
        "forms": task.forms,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
