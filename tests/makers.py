"""A small school written in one breath: what tests of the domain and of the kinds are made of."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from service.domain.codes import Attendance, MarkKind, MarkValue, TermKind
from service.domain.journal import (
    CellEntry,
    Enrolment,
    Group,
    Lesson,
    Mark,
    Membership,
    SchoolClass,
    Student,
    Teaching,
    TermMark,
)
from service.domain.snapshot import Person, School, Snapshot, Source, Staff, Subject, Term, Year
from service.domain.wording import names

FIRST_DAY, LAST_DAY = date(2026, 9, 1), date(2027, 5, 26)
QUARTERS = (
    ("I", FIRST_DAY, date(2026, 10, 25)),
    ("II", date(2026, 11, 3), date(2026, 12, 29)),
    ("III", date(2027, 1, 11), date(2027, 3, 21)),
    ("IV", date(2027, 3, 29), LAST_DAY),
)
HALVES = (("I", FIRST_DAY, date(2026, 12, 29)), ("II", date(2027, 1, 11), LAST_DAY))
VALUES = {"зч": "PASS", "нз": "FAIL", "н/а": "NA", "осв": "EXEMPT"}
ABSENCES = {
    "Н": Attendance.ABSENT,
    "Б": Attendance.ABSENT_ILL,
    "УП": Attendance.ABSENT_VALID,
    "НП": Attendance.ABSENT_INVALID,
    "ОП": Attendance.LATE,
}
REASONS = {"+": "VALID", "-": "TRUANCY"}


def _terms() -> tuple[Term, ...]:
    quarters = [
        Term(
            id=f"q{number}", kind=TermKind.QUARTER, number=number, title=f"{roman} четверть",
            short=f"{number} ч.", start=start, end=end, grades=tuple(range(1, 10)),
        )
        for number, (roman, start, end) in enumerate(QUARTERS, 1)
    ]  # fmt: skip
    halves = [
        Term(
            id=f"h{number}", kind=TermKind.HALF, number=number, title=f"{roman} полугодие",
            short=f"{number} п.", start=start, end=end, grades=(10, 11),
        )
        for number, (roman, start, end) in enumerate(HALVES, 1)
    ]  # fmt: skip
    return (*quarters, *halves)


def _marks(student: str, written: str, term: str) -> list[TermMark]:
    """Read «5» (of the term) or «q1=5* q2=н/а+ YEAR=4»: * transferred, + excused, - truant."""
    found = []
    for piece in written.split():
        place, _, value = piece.rpartition("=")
        place = place or term
        transferred, reason = value.endswith("*"), REASONS.get(value[-1])
        value = value.rstrip("*+-")
        kind = MarkKind(place) if place in MarkKind.__members__ else MarkKind.TERM
        found.append(
            TermMark(
                student=student, kind=kind, term=place if kind is MarkKind.TERM else None,
                v=MarkValue(VALUES.get(value, value)), transferred=transferred, na_reason=reason,
            )
        )  # fmt: skip
    return found


def _lesson(id_: str, n: int, day: str, cells: Mapping[str, str], ids: Mapping[str, str]) -> Lesson:
    held = date.fromisoformat(day)
    quarter = next(q for q, (_, start, end) in enumerate(QUARTERS, 1) if start <= held <= end)
    return Lesson(
        id=id_, n=n, date=held, term=f"q{quarter}", topic=f"Тема {n}", homework=f"§ {n}",
        cells=tuple(
            CellEntry(student=ids[name], att=ABSENCES[text])
            if text in ABSENCES
            else CellEntry(student=ids[name], marks=(Mark(v=MarkValue(text)),))
            for name, text in cells.items()
        ),
    )  # fmt: skip


def make_snapshot(
    marks: Mapping[str, Mapping[str, str]],
    *,
    term: str = "q1",
    pupils: Mapping[str, Mapping[str, Any]] | None = None,
    subgroups: Mapping[str, Mapping[str, str]] | None = None,
    lessons: Mapping[str, Mapping[str, Mapping[str, str]]] | None = None,
    closed: bool = True,
    **of_class: Any,
) -> Snapshot:
    """Return a school with one class: `marks` by pupil's name and subject's title.

    `pupils` holds more fields of a pupil by name, `subgroups` by subject who is in which group,
    `lessons` by group's title and ISO day what stands in whose cell («4», «Б»), `of_class` more
    fields of the class. A pupil without a subject is in none of its groups.
    """
    ids = {name: f"s{number}" for number, name in enumerate(marks, 1)}
    titles = list(dict.fromkeys(title for row in marks.values() for title in row))
    more = pupils or {}
    students = []
    for name, id_ in ids.items():
        taken = names.parts(name)
        fields: dict[str, Any] = {
            "id": id_, "last": taken.last, "first": taken.first, "middle": taken.middle,
            "enrolments": (Enrolment(from_=FIRST_DAY),),
        }  # fmt: skip
        students.append(Student(**(fields | dict(more.get(name, {})))))
    groups = []
    for place, subject in enumerate(titles, 1):
        split = (subgroups or {}).get(subject, {})
        for part in dict.fromkeys(split.get(name, "") for name in marks):
            title = f"{subject} ({part} группа)" if part else subject
            members = [
                name for name in marks if subject in marks[name] and split.get(name, "") == part
            ]
            held = (lessons or {}).get(title, {})
            groups.append(
                Group(
                    id=f"g{place}{part}", title=title, subject=f"su{place}",
                    hours_per_week=Decimal(3),
                    members=tuple(Membership(student=ids[m], from_=FIRST_DAY) for m in members),
                    teachers=(Teaching(id="t2", from_=FIRST_DAY),),
                    lessons=tuple(
                        _lesson(f"l{place}{part}-{n}", n, day, cells, ids)
                        for n, (day, cells) in enumerate(held.items(), 1)
                    ),
                    term_marks=tuple(
                        mark for m in members for mark in _marks(ids[m], marks[m][subject], term)
                    ),
                )
            )  # fmt: skip
    grade = of_class.pop("grade", 8)
    journal: dict[str, Any] = {
        "id": "c1", "grade": grade, "letter": "А", "tutor": "t1", "students": tuple(students),
        "groups": tuple(groups),
        "term_scheme": TermKind.HALF if grade > 9 else TermKind.QUARTER,
    }  # fmt: skip
    return Snapshot(
        schema_="ejournal-snapshot/1",
        source=Source(
            system="Электронный журнал", exported_at=datetime(2027, 6, 15, 5, 32, tzinfo=UTC)
        ),
        school=School(
            id="school-18",
            full_name="Муниципальное бюджетное общеобразовательное учреждение "
            "«Средняя общеобразовательная школа № 18»",
            short_name="МБОУ «СОШ № 18»",
            founder="Управление образования городского округа",
            timezone="Asia/Yekaterinburg",
            director=Person(name="Соколов Игорь Львович"),
            deputies=(Person(name="Орлова Нина Павловна"),),
            secretary=Person(name="Белова Ольга"),
        ),
        year=Year(label="2026/2027", start=FIRST_DAY, end=LAST_DAY, closed=closed),
        terms=_terms(),
        subjects=tuple(
            Subject(id=f"su{place}", title=title) for place, title in enumerate(titles, 1)
        ),
        staff=(
            Staff(id="t1", last="Иванова", first="Мария", middle="Петровна"),
            Staff(id="t2", last="Петров", first="Пётр", middle="Петрович"),
        ),
        classes=(SchoolClass(**(journal | of_class)),),
    )
