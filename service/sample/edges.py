"""The edge cases of a school year, and the class of the sample each of them lives in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from service.domain.codes import MarkValue
from service.domain.journal import CellEntry, Group, Lesson, Mark, SchoolClass, Teaching
from service.domain.snapshot import Snapshot
from service.sample import year
from service.sample.roster import ClassKey

WHERE: Mapping[str, str] = MappingProxyType(
    {
        "E01": "1А",  # class 1, taught without marks
        "E02": "8А",  # exempt from physical education
        "E03": "8А",  # ill the whole III quarter: not attested
        "E04": "8А",  # arrived on 10 October
        "E05": "8А",  # left on 12 December
        "E06": "8А",  # from 8Б, with the marks of two quarters
        "E07": "8А",  # subgroups
        "E08": "8А",  # algebra: another teacher from 13 January
        "E09": "8А",  # substitutions
        "E10": "8А",  # physics: both lessons of the week on one day
        "E11": "8А",  # two marks for a dictation
        "E12": "8А",  # absent, and a mark
        "E13": "8А",  # taught at home
        "E14": "6А",  # 41 pupils
        "E15": "8А",  # topics of 120 and of 2 000 characters
        "E16": "8А",  # a subject without a lesson
        "E17": "2А",  # a quarter without marks for the whole class
        "E18": "8А",  # namesakes; in 9А even their fathers' names are the same
        "E19": "8А",  # unusual names
        "E20": "8А",  # left and came back
        "E21": "8А",  # lessons on a Saturday, and in week 53
        "E22": "8А",  # conduct
        "E23": "8А",  # corrected(): one mark changed after printing
        "E24": "8А",  # promoted conditionally, with a failing mark
    }
)

HOME = ClassKey(8, "А")
NEW_TEACHER_FROM = date(2027, 1, 13)
LAST_DAY_OF_FORMER = date(2027, 1, 12)

MIDDLING_TOPIC = (
    "Обобщающий урок: проза и поэзия второй половины XIX века, художественные особенности, "
    "система образов и авторская позиция"
)
_LONG_PART = (
    "Урок-конференция по итогам года: доклады обучающихся о прочитанных за лето произведениях, "
    "обсуждение позиции автора и героя, сопоставление исторического времени и времени "
    "повествования, работа в группах с фрагментами текста, составление сравнительной таблицы; "
)
LONG_TOPIC = (_LONG_PART * 10)[:1999].rstrip() + "."
LONG_TOPIC += "." * (2000 - len(LONG_TOPIC))


def with_cases(journal: SchoolClass, key: ClassKey, new_teacher: str) -> SchoolClass:
    """Return 8А with the cases that chance would not bring; any other class as it is."""
    if key != HOME:
        return journal
    groups = [_group(group, new_teacher) for group in journal.groups]
    return journal.model_copy(update={"groups": tuple(groups)})


def corrected(snapshot: Snapshot) -> Snapshot:
    """Return the snapshot as it is after somebody mended one mark, later than it was printed (E23).

    The first numeric current mark of the first class with marks becomes another one.
    """
    classes = list(snapshot.classes)
    for place, journal in enumerate(classes):
        if (found := next(_marked(journal), None)) is not None:
            classes[place] = _mended(journal, *found)
            source = snapshot.source.model_copy(
                update={"exported_at": year.moment(date(2027, 7, 2), 9)}
            )
            return snapshot.model_copy(update={"classes": tuple(classes), "source": source})
    return snapshot


def _marked(journal: SchoolClass) -> Iterator[tuple[Group, Lesson, CellEntry]]:
    """Yield the cells with marks, each with its lesson and group."""
    for group in journal.groups:
        for lesson in group.lessons:
            yield from ((group, lesson, cell) for cell in lesson.cells if cell.marks)


def _group(group: Group, new_teacher: str) -> Group:
    if group.subject == "alg":
        (former,) = group.teachers
        teachers = (
            former.model_copy(update={"to": LAST_DAY_OF_FORMER}),
            Teaching(id=new_teacher, from_=NEW_TEACHER_FROM),
        )
        return group.model_copy(update={"teachers": teachers})
    if group.subject == "lit":
        lessons = list(group.lessons)
        lessons[-3] = lessons[-3].model_copy(update={"topic": MIDDLING_TOPIC[:120]})
        lessons[-2] = lessons[-2].model_copy(update={"topic": LONG_TOPIC})
        return group.model_copy(update={"lessons": tuple(lessons)})
    if group.subject == "hist":
        return group.model_copy(update={"lessons": _absent_with_mark(group.lessons)})
    return group


def _absent_with_mark(lessons: Sequence[Lesson]) -> tuple[Lesson, ...]:
    """Give the first absent pupil a mark, handed in later (E12)."""
    found = list(lessons)
    for place, lesson in enumerate(found):
        for number, cell in enumerate(lesson.cells):
            if cell.att is not None and cell.att.value.startswith("ABSENT"):
                at = year.moment(lesson.date, 17)
                late = cell.model_copy(update={"marks": (Mark(v=MarkValue.FOUR, at=at),)})
                cells = (*lesson.cells[:number], late, *lesson.cells[number + 1 :])
                found[place] = lesson.model_copy(update={"cells": cells})
                return tuple(found)
    return tuple(found)


def _mended(journal: SchoolClass, group: Group, lesson: Lesson, cell: CellEntry) -> SchoolClass:
    was = cell.marks[0]
    value = MarkValue.FOUR if was.v is not MarkValue.FOUR else MarkValue.FIVE
    marks = (Mark(v=value, w=was.w, at=year.moment(date(2027, 7, 1), 12)), *cell.marks[1:])
    new_cell = cell.model_copy(update={"marks": marks})
    new_lesson = lesson.model_copy(
        update={"cells": tuple(new_cell if one is cell else one for one in lesson.cells)}
    )
    new_group = group.model_copy(
        update={"lessons": tuple(new_lesson if one is lesson else one for one in group.lessons)}
    )
    return journal.model_copy(
        update={"groups": tuple(new_group if one is group else one for one in journal.groups)}
    )
