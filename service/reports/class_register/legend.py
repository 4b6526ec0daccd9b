"""The page behind the contents: what the signs mean, and who is on the list of the class."""

from __future__ import annotations

from service.documents.parts import (
    Align,
    Block,
    Cell,
    Column,
    Heading,
    Paragraph,
    Section,
    Start,
    Table,
)
from service.domain.codes import LessonKind
from service.domain.reckoning import cells
from service.domain.wording.text import NBSP
from service.reports.class_register.reading import Reading
from service.reports.class_register.spreads import CORNERS
from service.reports.class_register.topics import KINDS

TITLE = "Условные обозначения. Список обучающихся"
USUAL = 30  # pupils


def section(reading: Reading) -> Section:
    """Return the legend and the list of the class."""
    return Section(
        body=(
            Heading("УСЛОВНЫЕ ОБОЗНАЧЕНИЯ"),
            Paragraph(cells.legend(reading.glyphs, "FIVE" if reading.graded else "NONE")),
            *_rarities(reading),
            Heading("СПИСОК ОБУЧАЮЩИХСЯ"),
            _list(reading),
        ),
        title=TITLE,
        chapter=TITLE,
        start=Start.ODD,
    )


def _rarities(reading: Reading) -> tuple[Paragraph, ...]:
    """Explain the signs that stand in some registers only."""
    said = []
    kinds = {lesson.kind for group in reading.groups for lesson in group.lessons}
    works = [
        f"{CORNERS[kind]}{NBSP}— {KINDS[kind].lower()}"
        for kind in LessonKind
        if kind in kinds and kind in CORNERS
    ]
    if works:
        said.append(f"Буква в углу над числом: {'; '.join(works)}.")
    if any(mark.transferred for group in reading.groups for mark in group.term_marks):
        said.append("Курсивом — отметки из справки прежней школы.")
    lessons = (lesson for group in reading.groups for lesson in group.lessons)
    if any(cell.raw is not None for lesson in lessons for cell in lesson.cells):
        said.append("Запись, для которой нет обозначения, приведена как в электронном журнале.")
    return (Paragraph(" ".join(said)),) if said else ()


def _list(reading: Reading) -> Table:
    """Return the list, set closer where the class would not stand on one page otherwise."""
    return Table(
        columns=(
            Column("№ п/п", 10),
            Column("Фамилия, имя, отчество", 85, Align.LEFT),
            Column("Примечание", 0, Align.LEFT),
        ),
        body=tuple(
            Block(((Cell(str(n)), Cell(reading.full[s.id]), Cell(reading.notes.get(s.id, ""))),))
            for n, s in enumerate(reading.pupils, start=1)
        ),
        dense=len(reading.pupils) > USUAL,
    )
