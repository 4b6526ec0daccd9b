"""A document once its pages are settled: what stands on each, before it is PDF or DOCX."""

from __future__ import annotations

from dataclasses import dataclass

from service.documents.parts import (
    Block,
    Column,
    ColumnGroup,
    Content,
    Corners,
    Facts,
    Heading,
    LessonStep,
    Orientation,
    Paragraph,
    PeriodStep,
    Pupil,
    Section,
    Signatures,
    Spreads,
    Table,
    TitlePage,
)
from service.domain.pagination import Totals, is_front
from service.rendering.check_mark import CheckMark

WIDE = 0.7  # of a small letter, by which a capital is wider
BETWEEN = " · "  # the parts of the small print
ACROSS = {Orientation.PORTRAIT: 115, Orientation.LANDSCAPE: 180}  # its letters on a line
CROWDS = ((1400.0, 6.0), (500.0, 9.0))  # letters in the names of a title page, their size then


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """A line of the contents or of the title page: name, note, pages."""

    number: str
    title: str
    note: str
    pages: str  # «34–41», or the first page on the title page


@dataclass(frozen=True, slots=True)
class TitleSheet:
    """The title page with its parts and pages known."""

    title: TitlePage
    parts: tuple[ContentsLine, ...]

    @property
    def small(self) -> float:
        """The size names must be set in, closely, for the page to stay one; 0: as usual."""
        said = "".join((*self.title.above, *(value for _, value in self.title.facts)))
        letters = len(said) + WIDE * sum(map(str.isupper, said))
        return next((size for crowd, size in CROWDS if letters > crowd), 0)


@dataclass(frozen=True, slots=True)
class TableSlice:
    """The rows of a table that stand on one page, under a repeated head.

    `columns` is the header tree as printed here (a run of the table's columns if it is split),
    `widths` the leaf columns and `heights` the rows of each block, in millimetres.
    """

    table: Table
    columns: tuple[Column | ColumnGroup, ...]
    widths: tuple[float, ...]
    blocks: tuple[Block, ...]
    heights: tuple[tuple[float, ...], ...]
    head_height: float


@dataclass(frozen=True, slots=True)
class MarksSlice:
    """A left page: pupils × the columns of its steps."""

    spreads: Spreads
    pupils: tuple[Pupil, ...]
    first_pupil: int  # index of the first pupil in every step's cells
    steps: tuple[LessonStep | PeriodStep, ...]
    columns: int  # columns ruled on the page, used or not

    @property
    def heading(self) -> str:
        """What stands in the middle above: the subject, and whether the list of pupils goes on."""
        goes_on = " (продолжение)" if self.first_pupil else ""
        return f"Наименование предмета: {self.spreads.subject}{goes_on}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A lesson or a period's line on a right page, broken into lines."""

    step: LessonStep | PeriodStep
    topic: tuple[str, ...]
    homework: tuple[str, ...]

    @property
    def lines(self) -> int:
        """Ruled lines it takes."""
        return max(1, len(self.topic), len(self.homework))


@dataclass(frozen=True, slots=True)
class TopicsSlice:
    """A right page: the lessons of the left page opposite, on lines ruled as far as they go."""

    spreads: Spreads
    entries: tuple[Entry, ...]
    lines: int  # lines the page holds
    again: bool = False  # for more pupils than stand on one left page

    @property
    def used(self) -> int:
        """Lines its lessons and periods take."""
        return sum(entry.lines for entry in self.entries)


@dataclass(frozen=True, slots=True)
class BlankNote:
    """A page left empty on purpose says so."""

    text: str = "Страница оставлена пустой"


Item = (
    Heading
    | Paragraph
    | Facts
    | Corners
    | Signatures
    | TitleSheet
    | TableSlice
    | MarksSlice
    | TopicsSlice
    | BlankNote
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its items top to bottom. `number` is 0 on a page that is not counted."""

    items: tuple[Item, ...]
    section: Section
    number: int
    orientation: Orientation

    def on_front(self, index: int) -> bool:
        """Tell whether it is the front of a sheet; uncounted, it goes by its place in the file."""
        return is_front(self.number or index + 1)

    def small_print(self, text: str, totals: Totals) -> str:
        """Return what stands under it: the text and, on counted pages, «стр. 2 из 7».

        What is too long for one line of 8 pt stands on two, parted where a part ends.
        """
        if not text:
            return ""
        place = f"{BETWEEN}стр.\u00a0{self.number} из\u00a0{totals.count.pages}"
        return _parted(text + (place if self.number else ""), ACROSS[self.orientation])


@dataclass(frozen=True, slots=True)
class Book:
    """A document's pages in order, with what it says about itself."""

    content: Content
    pages: tuple[Page, ...]
    totals: Totals
    outline: tuple[tuple[str, int], ...]  # bookmark, index of its page
    mark: CheckMark | None = None  # the QR code, where the school wants one


def _parted(text: str, most: int) -> str:
    """Return the text in two lines, the upper one the longer, where one would be too long."""
    parts = text.split(BETWEEN)
    if len(text) <= most or len(parts) == 1:
        return text
    ways = [(BETWEEN.join(parts[:at]), BETWEEN.join(parts[at:])) for at in range(1, len(parts))]
    evenest = min(ways, key=lambda way: (len(way[0]) < len(way[1]), len(way[0])))
    return "\n".join(evenest)
