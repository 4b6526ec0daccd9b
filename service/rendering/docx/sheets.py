"""The sheet a page stands on: size, margins of its side, numbers above, small print below."""

from __future__ import annotations

from dataclasses import dataclass

from service.documents.parts import Align, Content, Orientation
from service.domain.pagination import Totals, is_front, sheet_of
from service.rendering.docx.text import (
    DECLARATION,
    NAMESPACE,
    TAB,
    paragraph,
    run,
    tabs,
    twips,
)
from service.rendering.pages import Page

SHORT, LONG = 210.0, 297.0  # A4, millimetres
TOP, OUTER, LANDSCAPE_SIDE, UNBOUND = 20.0, 10.0, 12.0, 20.0
BOTTOM, LOW = 13.0, 9.5  # under two lines of small print, under one: less than in PDF, so that
CLOSE_TOP = 14.5  # a page that fits there fits here; above, where the bottom is the bound edge
ABOVE_BOUND = 4.5  # from the bound edge below to the text: one line of small print
HEADER, FOOTER = 11.0, 6.0  # from the edge of the sheet to the number, to the small print
BOUND_HEADER, CLOSE_HEADER = 6.0, 10.0  # landscape: from the bound edge's margin, from the other


@dataclass(frozen=True, slots=True)
class Sheet:
    """One side of a sheet, as it lies; millimetres."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float
    header: float = HEADER  # from the upper edge of the sheet
    footer: float = FOOTER  # from the lower one

    @property
    def text_width(self) -> float:
        """Between the left and the right margin."""
        return self.width - self.left - self.right

    @property
    def text_height(self) -> float:
        """Between the top and the bottom margin."""
        return self.height - self.top - self.bottom


def sheet_under(page: Page, index: int, content: Content) -> Sheet:
    """Return the side a page, the `index`-th of the file, is printed on.

    The bound edge of a landscape page in a book is above on a front, below on a back; nothing
    stands between it and the text but the number above, the small print below.
    """
    binding = float(content.binding) if content.bound else UNBOUND
    front = page.on_front(index)
    landscape = page.orientation is Orientation.LANDSCAPE
    if landscape and content.bound:
        sides = (LANDSCAPE_SIDE, LOW if front else binding + ABOVE_BOUND, LANDSCAPE_SIDE)
        if front:
            top = max(binding, TOP)
            return Sheet(LONG, SHORT, top, *sides, header=top - BOUND_HEADER)
        return Sheet(LONG, SHORT, CLOSE_TOP, *sides, header=CLOSE_HEADER, footer=binding)
    left, right = (binding, OUTER) if front or not content.bound else (OUTER, binding)
    width, height = (LONG, SHORT) if landscape else (SHORT, LONG)
    return Sheet(width, height, TOP, right, LOW if landscape else BOTTOM, left)


def section(sheet: Sheet, index: int, *, mirrored: bool) -> str:
    """Return the properties of the section a page is; `mirrored`: Word swaps left and right."""
    references = (
        f'<w:headerReference w:type="default" r:id="header{index}"/>'
        f'<w:footerReference w:type="default" r:id="footer{index}"/>'
    )
    left, right = (sheet.right, sheet.left) if mirrored else (sheet.left, sheet.right)
    lies = ' w:orient="landscape"' if sheet.width > sheet.height else ""
    return (
        f'<w:sectPr>{references}<w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{twips(sheet.width)}" w:h="{twips(sheet.height)}"{lies}/>'
        f'<w:pgMar w:top="{twips(sheet.top)}" w:right="{twips(right)}"'
        f' w:bottom="{twips(sheet.bottom)}" w:left="{twips(left)}"'
        f' w:header="{twips(sheet.header)}" w:footer="{twips(sheet.footer)}" w:gutter="0"/>'
        "</w:sectPr>"
    )


def header(page: Page, content: Content, sheet: Sheet) -> bytes:
    """Return a header part: the page's number in the middle, on fronts of a book the sheet's."""
    width = sheet.text_width
    stops = tabs(((width / 2, Align.CENTER, "none"), (width, Align.RIGHT, "none")))
    text = ""
    if page.number > 1:
        text = TAB + run(str(page.number))
        if content.bound and is_front(page.number):
            text += TAB + run(f"л.\u00a0{sheet_of(page.number)}")
    return _part("hdr", paragraph("Header", text, stops=stops))


def footer(page: Page, small_print: str, totals: Totals) -> bytes:
    """Return a footer part: the small print, on counted pages «стр. N из M» as text."""
    return _part("ftr", paragraph("Footer", run(page.small_print(small_print, totals))))


def _part(root: str, body: str) -> bytes:
    return f'{DECLARATION}<w:{root} xmlns:w="{NAMESPACE}">{body}</w:{root}>'.encode()
