"""What a printing process works with: nothing but rendering, so that it starts soon."""

from __future__ import annotations

from pathlib import Path

from service.bootstrap.working_files import files
from service.ledger.database import connect
from service.ledger.files import sha256
from service.rendering.printer import Printer
from service.reports import catalogue
from service.settings import Settings
from service.workflow.workshop import Workshop


def workshop(settings: Settings) -> Workshop:
    """Return what a printing process works with."""
    house = printer(settings.templates, settings.fonts, settings.data)
    database = connect(settings.ledger)
    return Workshop(database, files(settings), catalogue(), house, forms(house))


def editions(shop: Workshop) -> tuple[str, str]:
    """Return the hashes by which orders tell documents apart: design and forms."""
    return design(shop.printer), shop.forms


def printer(templates: Path, fonts: Path, data: Path | None) -> Printer:
    """Return a printer that keeps its forms in the data folder, if there is one."""
    return Printer(templates, fonts, data and data / "forms")


def forms(printer: Printer) -> str:
    """Return one hash of all that a document's bytes depend on."""
    return _hash(printer.edition())


def design(printer: Printer) -> str:
    """Return one hash of all that a document's look depends on: a new program alone is no reason
    to print a document anew.
    """
    edition = printer.edition()
    return _hash({part: edition[part] for part in ("templates", "fonts")})


def _hash(edition: dict[str, str]) -> str:
    return sha256("\n".join(f"{part} {value}" for part, value in sorted(edition.items())).encode())
