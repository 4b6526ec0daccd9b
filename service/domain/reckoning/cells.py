"""What is printed in a cell of the register, and the legend that explains it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Literal

from service.domain.codes import Attendance, MarkValue
from service.domain.journal import CellEntry
from service.domain.snapshot import Glyphs
from service.domain.wording.text import NBSP, plain

DEBT = " .•"  # a dot in the cell: the pupil still owes a work

MARKS: Mapping[MarkValue, str] = MappingProxyType(
    {
        MarkValue.FIVE: "5",
        MarkValue.FOUR: "4",
        MarkValue.THREE: "3",
        MarkValue.TWO: "2",
        MarkValue.ONE: "1",
        MarkValue.PASS: "зч",
        MarkValue.FAIL: "нз",
        MarkValue.NA: "н/а",
        MarkValue.EXEMPT: "осв",
    }
)

ATTENDANCE: Mapping[Attendance, str] = MappingProxyType(
    {
        Attendance.ABSENT: "отсутствовал",
        Attendance.ABSENT_ILL: "отсутствовал по болезни",
        Attendance.ABSENT_VALID: "отсутствовал по уважительной причине",
        Attendance.ABSENT_INVALID: "отсутствовал без уважительной причины",
        Attendance.LATE: "опоздание",
    }
)

MEANINGS: Mapping[MarkValue, str] = MappingProxyType(
    {
        MarkValue.NA: "не аттестован",
        MarkValue.EXEMPT: "освобождён",
        MarkValue.PASS: "зачёт",
        MarkValue.FAIL: "незачёт",
    }
)
"""Of the marks that are not numbers."""

_USUAL = Glyphs()


def is_absence(att: Attendance | None) -> bool:
    """Tell whether a code means a missed lesson; being late does not."""
    return att is not None and att is not Attendance.LATE


def glyph(att: Attendance, glyphs: Glyphs) -> str:
    """Return the letters that stand for an attendance code in this set.

    The usual letters stand for those of a source that cannot be seen on paper.
    """
    letters: str = getattr(glyphs, att.value)
    usual: str = getattr(_USUAL, att.value)
    return plain(letters) or usual


def attendance(entry: CellEntry, glyphs: Glyphs) -> str:
    """Return the letters of a cell's attendance: «Н», «Н Н» for two lessons missed at once."""
    if entry.att is None:
        return ""
    times = entry.missed if is_absence(entry.att) else 1
    return NBSP.join([glyph(entry.att, glyphs)] * times)


def marks(entry: CellEntry) -> str:
    """Return a cell's marks: «5», «5/4» for two of them."""
    if len(entry.marks) == 1:
        return MARKS[entry.marks[0].v]
    return "/".join(MARKS[mark.v] for mark in entry.marks)


def printed(entry: CellEntry, glyphs: Glyphs) -> str:
    """Return a cell's text: «5/4», «Н 4», «Н Н»; the source's dot for a debt is not printed.

    What the codes cannot tell in full is printed as the source has it.
    """
    if entry.raw is not None:
        return plain(entry.raw).strip(DEBT)
    if entry.att is None:
        return marks(entry)
    return NBSP.join(filter(None, (attendance(entry, glyphs), marks(entry))))


def legend(glyphs: Glyphs, system: Literal["FIVE", "NONE"]) -> str:
    """Return the line that explains every sign of the register in this set of glyphs.

    Without marks (`NONE`, class 1) it explains absences only. One glyph with two meanings
    stands there once, with both.
    """
    entries = [
        ("5, 4, 3, 2, 1", "отметки"),
        *((MARKS[value], meaning) for value, meaning in MEANINGS.items()),
    ]
    doubles = [("5/4", "две отметки за один урок")]
    if system == "NONE":
        entries, doubles = [], []
    entries += _absences(glyphs)
    entries += doubles
    entries.append(("затенённая ячейка", "обучающийся не числился в классе"))
    return "; ".join(f"{sign}{NBSP}— {meaning}" for sign, meaning in entries) + "."


def _absences(glyphs: Glyphs) -> list[tuple[str, str]]:
    signs = [(glyph(att, glyphs), meaning) for att, meaning in ATTENDANCE.items()]
    order = {sign: place for place, (sign, _) in reversed([*enumerate(signs)])}
    signs.sort(key=lambda entry: order[entry[0]])
    return [
        (sign, " или ".join(meaning for _, meaning in same))
        for sign, same in groupby(signs, key=lambda entry: entry[0])
    ]
