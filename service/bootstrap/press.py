"""What a printing process works with: nothing but rendering, so that it starts soon."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.bootstrap.judges import judge_there, printable
from service.bootstrap.working_files import files
from service.documents.options import PrintOptions, for_document
from service.documents.parts import Content
from service.domain.extract import Extract, extract
from service.domain.intake.parsing import parse
from service.domain.snapshot import Snapshot
from service.ledger.database import connect
from service.ledger.files import Arrived
from service.ledger.printing.layouts import Counted
from service.rendering import edition
from service.rendering.passport import Passport
from service.rendering.printer import Printer
from service.reports import catalogue
from service.settings import ROOT, Settings
from service.workflow.accept import Accept
from service.workflow.printing.draw import on_paper
from service.workflow.printing.paper import Paper
from service.workflow.printing.typeset import Task, laid_out
from service.workflow.printing.workshop import Workshop


def workshop(settings: Settings) -> Workshop:
    """Return what a printing process works with."""
    house = printer(settings.templates, settings.fonts, settings.data)
    database = connect(settings.ledger)
    return Workshop(database, files(settings), catalogue(), house, forms(house))


@dataclass(frozen=True, slots=True)
class Bench:
    """What counts the documents of a snapshot file, without a server."""

    snapshot: Snapshot
    printer: Printer

    def count(self, class_id: str, kind: str, options: PrintOptions) -> Counted:
        """Return the pages of a document of a class, of the whole year."""
        began = time.process_time()
        task = Task(
            document="0" * 32,
            kind=kind,
            class_id=class_id,
            term="",
            options=for_document(options, None),
            issued_at=self.snapshot.source.exported_at,
            version=1,
            forms="0" * 64,
        )
        part = Extract(extract(self.snapshot, class_id), b"")
        counts = laid_out(task, part, catalogue(), self.printer)
        return Counted(
            pages=tuple(count.pages for count in counts),
            sheets=tuple(count.sheets for count in counts),
            seconds=time.process_time() - began,
        )


def bench(file: Path) -> Bench:
    """Return what counts the documents of a snapshot file."""
    return Bench(parse(file.read_bytes()), printer(ROOT / "templates", ROOT / "fonts", None))


def editions(shop: Workshop) -> tuple[str, str]:
    """Return the hashes by which orders tell documents apart: design and forms."""
    return design(shop.printer), shop.forms


def accept(shop: Workshop, school: str, arrived: Arrived, by: str, at: datetime) -> None:
    """Accept a snapshot that arrived on this host, as if it had been posted."""
    known = printable(shop.printer.faces.folder)
    Accept(shop.database, shop.files, lambda file: judge_there(known, str(file), 0))(
        school, arrived, by, at
    )


def printer(templates: Path, fonts: Path, data: Path | None) -> Printer:
    """Return a printer that keeps its forms in the data folder, if there is one."""
    return Printer(templates, fonts, data and data / "forms")


def forms(printer: Printer) -> str:
    """Return one hash of all that a document's bytes depend on."""
    return edition.forms(printer.edition())


def design(printer: Printer) -> str:
    """Return one hash of all that a document's look depends on."""
    return edition.design(printer.edition())


def paper(printer: Printer, content: Content, passport: Passport) -> Paper:
    """Return some content as a paper."""
    return on_paper(printer, content, passport)
