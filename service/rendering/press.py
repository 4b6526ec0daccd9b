"""The press: a settled book becomes one PDF, forms shared between pages, fonts once."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from service.documents.parts import Orientation
from service.domain.pagination import is_front, sheet_of
from service.rendering.canvas import Canvas
from service.rendering.capture import Capture, Slot
from service.rendering.conformance import finish
from service.rendering.fields import add_fields
from service.rendering.fonts import font
from service.rendering.forms import Forms
from service.rendering.ink import Ink
from service.rendering.pages import (
    BlankNote,
    Book,
    Item,
    MarksSlice,
    Page,
    TableSlice,
    TitleSheet,
    TopicsSlice,
)
from service.rendering.paper import GAP, PaperSide, paper
from service.rendering.passport import Passport
from service.rendering.prose import PROSE, Prose, ProseItem, ends
from service.rendering.setting import set_line
from service.rendering.spreads import SpreadPages
from service.rendering.tables import Tables

LEADER = 100  # dots measured at once, for neighbouring dots stand closer than one by one


@dataclass(frozen=True, slots=True)
class Field:
    """A place for a signature: whose, on which page of the file, where (points from upper left)."""

    role: str
    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished file and what it counts."""

    body: bytes
    pages: int
    sheets: int


class Press:
    """Draws books. One press may draw many; it keeps nothing of a book."""

    def __init__(self, forms: Forms, prose: Prose, tables: Tables, spreads: SpreadPages):
        self.forms = forms
        self.prose = prose
        self.tables = tables
        self.spreads = spreads

    def pdf(self, book: Book, passport: Passport) -> Printed:
        """Return the book as PDF/A-3u: the same book and passport give the same bytes."""
        job = _Job(self, book, passport)
        for index, page in enumerate(book.pages):
            job.draw(index, page)
        body = job.bind()
        return Printed(body, book.totals.count.pages, book.totals.count.sheets)


class _Job:
    """One book on the press."""

    def __init__(self, press: Press, book: Book, passport: Passport):
        self.press = press
        self.book = book
        self.passport = passport
        self.small_print = book.content.small_print(passport.document)
        self.ink = Ink(press.forms.typesetter.faces)
        self.writer = PdfWriter()
        self.writer.pdf_header = "%PDF-1.7"
        self.resources = DictionaryObject()
        self.resources_ref = self.writer._add_object(self.resources)
        self.placed: dict[int, tuple[str, Capture]] = {}
        self.fields: list[Field] = []
        first = book.pages[0].orientation
        self.turns = book.content.bound and first is Orientation.PORTRAIT

    def draw(self, index: int, page: Page) -> None:
        """Draw a page and add it to the file."""
        front = page.on_front(index)
        side = paper(self.press.forms, self.book.content, page.orientation, front)
        canvas = Canvas(side.height, self.ink)
        self._running(canvas, side, page)
        x, y = side.frame.x, side.frame.y
        text: list[ProseItem] = []
        for item in page.items:
            if isinstance(item, PROSE):
                text.append(item)
                continue
            y += self._text(canvas, text, side, x, y, index)
            text = []
            y = self._item(canvas, item, side, x, y)
        self._text(canvas, text, side, x, y, index)
        if self.book.mark and self.book.mark.page == index:
            canvas.mark(self.book.mark)
        self._add(canvas, side, turned=self.turns and page.orientation is Orientation.LANDSCAPE)

    def _text(
        self,
        canvas: Canvas,
        items: list[ProseItem],
        side: PaperSide,
        x: float,
        y: float,
        index: int,
    ) -> float:
        if not items:
            return 0.0
        captured = self.press.prose.lay_out(items, side.frame.width, self.book.totals)
        canvas.capture(captured, x, y)
        for name, slot in captured.slots.items():
            if name.startswith("field-"):
                role = name.removeprefix("field-")
                self.fields.append(
                    Field(role, index, slot.x + x, slot.y + y, slot.width, slot.height)
                )
        return ends(captured, len(items))[-1]

    def _item(self, canvas: Canvas, item: Item, side: PaperSide, x: float, y: float) -> float:
        press, totals = self.press, self.book.totals
        frame = side.frame
        match item:
            case TitleSheet():
                captured = press.prose.title(item, frame.width, frame.height, totals)
                canvas.capture(captured, x, y)
                for number, part in enumerate(item.parts, start=1):
                    self._part(canvas, captured.slots[f"part-{number}"], part.title, x, y)
            case BlankNote(text):
                width, height = side.size
                note = press.forms.form("shared/blank.html", width=width, height=height, text=text)
                self._place(canvas, note, x, y)
            case TableSlice():
                form = press.tables.form(item.table, item.columns, item.widths)
                self._place(canvas, form.head, x, y)
                return press.tables.draw(canvas, item, form, x, y) + GAP
            case MarksSlice():
                left = press.spreads.marks_page(side)
                self._place(canvas, left.listed(item.pupils), x, y)
                left.fill(canvas, item)
            case TopicsSlice():
                right = press.spreads.topics_page(side)
                self._place(canvas, right.ruled(item.used), x, y)
                right.fill(canvas, item)
        return y

    def _part(self, canvas: Canvas, slot: Slot, title: str, x: float, y: float) -> None:
        """Set a line of the title page's contents, dots leading to its page."""
        runs = set_line(slot, title, self.ink.faces)
        last = runs[-1]
        face = self.ink.faces[last.face]
        end = last.x + face.width(f"{last.text} ", last.size)
        room = slot.x + slot.width - end
        count = max(0, int(room * LEADER / face.width("." * LEADER, last.size)))
        leader = "." * count
        start = slot.x + slot.width - face.width(leader, last.size)
        canvas.runs([*runs, last._replace(x=start, text=leader)], x, y)

    def _running(self, canvas: Canvas, side: PaperSide, page: Page) -> None:
        faces, content = self.ink.faces, self.book.content
        if page.number > 1:
            canvas.runs(set_line(side.page, str(page.number), faces))
            if content.bound and is_front(page.number):
                sheet = sheet_of(page.number)
                canvas.runs(set_line(side.sheet, f"л.\u00a0{sheet}", faces))
        footer = page.small_print(self.small_print, self.book.totals)
        canvas.runs(set_line(side.footer, footer, faces))

    def _place(self, canvas: Canvas, form: Capture, x: float, y: float) -> None:
        """Put a form under the page; it is drawn once, however many pages show it."""
        name, kept = self.placed.setdefault(id(form), (f"F{len(self.placed)}", form))
        canvas.form(name, x, y, kept.height)

    def _add(self, canvas: Canvas, side: PaperSide, *, turned: bool) -> None:
        width, height = (side.height, side.width) if turned else (side.width, side.height)
        prefix = f"0 1 -1 0 {width:.3f} 0 cm" if turned else ""
        page = PageObject.create_blank_page(None, round(width, 2), round(height, 2))
        page[NameObject("/Resources")] = self.resources_ref
        page[NameObject("/Contents")] = self._stream(canvas.stream(prefix))
        if turned:
            page[NameObject("/Rotate")] = NumberObject(90)
        self.writer.add_page(page)

    def _stream(self, data: bytes, entries: DictionaryObject | None = None) -> IndirectObject:
        stream = DecodedStreamObject()
        stream.set_data(data)
        packed = stream.flate_encode(level=6)
        packed.update(entries or {})
        return self.writer._add_object(packed)

    def bind(self) -> bytes:
        """Return the file: forms, fonts, fields, bookmarks, labels, origin."""
        self.resources[NameObject("/XObject")] = DictionaryObject(
            {NameObject(f"/{name}"): self._form(form) for name, form in self.placed.values()}
        )
        self.resources[NameObject("/Font")] = DictionaryObject(
            {
                NameObject(f"/{self.ink.name(face).decode()}"): font(
                    self.writer, self.ink.faces[face], glyphs
                )
                for face, glyphs in self.ink.glyphs()
            }
        )
        add_fields(self.writer, self.fields)
        for title, index in self.book.outline:
            self.writer.add_outline_item(title=title, page_number=index)
        self._behaviour()
        finish(self.writer, self.passport)
        out = BytesIO()
        self.writer.write(out)
        return out.getvalue()

    def _form(self, form: Capture) -> IndirectObject:
        canvas = Canvas(form.height, self.ink)
        canvas.capture(form)
        box = ArrayObject(
            map(FloatObject, (-1, -1, round(form.width + 1, 2), round(form.height + 1, 2)))
        )
        entries = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/BBox"): box,
                NameObject("/Resources"): self.resources_ref,
            }
        )
        return self._stream(canvas.stream(), entries)

    def _behaviour(self) -> None:
        """Say how the file opens and prints."""
        root = self.writer.root_object
        bound = self.book.content.bound
        preferences = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
        if bound:
            edge = (
                "Long"
                if self.turns or self.book.pages[0].orientation is Orientation.PORTRAIT
                else "Short"
            )
            preferences[NameObject("/Duplex")] = NameObject(f"/DuplexFlip{edge}Edge")
            root[NameObject("/PageLayout")] = NameObject("/TwoPageRight")
        root[NameObject("/ViewerPreferences")] = preferences
        if self.book.outline:
            root[NameObject("/PageMode")] = NameObject("/UseOutlines")
        labels = ArrayObject()
        counted = [page.number > 0 for page in self.book.pages]
        labels.extend([NumberObject(0), DictionaryObject({NameObject("/S"): NameObject("/D")})])
        if False in counted:
            outside = counted.index(False)
            labels.extend(
                [
                    NumberObject(outside),
                    DictionaryObject({NameObject("/P"): TextStringObject("вне счёта")}),
                ]
            )
        root[NameObject("/PageLabels")] = DictionaryObject({NameObject("/Nums"): labels})
