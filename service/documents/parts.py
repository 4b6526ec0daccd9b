"""What any document is made of: a closed set of bricks. Renderers know these bricks and no kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, Flag, auto
from itertools import chain

from service.domain.approving.approval import Role
from service.domain.pagination import Totals


class Align(Enum):
    """Where text stands between the left and the right edge of its box."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Style(Flag):
    """How a text looks; SHADED and STRUCK speak of the cell it stands in."""

    PLAIN = 0
    BOLD = auto()
    ITALIC = auto()
    SHADED = auto()  # grey ground: not on the roll, a day off
    STRUCK = auto()  # a thin diagonal through an empty cell


class Size(Enum):
    """The sizes of running text, in the words of the style sheet."""

    SMALL = "small"
    BODY = "body"
    LARGE = "large"
    TITLE = "title"


Counted = Callable[[Totals], str]
Words = str | Counted  # text known now, or known once the sheets are counted
Footer = str | Callable[[str], str]  # text known now, or made of the id of the volume it is in


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in capitals as the form prints it, with an optional line under it."""

    text: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; "\\n" breaks a line."""

    text: Words
    align: Align = Align.LEFT
    size: Size = Size.BODY
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Facts:
    """Lines of «label: value», the values in one column."""

    items: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Corners:
    """One line with text at the left edge, in the middle and at the right edge."""

    left: str
    middle: str
    right: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Text in a table; how it stands is the column's affair unless said here."""

    text: str = ""
    align: Align | None = None
    style: Style = Style.PLAIN
    corner: str = ""  # a small letter in the upper right corner
    across: int = 1  # columns it covers


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its heading; width in millimetres, 0 takes what the others leave."""

    title: str
    width: float
    align: Align = Align.CENTER
    turned: bool = False  # the heading reads upwards
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """A heading that spans columns."""

    title: str
    columns: tuple[Column | ColumnGroup, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that stay together on a page. None: the cell above or to the left covers the place."""

    rows: tuple[tuple[Cell | None, ...], ...]


def leaves(columns: tuple[Column | ColumnGroup, ...]) -> tuple[Column, ...]:
    """Return the columns that hold cells, left to right."""
    return tuple(
        chain.from_iterable((c,) if isinstance(c, Column) else leaves(c.columns) for c in columns)
    )


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on every page and whose rows grow with their text.

    A table wider than the page is split into runs of columns; the first `lead` are repeated.
    """

    columns: tuple[Column | ColumnGroup, ...]
    body: tuple[Block, ...]
    lead: int = 2
    digits: bool = False  # a row 1, 2, 3 … under the head
    dense: bool = False  # 8 pt instead of 9 pt, lower rows
    fill_blank: int = 0  # empty rows added to the end, to be written in by hand


@dataclass(frozen=True, slots=True)
class LessonStep:
    """A lesson held: a column of marks on the left page, its topic and homework on the right."""

    month: str  # «сентябрь»: the band above the day
    day: str  # «02»
    corner: str  # «К», «Л», «П»: the kind of work, or nothing
    cells: tuple[Cell, ...]  # one per pupil, in the order of the list
    number: str
    date: str  # «02.09»
    topic: str
    homework: str


@dataclass(frozen=True, slots=True)
class PeriodStep:
    """A column of summary marks («I четверть», «Годовая») and its line on the right, if any."""

    title: str
    cells: tuple[Cell, ...]
    summary: str = ""


Step = LessonStep | PeriodStep


@dataclass(frozen=True, slots=True)
class Pupil:
    """A line of the list of pupils: number and name as printed."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Spreads:
    """A subject's book: marks on left pages, topics on right pages, lessons in step.

    Fills its section alone; the section starts on an even page.
    """

    class_title: str  # «8А класс»
    subject: str  # «Алгебра», «Английский язык (1 группа)»
    year_title: str  # «2026/2027 учебный год»
    teachers: str  # «Петров Пётр Петрович», all of them with dates
    pupils: tuple[Pupil, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign: with a role a box for the electronic stamp, without one a line."""

    post: str
    name: str = ""  # «И.О. Фамилия»
    role: Role | None = None
    preface: str = ""  # what the signature stands for, above it
    date: str = "«__» __________ 20__ г."
    seal: bool = False  # «М.П.»


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign, one under the other, kept together."""

    lines: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class TitlePage:
    """The title page of a book, alone in its section. The book adds the parts and their pages."""

    above: tuple[str, ...]  # founder, school
    name: str  # «КЛАССНЫЙ ЖУРНАЛ»
    under: str  # «(печатная копия электронного журнала)»
    lines: tuple[str, ...]  # «8А класс», «на 2026/2027 учебный год»
    facts: tuple[tuple[str, str], ...]
    count: Counted  # «Всего листов: 82 (восемьдесят два), …»
    foot: tuple[tuple[str, Words], ...]  # index, retention, volume
    copy: str  # «Экземпляр № 1»


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents; the book fills in sections, notes and pages."""

    heading: str
    columns: tuple[str, str, str, str]  # №, name, teacher, pages


Brick = Heading | Paragraph | Facts | Corners | Table | Spreads | Signatures | TitlePage | Contents


class Start(Enum):
    """Where a section may begin: on any next page, on the front or on the back of a sheet."""

    NEXT = "next"
    ODD = "odd"
    EVEN = "even"


class Orientation(Enum):
    """How the sheet lies."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


Chapter = str | Callable[[int], str]  # a name, or one made of the number of its subjects


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document that starts on a page of its own."""

    body: tuple[Brick, ...]
    title: str = ""  # in the contents and the bookmarks; none: not listed
    note: str = ""  # in the contents: the teacher
    chapter: Chapter = ""  # the line of the title page it is counted under; equal ones merge
    subject: str = ""  # what a chapter counts, however many sections it has
    start: Start = Start.NEXT
    orientation: Orientation = Orientation.PORTRAIT
    whole_sheets: bool = False  # what follows starts on a new sheet
    every_volume: bool = False  # a thick book repeats it: title, contents, certification
    counted: bool = True  # False: neither numbered nor counted (a certification sheet of the file)


@dataclass(frozen=True, slots=True)
class Content:
    """A document before it is set: sections in order and what holds for all of them."""

    title: str
    sections: tuple[Section, ...]
    binding: int = 25  # millimetres at the bound edge
    footer: Footer = ""  # small print under every page; the page number is added
    bound: bool = False  # a book: margins alternate, sheets are numbered, blanks say so
    volume_sheets: int = 0  # a thicker book is bound in volumes; 0: never

    def small_print(self, document: str) -> str:
        """Return what stands under every page of a volume with this id."""
        return self.footer if isinstance(self.footer, str) else self.footer(document)
