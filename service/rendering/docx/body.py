"""The body of a DOCX: the items of every page in order, a section for each page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from service.documents.parts import Corners, Facts, Heading, Paragraph, Signatures
from service.rendering.docx.check_mark import check_mark
from service.rendering.docx.prose import (
    blank_note,
    corners,
    facts,
    heading,
    text,
    title_sheet,
)
from service.rendering.docx.sheets import Sheet, section, sheet_under
from service.rendering.docx.signatures import signatures
from service.rendering.docx.spreads import marks, topics
from service.rendering.docx.tables import slice_of_table
from service.rendering.docx.text import DECLARATION, NAMESPACE, RELATIONSHIPS, paragraph
from service.rendering.pages import (
    BlankNote,
    Book,
    Item,
    MarksSlice,
    TableSlice,
    TitleSheet,
    TopicsSlice,
)

OPENING = f'{DECLARATION}<w:document xmlns:w="{NAMESPACE}" xmlns:r="{RELATIONSHIPS}"><w:body>'
CLOSING = "</w:body></w:document>"


def body(book: Book) -> str:
    """Return word/document.xml; page N speaks of its parts as «headerN» and «footerN»."""
    return "".join(_pieces(book))


def _pieces(book: Book) -> Iterator[str]:
    outlined = frozenset(index for _, index in book.outline)
    last = len(book.pages) - 1
    yield OPENING
    for index, page in enumerate(book.pages):
        sheet = sheet_under(page, index, book.content)
        for position, item in enumerate(page.items):
            if position and isinstance(page.items[position - 1], TableSlice):
                yield paragraph("Gap", "", before=1.5)
            yield _item(item, book, sheet, index in outlined and position == 0)
        swapped = book.content.bound and index % 2 == 1
        end = section(sheet, index, mirrored=swapped)
        mark = book.mark
        drawn = check_mark(mark) if mark is not None and mark.page == index else ""
        if index < last:
            yield f'<w:p><w:pPr><w:pStyle w:val="Gap"/>{end}</w:pPr>{drawn}</w:p>'
        else:
            yield f"{paragraph('Gap', drawn)}{end}"
    yield CLOSING


def _item(item: Item, book: Book, sheet: Sheet, outlined: bool) -> str:
    width = sheet.text_width
    totals = book.totals
    match item:
        case Heading():
            found = heading(item, outlined=outlined)
        case Paragraph():
            found = text(item, totals)
        case Facts():
            found = facts(item, totals, width)
        case Corners():
            found = corners(item, width, outlined=outlined)
        case Signatures():
            found = signatures(item, width)
        case TitleSheet():
            found = title_sheet(item, totals, width, sheet.text_height)
        case TableSlice():
            found = slice_of_table(item)
        case MarksSlice():
            found = marks(item, width, sheet.text_height, outlined=outlined)
        case TopicsSlice():
            found = topics(item, width)
        case BlankNote():
            found = blank_note(item, sheet.text_height)
        case _:
            assert_never(item)
    return found
