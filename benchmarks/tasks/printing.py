"""Our printing, measured: a class's extract becomes a PDF/A-3u or a DOCX as in the service."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from benchmarks.harness.places import FONTS, TEMPLATES, WORK
from benchmarks.harness.task import Watch
from service.documents.kind import Assignment
from service.documents.options import PrintOptions
from service.documents.parts import Content, Spreads
from service.domain.extract import Extract
from service.rendering.docx import docx
from service.rendering.pages import Book
from service.rendering.passport import Passport
from service.rendering.press import Printed
from service.rendering.printer import Printer
from service.reports import catalogue

KIND = "class-register"
DOCUMENT = "0197a000-0000-7000-8000-000000000001"
ISSUED_AT = datetime(2027, 6, 15, 5, 32, tzinfo=UTC)
FORMS = WORK / "forms"


def printer(forms: Path | None = FORMS) -> Printer:
    """Return a printer whose forms are kept between runs, or, with None, laid out anew."""
    return Printer(TEMPLATES, FONTS, forms)


def read(file: Path) -> Extract:
    """Return a class as a printing process reads it."""
    return Extract.read(file.read_bytes())


def content_of(part: Extract) -> Content:
    """Return what the register of a class says."""
    return catalogue()[KIND].content(Assignment(part.snapshot, None, PrintOptions(), ISSUED_AT))


def book_of(press: Printer, part: Extract) -> Book:
    """Return the register of a class with its pages settled."""
    return press.book(content_of(part))


def passport_of(book: Book, part: Extract) -> Passport:
    """Return what the file says about its origin, the class's whole journal included."""
    return Passport(DOCUMENT, book.content.title, KIND, ISSUED_AT, part.body, b"{}")


def printed(press: Printer, part: Extract) -> tuple[Book, Printed]:
    """Return the register of a class as a finished file."""
    book = book_of(press, part)
    return book, press.pdf(book, passport_of(book, part))


def pdf(watch: Watch, source: str, warm: str) -> dict[str, Any]:
    """Print a register in a process that has printed another class's, as workers do."""
    press = printer()
    printed(press, read(Path(warm)))
    part = read(Path(source))
    with watch.running():
        book, made = printed(press, part)
    return _told(book, made)


def spreads_pdf(watch: Watch, source: str, warm: str) -> dict[str, Any]:
    """Print what peers print: the marks and topics pages, their content lying ready."""
    press = printer()
    for file, counted in ((warm, Watch()), (source, watch)):
        whole = content_of(read(Path(file)))
        dense = tuple(one for one in whole.sections if isinstance(one.body[0], Spreads))
        content = replace(whole, sections=dense)
        with counted.running():
            book = press.book(content)
            made = press.pdf(book, Passport(DOCUMENT, content.title, KIND, ISSUED_AT, b"{}", b"{}"))
    return _told(book, made)


def first_pdf(watch: Watch, source: str) -> dict[str, Any]:
    """Print a register in a new process that has no forms yet."""
    with watch.running():
        book, made = printed(printer(None), read(Path(source)))
    return _told(book, made)


def thick_pdf(watch: Watch, source: str, groups: int, file: str) -> dict[str, Any]:
    """Print a register of so many books of subjects, and nothing else, in this process."""
    part = thick(read(Path(source)), groups)
    with watch.running():
        book, made = printed(printer(), part)
    Path(file).write_bytes(made.body)
    return _told(book, made)


def thick(part: Extract, count: int) -> Extract:
    """Return a class with so many groups, its own again and again."""
    (journal,) = part.snapshot.classes
    groups = tuple(
        group.model_copy(update={"id": f"{group.id}.{number}"})
        for number, group in islice(enumerate(cycle(journal.groups)), count)
    )
    thicker = journal.model_copy(update={"groups": groups})
    return Extract.of(part.snapshot.model_copy(update={"classes": (thicker,)}))


def docx_file(watch: Watch, source: str, warm: str) -> dict[str, Any]:
    """Make a register's DOCX of its settled pages, in a process that has made another's."""
    press = printer()
    for file, counted in ((warm, Watch()), (source, watch)):
        part = read(Path(file))
        book = book_of(press, part)
        passport = passport_of(book, part)
        with counted.running():
            body = docx(book, passport, press.faces)
    return {"pages": len(book.pages), "bytes": len(body)}


def stages(watch: Watch, source: str, warm: str) -> dict[str, Any]:
    """Print a register stage by stage, then again under the profiler; tell both."""
    press = printer()
    printed(press, read(Path(warm)))
    spans = {}
    with watch.running():
        for name, step in _steps(press, Path(source)):
            span = Watch()
            with span.running():
                step()
            spans[name] = span.seconds
    profiler = cProfile.Profile()
    profiler.runcall(printed, press, read(Path(source)))
    text = StringIO()
    told = pstats.Stats(profiler, stream=text).strip_dirs()
    told.sort_stats("tottime").print_stats(25)
    told.sort_stats("cumulative").print_stats(25)
    return {"stages": spans, "profile": text.getvalue()}


def _steps(press: Printer, source: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    held: dict[str, Any] = {}

    yield "reading the extract", lambda: held.update(part=read(source))
    yield "content: numbers and words", lambda: held.update(content=content_of(held["part"]))
    yield "settling pages", lambda: held.update(book=press.book(held["content"]))
    held["passport"] = passport_of(held["book"], held["part"])
    yield "drawing and binding the PDF", lambda: press.pdf(held["book"], held["passport"])
    yield "making the DOCX", lambda: docx(held["book"], held["passport"], press.faces)


def _told(book: Book, made: Printed) -> dict[str, Any]:
    return {"pages": len(book.pages), "bytes": len(made.body), "embedded": embedded(made.body)}


def embedded(body: bytes) -> int:
    """Return the bytes that files attached to a PDF take up in it."""
    attached = PdfReader(BytesIO(body)).root_object["/AF"]
    return sum(len(one.get_object()["/EF"]["/F"]._data) for one in attached)
