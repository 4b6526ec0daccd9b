"""Small journals with lessons, as a source would send them, and what a register makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from service.documents.kind import Assignment
from service.documents.options import PrintOptions
from service.documents.parts import Cell, LessonStep, Section, Spreads, Style, Table
from service.domain.pagination import PageCount, Totals
from service.domain.snapshot import Snapshot
from service.reports import catalogue

NBSP = "\u00a0"
BOOK = Totals(PageCount(163))

TERMS = [
    ("q1", "QUARTER", "I четверть", "2026-09-01", "2026-10-25"),
    ("q2", "QUARTER", "II четверть", "2026-11-02", "2026-12-29"),
    ("h1", "HALF", "I полугодие", "2026-09-01", "2026-12-29"),
]
STAFF = {
    "t1": ("Петров", "Пётр", "Петрович"),
    "t2": ("Иванова", "Ирина", "Ильинична"),
    "t3": ("Сидорова", "Анна", "Алексеевна"),
}


Data = dict[str, Any]


def pupil(id_: str, name: str, **said: Any) -> Data:
    """A pupil, all year in the class unless `enrolments` say otherwise."""
    last, first, middle = (*name.split(), "", "")[:3]
    whole_year = [{"from": "2026-09-01"}]
    found = {"id": id_, "last": last, "first": first, "middle": middle}
    return found | {"enrolments": whole_year} | said


def lesson(number: int, day: str, term: str = "q1", **said: Any) -> Data:
    """A lesson with a topic and homework."""
    found = {"id": f"l{number}", "n": number, "date": day, "term": term, "slot": 1}
    return found | {"topic": f"Тема {number}", "homework": f"§ {number}"} | said


def group(title: str, lessons: list[Data], members: list[Data] | None = None, **said: Any) -> Data:
    """A subject of the whole class, or of `members`."""
    taught = [{"id": "t1", "from": "2026-09-01"}]
    found = {"id": f"g{title.encode().hex()[-60:]}", "title": title, "subject": "alg"}
    return found | {"teachers": taught, "lessons": lessons, "members": members} | said


def cell(student: str, *marks: str, **said: Any) -> Data:
    """A cell with marks, an absence or both."""
    return {"student": student, "marks": [{"v": mark} for mark in marks]} | said


def snapshot(
    pupils: list[Data], groups: list[Data], grade: int = 8, closed: bool = True, **said: Any
) -> Snapshot:
    """A school with one class and two quarters."""
    for one in groups:
        if one["members"] is None:
            one["members"] = [{"student": p["id"], "from": "2026-09-01"} for p in pupils]
    school = {
        "id": "s18",
        "full_name": "МБОУ «Средняя общеобразовательная школа № 18»",
        "founder": "Управление образования",
        "timezone": "Asia/Yekaterinburg",
        "director": {"name": "Орлов Олег Олегович"},
        "deputies": [{"name": "Зимина Зоя Захаровна"}],
        "secretary": {"name": "Белова Белла Борисовна"},
    }
    found = {
        "schema": "ejournal-snapshot/1",
        "source": {
            "system": "test",
            "title": "ГИС СО «Единое цифровое пространство»",
            "exported_at": "2027-06-15T05:32:00Z",
        },
        "school": school,
        "year": {
            "label": "2026/2027",
            "start": "2026-09-01",
            "end": "2027-05-26",
            "closed": closed,
        },
        "terms": [
            {
                "id": id_,
                "kind": kind,
                "number": int(id_[1:]),
                "title": title,
                "short": id_,
                "start": start,
                "end": end,
                "grades": [*range(1, 12)],
            }
            for id_, kind, title, start, end in TERMS
        ],
        "subjects": [{"id": "alg", "title": "Алгебра"}, {"id": "eng", "title": "Английский язык"}],
        "staff": [
            {"id": id_, "last": last, "first": first, "middle": middle}
            for id_, (last, first, middle) in STAFF.items()
        ],
        "classes": [
            {
                "id": "c",
                "grade": grade,
                "letter": "А",
                "tutor": "t2",
                "term_scheme": "QUARTER",
                "students": pupils,
                "groups": groups,
            }
            | said
        ],
    }
    return Snapshot.model_validate_json(json.dumps(found))


def assignment(found: Snapshot, **options: Any) -> Assignment:
    """Printed on 16 June 2027 with these options."""
    return Assignment(
        snapshot=found,
        term=None,
        options=PrintOptions.model_validate(options),
        issued_at=datetime(2027, 6, 16, 9, 0, tzinfo=UTC),
    )


def sections(found: Snapshot, **options: Any) -> tuple[Section, ...]:
    """The parts of the class's register."""
    return catalogue()["class-register"].content(assignment(found, **options)).sections


def books(found: Snapshot, **options: Any) -> list[Spreads]:
    """The spreads of the class's register."""
    return [s.body[0] for s in sections(found, **options) if isinstance(s.body[0], Spreads)]


def section(found: Snapshot, title: str, **options: Any) -> Section:
    """The part with this title."""
    (one,) = (s for s in sections(found, **options) if s.title == title)
    return one


def row_of(book: Spreads, place: int) -> list[Cell]:
    """A pupil's cells on all left pages of a subject."""
    return [step.cells[place] for step in book.steps]


def texts(book: Spreads, place: int = 0) -> list[str]:
    """What stands in a pupil's row."""
    return [cell.text for cell in row_of(book, place)]


def greys(book: Spreads, place: int = 0) -> str:
    """Which cells of a pupil are grey: «.##.»."""
    return "".join("#" if Style.SHADED in cell.style else "." for cell in row_of(book, place))


def heads(book: Spreads) -> list[str]:
    """The heads of a subject's columns."""
    return [step.day if isinstance(step, LessonStep) else step.title for step in book.steps]


def rows(table: Table) -> Iterator[list[str]]:
    """The texts of a table, row by row."""
    for block in table.body:
        for row in block.rows:
            yield [cell.text for cell in row if cell is not None]


def only(found: Section, kind: type) -> list:
    """The bricks of a kind in a part."""
    return [brick for brick in found.body if isinstance(brick, kind)]


IVAN = pupil("ivan", "Иванов Иван Иванович")
ANNA = pupil("anna", "Яковлева Анна Петровна")
AUTUMN = [lesson(1, "2026-09-02"), lesson(2, "2026-10-20"), lesson(3, "2026-11-05", "q2")]
