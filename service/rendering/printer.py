"""The printing house: templates and fonts in, books and PDF files out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from service.documents.parts import Content
from service.rendering.book import Binder
from service.rendering.edition import edition
from service.rendering.flow import Flow
from service.rendering.forms import Forms
from service.rendering.pages import Book
from service.rendering.passport import Passport
from service.rendering.press import Press, Printed
from service.rendering.prose import Prose
from service.rendering.room import Room
from service.rendering.spreads import SpreadPages
from service.rendering.tables import Tables
from service.rendering.typeface import Faces
from service.rendering.typesetter import Typesetter


class Printer:
    """Lays out and prints documents; forms are kept in `cache`, which processes may share."""

    def __init__(self, templates: Path, fonts: Path, cache: Path | None = None):
        self.faces = Faces(fonts.resolve())
        self.typesetter = Typesetter(templates.resolve(), self.faces)
        forms = Forms(self.typesetter, cache)
        prose, tables, spreads = Prose(forms), Tables(forms), SpreadPages(forms)
        self._binder = Binder(forms, Flow(prose, tables, spreads))
        self._room = Room(forms, prose)
        self._press = Press(forms, prose, tables, spreads)

    def books(self, content: Content) -> tuple[Book, ...]:
        """Return the document with its pages settled, volume by volume."""
        return self._binder.books(content)

    def book(self, content: Content) -> Book:
        """Return a document that is never so thick as to need volumes."""
        (only,) = self._binder.books(replace(content, volume_sheets=0))
        return only

    def marked(self, book: Book, document: str, address: str) -> Book:
        """Return a volume with this id with a QR code of an address; without one, as it is."""
        return self._room.marked(book, document, address) if address else book

    def pdf(self, book: Book, passport: Passport) -> Printed:
        """Return the document as PDF/A-3u."""
        return self._press.pdf(book, passport)

    def edition(self) -> dict[str, str]:
        """Return what a document's bytes depend on: hashes of templates, fonts and program."""
        return edition(self.typesetter.templates, self.faces.folder)
