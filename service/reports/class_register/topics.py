"""The right pages of a subject: what was done at each lesson, and the sum of each period."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from service.domain.codes import LessonKind, MarkKind, TermKind
from service.domain.journal import Group, Lesson
from service.domain.reckoning.periods import Period
from service.domain.snapshot import Term
from service.domain.wording.text import NBSP, plain
from service.reports.class_register import teachers
from service.reports.class_register.reading import Reading

KINDS = {
    LessonKind.CONTROL: "Контрольная работа",
    LessonKind.LAB: "Лабораторная работа",
    LessonKind.PRACTICE: "Практическая работа",
}
_GENITIVE = {
    TermKind.QUARTER: ("четверть", "четверти"),
    TermKind.HALF: ("полугодие", "полугодия"),
    TermKind.TRIMESTER: ("триместр", "триместра"),
    TermKind.MODULE: ("модуль", "модуля"),
}


def topics(reading: Reading, lessons: Sequence[Lesson]) -> list[str]:
    """Return the topic of each lesson, works numbered: «Контрольная работа № 2. …».

    A topic that names its kind of work already is printed as it is; a substitution is added (E09).
    """
    done: Counter[LessonKind] = Counter()
    found = []
    for lesson in lessons:
        topic = plain(lesson.topic)
        if lesson.kind is not LessonKind.LESSON:
            done[lesson.kind] += 1
            topic = _with_work(topic, lesson.kind, done[lesson.kind])
        if lesson.substitute is not None:
            topic = f"{topic} (замена: {reading.person(lesson.substitute.teacher)})".lstrip()
        found.append(topic)
    return found


def _with_work(topic: str, kind: LessonKind, number: int) -> str:
    work = KINDS[kind]
    if topic.casefold().startswith(work.casefold()):
        return topic
    return f"{work} №{NBSP}{number}. {topic}" if topic else f"{work} №{NBSP}{number}"


def homework(reading: Reading, lesson: Lesson) -> str:
    """Return the homework as it was set; class 1 has none (E01)."""
    return plain(lesson.homework) if reading.journal.grade > 1 else ""


def period_summary(reading: Reading, group: Group, period: Period) -> str:
    """Return «Итоги I четверти: по плану 24 ч., дано 24 ч. Учитель: Петров П.П.».

    A term's plan is the number of planned lessons dated within it; without a dated plan only the
    hours given are told. The year has such a line, exam and final marks have none.
    """
    if period.term is not None:
        title = _of(period.term)
        given = sum(lesson.hours for lesson in group.lessons if lesson.term == period.term.id)
        planned = sum(
            line.date is not None and period.start <= line.date <= period.end for line in group.ktp
        )
    elif period.kind is MarkKind.YEAR:
        title = "года"
        given = sum(lesson.hours for lesson in group.lessons)
        planned = group.plan_year_hours or len(group.ktp)
    else:
        return ""
    plan = f"по плану {planned}{NBSP}ч., " if planned else ""
    teacher = teachers.at(reading, group, period.end)
    signed = f" Учитель:{NBSP}{teacher}" if teacher else ""
    return f"Итоги {title}: {plan}дано {given}{NBSP}ч.{signed}"


def _of(term: Term) -> str:
    nominative, genitive = _GENITIVE[term.kind]
    return re.sub(nominative, genitive, plain(term.title), flags=re.IGNORECASE)
