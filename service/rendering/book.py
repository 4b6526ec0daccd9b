"""The book: sections in order, parity, sheets, contents and title that tell the truth."""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.documents.parts import (
    Align,
    Block,
    Brick,
    Cell,
    Chapter,
    Column,
    Content,
    Contents,
    Heading,
    Orientation,
    Section,
    Start,
    Table,
)
from service.domain.pagination import PageCount, Totals
from service.rendering.flow import Body, Flow
from service.rendering.forms import Forms
from service.rendering.pages import BlankNote, Book, ContentsLine, Page, TitleSheet
from service.rendering.paper import paper


@dataclass(frozen=True, slots=True)
class Laid:
    """A section with its pages in place; numbers are 0 where it is not counted."""

    section: Section
    bodies: tuple[Body, ...]
    first: int = 0
    index: int = 0  # of its first page in the file

    @property
    def last(self) -> int:
        """The number of its last page."""
        return self.first + len(self.bodies) - 1


class Binder:
    """Settles a document's pages: sections are laid out once, contents again with its pages."""

    def __init__(self, forms: Forms, flow: Flow):
        self._forms = forms
        self._flow = flow

    def books(self, content: Content) -> tuple[Book, ...]:
        """Return the document with every page settled: one book, or volumes split at sections."""
        laid = [
            Laid(section, self._lay(content, section, ("",) * len(_listed(content.sections))))
            for section in content.sections
        ]
        volumes = _volumes(content, laid)
        return tuple(
            self._settle(
                replace(content, sections=tuple(part.section for part in volume)),
                volume,
                Totals(PageCount(0), number, len(volumes)),
            )
            for number, volume in enumerate(volumes, start=1)
        )

    def _settle(self, content: Content, laid: list[Laid], totals: Totals) -> Book:
        """Return a book: numbers given, then contents and title written with them."""
        laid = [
            replace(
                part,
                bodies=self._lay(content, part.section, ("",) * len(_listed(content.sections))),
            )
            if _has_contents(part.section)
            else part
            for part in laid
        ]
        laid, pages = _number(content, laid)
        totals = replace(totals, count=PageCount(max((page.number for page in pages), default=0)))
        listed = [part for part in laid if part.section.title]
        refs = tuple(_span(part.first, part.last) if part.first else "—" for part in listed)
        for part in laid:
            if _has_contents(part.section):
                for offset, body in enumerate(self._lay(content, part.section, refs)):
                    pages[part.index + offset] = replace(pages[part.index + offset], items=body)
        parts = _chapters(laid)
        titled = tuple(
            replace(page, items=(replace(page.items[0], parts=parts),))
            if isinstance(page.items[0], TitleSheet)
            else page
            for page in pages
        )
        outline = tuple((part.section.title, part.index) for part in listed)
        return Book(content, titled, totals, outline)

    def _lay(self, content: Content, section: Section, refs: tuple[str, ...]) -> tuple[Body, ...]:
        side = paper(self._forms, content, section.orientation, front=True)
        body = tuple(
            _contents(brick, content.sections, refs) if isinstance(brick, Contents) else (brick,)
            for brick in section.body
        )
        bricks: tuple[Brick, ...] = tuple(brick for group in body for brick in group)
        return self._flow.pages(replace(section, body=bricks), side)


def _volumes(content: Content, laid: list[Laid]) -> list[list[Laid]]:
    """Return the sections volume by volume, as many in each as its sheets hold."""
    volumes: list[list[Laid]] = []
    chosen: set[int] = set()

    def volume(wanted: set[int]) -> list[Laid]:
        return [
            part
            for number, part in enumerate(laid)
            if part.section.every_volume or number in wanted
        ]

    for number, part in enumerate(laid):
        if part.section.every_volume:
            continue
        if chosen and content.volume_sheets:
            _, pages = _number(content, volume(chosen | {number}))
            count = PageCount(max(page.number for page in pages))
            if count.sheets > content.volume_sheets:
                volumes.append(volume(chosen))
                chosen = set()
        chosen.add(number)
    volumes.append(volume(chosen))
    return volumes


def _number(content: Content, laid: list[Laid]) -> tuple[list[Laid], list[Page]]:
    """Return sections and pages in order, blanks where parity needs them."""
    pages: list[Page] = []
    placed: list[Laid] = []
    number = 0
    whole = False
    for part in laid:
        section = part.section
        if content.bound:
            front = (number if section.counted else len(pages)) % 2 == 0
            wants_front = section.start is Start.ODD or whole or not section.counted
            if (wants_front and not front) or (section.start is Start.EVEN and front and pages):
                number += section.counted
                pages.append(_blank(section, number if section.counted else 0))
        first = number + 1 if section.counted else 0
        placed.append(replace(part, first=first, index=len(pages)))
        for body in part.bodies:
            number += section.counted
            pages.append(Page(body, section, number if section.counted else 0, section.orientation))
        whole = section.whole_sheets
    return placed, pages


def _blank(section: Section, number: int) -> Page:
    return Page((BlankNote(),), section, number, Orientation.PORTRAIT)


def _listed(sections: tuple[Section, ...]) -> list[Section]:
    return [section for section in sections if section.title]


def _has_contents(section: Section) -> bool:
    return any(isinstance(brick, Contents) for brick in section.body)


def _contents(
    contents: Contents, sections: tuple[Section, ...], refs: tuple[str, ...]
) -> tuple[Brick, ...]:
    from_left = Align.LEFT
    number, name, note, at = contents.columns
    rows = tuple(
        Block((tuple(map(Cell, (str(index), section.title, section.note, ref))),))
        for index, (section, ref) in enumerate(zip(_listed(sections), refs, strict=True), start=1)
    )
    columns = (
        Column(number, 12),
        Column(name, 0, from_left),
        Column(note, 52, from_left),
        Column(at, 22),
    )
    return (Heading(contents.heading), Table(columns, rows, lead=1))


def _chapters(laid: list[Laid]) -> tuple[ContentsLine, ...]:
    """Return the lines of the title page: the sections of a chapter inside are one line."""
    chapters: dict[Chapter, list[Laid]] = {}
    for part in laid:
        if part.section.chapter and part.first:
            chapters.setdefault(part.section.chapter, []).append(part)
    return tuple(
        ContentsLine(f"{number}.", _chapter(chapter, parts), "", str(parts[0].first))
        for number, (chapter, parts) in enumerate(chapters.items(), start=1)
    )


def _chapter(chapter: Chapter, parts: list[Laid]) -> str:
    if isinstance(chapter, str):
        return chapter
    return chapter(len({part.section.subject for part in parts}))


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"
