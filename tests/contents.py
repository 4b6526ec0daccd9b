"""A document's content written out as text, so that a changed form reads as a diff."""

from collections.abc import Iterator
from functools import singledispatch
from itertools import zip_longest

from service.documents.parts import (
    Cell,
    Column,
    ColumnGroup,
    Content,
    Contents,
    Corners,
    Facts,
    Heading,
    LessonStep,
    Paragraph,
    Section,
    Signatures,
    Spreads,
    Style,
    Table,
    TitlePage,
    Words,
)
from service.domain.pagination import PageCount, Totals

TOTALS = Totals(PageCount(163))  # FORMS 3.3 in every counted text
MARKS = {Style.BOLD: "**", Style.ITALIC: "_"}


def written(content: Content) -> str:
    """Return the whole document as text."""
    bound = "переплёт, " if content.bound else ""
    small_print = content.small_print("d-1")
    lines = [f"{content.title}", f"[{bound}поле {content.binding} мм] {small_print}"]
    for section in content.sections:
        lines += ["", *_section(section)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _section(section: Section) -> Iterator[str]:
    about = [section.start.value, section.orientation.value]
    about += ["whole sheets"] if section.whole_sheets else []
    about += [] if section.counted else ["not counted"]
    yield f"=== {' | '.join((section.title, section.note, *about))}"
    for brick in section.body:
        yield from _brick(brick)


@singledispatch
def _brick(brick: object) -> Iterator[str]:
    raise TypeError(f"an unknown brick: {type(brick).__name__}")


@_brick.register
def _(heading: Heading) -> Iterator[str]:
    yield f"# {heading.text}"
    if heading.under:
        yield f"## {heading.under}"


@_brick.register
def _(paragraph: Paragraph) -> Iterator[str]:
    about = f"{paragraph.align.value}, {paragraph.size.value}"
    yield f"({about}) {_said(paragraph.text)}"


@_brick.register
def _(facts: Facts) -> Iterator[str]:
    for label, value in facts.items:
        yield f"{label} {_said(value)}"


@_brick.register
def _(corners: Corners) -> Iterator[str]:
    yield f"{corners.left} ‹ {corners.middle} › {corners.right}"


@_brick.register
def _(table: Table) -> Iterator[str]:
    about = f"lead {table.lead}" + ", digits" * table.digits + ", dense" * table.dense
    yield f"[table {about}, blank rows {table.fill_blank}]"
    for path, column in _columns(table.columns):
        turned = "↑" if column.turned else ""
        yield f"  {turned}{path} ({column.width:g} {column.align.value})"
    for block in table.body:
        for row in block.rows:
            yield "| " + " | ".join(_cell(cell) for cell in row) + " |"
        yield "|-"


@_brick.register
def _(spreads: Spreads) -> Iterator[str]:
    yield f"[spreads {spreads.class_title}, {spreads.subject}, {spreads.year_title}]"
    yield f"  {spreads.teachers}"
    for step in spreads.steps:
        cells = " | ".join(_cell(cell) for cell in step.cells)
        if isinstance(step, LessonStep):
            head = f"{step.month} {step.day}{step.corner} № {step.number} {step.date}"
            yield f"{head}: {cells} :: {step.topic} :: {step.homework}"
        else:
            yield f"{step.title}: {cells} :: {step.summary}"
    for pupil in spreads.pupils:
        yield f"  {pupil.number} {pupil.name}"


@_brick.register
def _(signatures: Signatures) -> Iterator[str]:
    for line in signatures.lines:
        if line.preface:
            yield f"  {line.preface}"
        place = f"[{line.role}]" if line.role else "____________"
        seal = " М.П." if line.seal else ""
        yield f"  {line.post} {place} {line.name} {line.date}{seal}"


@_brick.register
def _(title: TitlePage) -> Iterator[str]:
    yield from (*title.above, f"# {title.name}", f"## {title.under}", *title.lines)
    yield from (f"{label} {value}" for label, value in title.facts)
    yield _said(title.count)
    yield from (f"{label} {_said(value)}" for label, value in title.foot)
    yield title.copy


@_brick.register
def _(contents: Contents) -> Iterator[str]:
    yield f"# {contents.heading}"
    yield f"[contents {' | '.join(contents.columns)}]"


def _columns(
    columns: tuple[Column | ColumnGroup, ...], above: str = ""
) -> Iterator[tuple[str, Column]]:
    for column in columns:
        path = f"{above}{column.title}"
        if isinstance(column, Column):
            yield path, column
        else:
            yield from _columns(column.columns, f"{path} › ")


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "·"
    text = "░" if Style.SHADED in cell.style else ("╱" if Style.STRUCK in cell.style else "")
    text += cell.text.replace("\n", " ⏎ ")
    for style, mark in MARKS.items():
        if style in cell.style and text:
            text = f"{mark}{text}{mark}"
    return text + (f"^{cell.corner}" if cell.corner else "")


def _said(words: Words) -> str:
    text = words if isinstance(words, str) else words(TOTALS)
    return text.replace("\n", " ⏎ ")


def grid(table: Table) -> list[list[str]]:
    """Return the rows of a table as text, without their blocks."""
    return [[_cell(cell) for cell in row] for block in table.body for row in block.rows]


def by_column(table: Table, row: int) -> dict[str, str]:
    """Return one row of a table by the headings of its columns."""
    heads = [path for path, _ in _columns(table.columns)]
    return dict(zip_longest(heads, grid(table)[row]))
