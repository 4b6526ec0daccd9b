"""Headings, running text, facts, the title page and the note on a blank page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from service.documents.parts import Align, Corners, Facts, Heading, Paragraph, Size, Style, Words
from service.domain.pagination import Totals
from service.rendering.docx.fitting import broken, measured
from service.rendering.docx.tables import Rule, cell, row, table
from service.rendering.docx.text import TAB, paragraph, run, tabs, twips
from service.rendering.pages import BlankNote, ContentsLine, TitleSheet

VOICE_OF = {
    Size.SMALL: "Small",
    Size.BODY: "Normal",
    Size.LARGE: "Large",
    Size.TITLE: "Title",
}
BETWEEN = 3.0  # millimetres from a label to its value
APART = 8.0  # millimetres between the notes at the foot of a title page
SERIF = 1.08  # times the width of the sans serif
LEADING = 1.35  # of long names on a title page
TALL = 200.0  # millimetres: a title page lower than this is set tighter


def said(words: Words, totals: Totals) -> str:
    """Return text that may have waited for the sheets to be counted."""
    return words if isinstance(words, str) else words(totals)


def heading(part: Heading, *, outlined: bool) -> str:
    """Return a heading in the middle, with the line under it."""
    above = paragraph("Heading1", run(part.text), keep=True, outlined=outlined)
    return above + (paragraph("Under", run(part.under), keep=True) if part.under else "")


def text(part: Paragraph, totals: Totals) -> str:
    """Return running text."""
    content = run(said(part.text, totals), part.style)
    return paragraph(VOICE_OF[part.size], content, align=part.align)


def corners(part: Corners, width: float, *, outlined: bool = False) -> str:
    """Return a line with text at the left edge, in the middle and at the right edge."""
    stops = tabs(((width / 2, Align.CENTER, "none"), (width, Align.RIGHT, "none")))
    aside = max(measured(part.left, 10), measured(part.right, 10)) + BETWEEN
    first, *others = broken(part.middle, 10, width - 2 * aside, Style.BOLD)
    content = run(part.left) + TAB + run(first, Style.BOLD) + TAB + run(part.right)
    content += "".join(run("\n") + TAB + run(other, Style.BOLD) for other in others)
    return paragraph("Corners", content, stops=stops, outlined=outlined)


def facts(part: Facts, totals: Totals, width: float) -> str:
    """Return lines of «label: value», the values in one column."""
    return _facts(tuple((label, said(value, totals)) for label, value in part.items), width)


def _facts(items: tuple[tuple[str, str], ...], width: float, size: float = 0) -> str:
    if not items:
        return ""
    longest = max(measured(label, 11) * SERIF for label, _ in items)
    label_width = twips(min(longest + BETWEEN, width * 0.55))
    widths = (label_width, twips(width) - label_width)
    rows = (
        row(
            (
                cell(
                    wide,
                    paragraph("Fact", run(words, size=size), line=size * LEADING),
                    stands="top",
                )
                for wide, words in zip(widths, item, strict=True)
            ),
            twips(5),
            Rule.AT_LEAST,
        )
        for item in items
    )
    return table(widths, rows, ruled=False, padding=0) + paragraph("Gap", "", before=1.5)


def title_sheet(part: TitleSheet, totals: Totals, width: float, height: float) -> str:
    """Return the title page: school, name, facts, parts with their pages, sheets, index."""
    return "".join(_title(part, totals, width, height > TALL and not part.small))


def _title(part: TitleSheet, totals: Totals, width: float, tall: bool) -> Iterable[str]:
    title = part.title
    for line in title.above:
        yield _above(line, part.small)
    yield paragraph("TitleName", run(title.name), before=34 if tall else 10)
    yield paragraph("TitleWhat", run(title.under))
    for index, line in enumerate(title.lines):
        voice, before = ("TitleLine", 0) if index else ("TitleFirst", 12 if tall else 5)
        yield paragraph(voice, run(line), before=before)
    yield paragraph("Gap", "", before=10 if tall else 4)
    yield _facts(title.facts, width, part.small)
    if part.parts:
        yield paragraph("TitleParts", run("Содержание"), before=6.5 if tall else 2)
        yield from _parts(part.parts, width)
    count = run(title.count(totals), Style.BOLD)
    yield paragraph("Normal", count, before=7 if tall else 3)
    foot = tuple(f"{label} {said(value, totals)}" for label, value in title.foot)
    places = accumulate(measured(words, 11) * SERIF + APART for words in foot[:-1])
    stops = tabs((place, Align.LEFT, "none") for place in places)
    yield paragraph("Normal", TAB.join(map(run, foot)), stops=stops)
    yield paragraph("Normal", run(title.copy), before=3)


def _above(line: str, size: float) -> str:
    return paragraph("TitleAbove", run(line, size=size), line=size * LEADING)


def _parts(parts: tuple[ContentsLine, ...], width: float) -> Iterable[str]:
    """Lines of dots lead from a part to its page; a long name goes on under itself."""
    stops = tabs(((7, Align.LEFT, "none"), (width, Align.RIGHT, "dot")))
    for line in parts:
        name = f"{line.title} {line.note}" if line.note else line.title
        content = run(line.number) + TAB + run(name) + TAB + run(line.pages)
        yield paragraph("Leader", content, stops=stops, hanging=7)


def blank_note(part: BlankNote, height: float) -> str:
    """Return the note on a page left empty on purpose, so that nothing is added by hand later."""
    return paragraph("BlankNote", run(part.text), before=height * 0.42)
