"""The codes of «Шкала»: dates counted from September, term columns, cells, subjects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from service.domain.codes import Attendance, MarkKind, MarkValue, TermKind
from service.domain.snapshot import Term, Year

ELECTIVES = "s000"

SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "s110": "Русский язык",
        "s120": "Литература",
        "s210": "Английский язык",
        "s220": "Немецкий язык",
        "s230": "Французский язык",
        "s310": "Искусство",
        "s320": "МХК",
        "s330": "Музыка",
        "s410": "Математика",
        "s420": "Алгебра",
        "s430": "Алгебра и начала анализа",
        "s440": "Геометрия",
        "s450": "Информатика",
        "s510": "История",
        "s520": "История России",
        "s530": "Всеобщая история",
        "s540": "Обществознание",
        "s550": "Экономика",
        "s560": "Право",
        "s570": "География",
        "s610": "Физика",
        "s620": "Астрономия",
        "s630": "Химия",
        "s640": "Биология",
        "s710": "Технология",
        "s810": "Физическая культура",
        "s820": "ОБЖ",
    }
)

CERTIFICATES: Mapping[str, Attendance] = MappingProxyType(
    {
        "med": Attendance.ABSENT_ILL,
        "mp": Attendance.ABSENT_ILL,
        "par": Attendance.ABSENT_VALID,
        "out": Attendance.ABSENT_VALID,
        "adm": Attendance.ABSENT_VALID,
        "tut": Attendance.ABSENT_VALID,
        "etc": Attendance.ABSENT_VALID,
    }
)

# The columns of the journal's own table of terms, in its order: 1ч 2ч 1п 3ч 4ч 2п Год.
COLUMNS: Mapping[str, tuple[MarkKind, str | None]] = MappingProxyType(
    {
        "d205a": (MarkKind.TERM, "q1"),
        "d331b": (MarkKind.TERM, "q2"),
        "d331c": (MarkKind.TERM, "h1"),
        "d628d": (MarkKind.TERM, "q3"),
        "d831e": (MarkKind.TERM, "q4"),
        "d831f": (MarkKind.TERM, "h2"),
        "d925g": (MarkKind.YEAR, None),
    }
)

_PASS = "999"  # noqa: S105
_NOT_ATTESTED = "0"
_MONTHS_OF_AUTUMN = 4  # September to December


@dataclass(frozen=True, slots=True)
class Cell:
    """A lesson cell as far as it is understood; `strange` keeps the parts that are not."""

    marks: tuple[MarkValue, ...]
    missed: int
    strange: tuple[str, ...]


def day(code: str, year: Year) -> date | None:
    """Return the day of `dMDD`, M counted from September; None for what is not a day."""
    found = re.fullmatch(r"d(\d)(\d\d)", code)
    if found is None:
        return None
    month, number = int(found[1]), int(found[2])
    autumn = month < _MONTHS_OF_AUTUMN
    try:
        return date(
            year.start.year if autumn else year.start.year + 1,
            month + 9 if autumn else month - 3,
            number,
        )
    except ValueError:
        return None


def cell(text: str) -> Cell:
    """Read a lesson cell: `н` a lesson missed, 1–5 a mark each, `999` a pass; nothing is guessed.

    A group of digits that holds anything else (`50`, `020`, `99`) is not taken apart.
    """
    marks: list[MarkValue] = []
    strange: list[str] = []
    for part in re.findall(r"[^\sн]+", text):
        if part == _PASS:
            marks.append(MarkValue.PASS)
        elif re.fullmatch(r"[1-5]+", part):
            marks += [MarkValue(digit) for digit in part]
        else:
            strange.append(part)
    return Cell(tuple(marks), text.count("н"), tuple(strange))


def summary(text: str) -> MarkValue | None:
    """Read a term column: one digit 1–5, `0` not attested, `999` a pass; None for the rest."""
    value = text.strip()
    if value == _PASS:
        return MarkValue.PASS
    if value == _NOT_ATTESTED:
        return MarkValue.NA
    return MarkValue(value) if re.fullmatch(r"[1-5]", value) else None


def terms(year: Year) -> tuple[Term, ...]:
    """Return the journal's own terms; it marks every grade by quarters and by half-years."""
    first, second = year.start.year, year.start.year + 1
    quarter, half = TermKind.QUARTER, TermKind.HALF
    grades = tuple(range(1, 12))
    table = (
        ("q1", quarter, 1, "I четверть", "1 ч.", date(first, 9, 1), date(first, 11, 5)),
        ("q2", quarter, 2, "II четверть", "2 ч.", date(first, 11, 6), date(first, 12, 31)),
        ("h1", half, 1, "I полугодие", "1 п.", date(first, 9, 1), date(first, 12, 31)),
        ("q3", quarter, 3, "III четверть", "3 ч.", date(second, 1, 1), date(second, 3, 28)),
        ("q4", quarter, 4, "IV четверть", "4 ч.", date(second, 3, 29), date(second, 5, 31)),
        ("h2", half, 2, "II полугодие", "2 п.", date(second, 1, 1), date(second, 5, 31)),
    )
    return tuple(
        Term(
            id=key,
            kind=kind,
            number=number,
            title=title,
            short=short,
            start=start,
            end=end,
            grades=grades,
        )
        for key, kind, number, title, short, start, end in table
    )


def term_of(lesson: date, scheme: TermKind, known: tuple[Term, ...]) -> str:
    """Return the term a lesson belongs to; what comes after the last one (exams) is still its."""
    own = sorted((term for term in known if term.kind is scheme), key=lambda term: term.start)
    return next((term.id for term in own if lesson <= term.end), own[-1].id)
