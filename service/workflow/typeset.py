"""From an assignment to two files: the pure middle of printing, the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from service.documents.kind import Assignment, DocumentKind
from service.documents.options import PrintOptions
from service.domain.extract import canonical
from service.domain.snapshot import Snapshot, Term
from service.rendering.docx import docx
from service.rendering.passport import Passport
from service.rendering.printer import Printer

Report = Callable[[int, str], None]
"""Told how far the work has come: per cent, and what is being done (Russian)."""


@dataclass(frozen=True, slots=True)
class Task:
    """What one document is: enough, with the snapshot, to print it again byte for byte."""

    document: str
    kind: str
    class_id: str
    term: str  # empty: the whole year
    options: PrintOptions
    issued_at: datetime
    version: int
    forms: str


@dataclass(frozen=True, slots=True)
class Typeset:
    """A document as two files."""

    pdf: bytes
    docx: bytes
    pages: int
    sheets: int


def typeset(
    task: Task,
    extract: Snapshot,
    kinds: Mapping[str, DocumentKind],
    printer: Printer,
    report: Report,
) -> Typeset:
    """Print a document of one class; `extract` holds that class only."""
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
    book = printer.book(content)
    passport = Passport(
        document=task.document,
        title=content.title,
        kind=task.kind,
        issued_at=task.issued_at,
        snapshot=canonical(extract),
        assignment=_told(task, term),
    )
    report(60, "Печатаем PDF")
    printed = printer.pdf(book, passport)
    report(85, "Печатаем DOCX")
    return Typeset(printed.body, docx(book, passport, printer.faces), printed.pages, printed.sheets)


def _told(task: Task, term: Term | None) -> bytes:
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
        "forms": task.forms,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
