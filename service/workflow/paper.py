"""What was found out, as a paper: made of facts of this moment, not printed from a snapshot."""

from __future__ import annotations

from dataclasses import dataclass

from service.documents.parts import Content
from service.rendering.docx import docx
from service.rendering.passport import Passport
from service.rendering.printer import Printer


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper in both formats; `number` is the id of what it tells of."""

    number: str
    pdf: bytes
    docx: bytes


def on_paper(printer: Printer, content: Content, passport: Passport) -> Paper:
    """Return some content as PDF/A-3u, with what the passport embeds, and as DOCX."""
    book = printer.book(content)
    body = printer.pdf(book, passport).body
    return Paper(passport.document, body, docx(book, passport, printer.faces))
