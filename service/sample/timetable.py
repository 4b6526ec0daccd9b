"""The week of a class and the dated lessons that follow from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from service.sample import year
from service.sample.curriculum import Course

DAYS = 5


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the week; `fortnightly` lessons are held every other week."""

    weekday: int
    lesson: int
    fortnightly: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A lesson held: when, as which of the day, in which term."""

    date: date
    slot: int
    term: str


def week(courses: Sequence[Course], random: Random) -> Mapping[str, tuple[Slot, ...]]:
    """Return the slots of every subject: spread over the week, days about equally long."""
    days: list[list[tuple[str, bool]]] = [[] for _ in range(DAYS)]
    order = sorted(courses, key=lambda course: -course.hours)
    for course in order:
        lessons = int(course.hours) or 1
        fortnightly = course.hours < 1
        shuffled = random.sample(range(DAYS), DAYS)
        by_room = sorted(shuffled, key=lambda day: len(days[day]))
        if course.paired:
            days[by_room[0]] += [(course.subject, False)] * lessons
            continue
        for number in range(lessons):
            days[by_room[number % DAYS]].append((course.subject, fortnightly))
    found: defaultdict[str, list[Slot]] = defaultdict(list)
    for weekday, lessons_of_day in enumerate(days):
        together = sorted(lessons_of_day, key=lambda lesson: _hash(lesson[0], weekday))
        for number, (subject, fortnightly) in enumerate(together, start=1):
            found[subject].append(Slot(weekday, number, fortnightly))
    return {subject: tuple(slots) for subject, slots in found.items()}


def dated(slots: Sequence[Slot], grade: int) -> tuple[Held, ...]:
    """Return the lessons of a subject over the year, in order."""
    held = []
    for day, weekday, term in year.school_days(grade):
        odd_week = bool((day - year.START).days // 7 % 2)
        for slot in slots:
            if slot.weekday == weekday and not (slot.fortnightly and odd_week):
                held.append(Held(day, slot.lesson, term))
    return tuple(held)


def _hash(subject: str, weekday: int) -> tuple[int, str]:
    """Order the lessons of a day so that days differ and doubled lessons stay together."""
    return sum(map(ord, subject)) * (weekday + 3) % 17, subject
