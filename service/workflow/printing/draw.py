"""A paper drawn: the only part of telling what was found out that loads what draws."""

from __future__ import annotations

from service.documents.parts import Content
from service.rendering.docx import docx
from service.rendering.passport import Passport
from service.rendering.printer import Printer
from service.workflow.printing.paper import Paper


def on_paper(printer: Printer, content: Content, passport: Passport) -> Paper:
    """Return some content as PDF/A-3u, with what the passport embeds, and as DOCX."""
    book = printer.book(content)
    body = printer.pdf(book, passport).body
    return Paper(passport.document, body, docx(book, passport, printer.faces))
