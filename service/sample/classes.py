"""A class of the sample with its whole year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from service.domain.codes import MarkKind, MarkValue, TermKind
from service.domain.journal import (
    Enrolment,
    Exemption,
    Group,
    Movement,
    Order,
    Remark,
    SchoolClass,
    Student,
    TermMark,
)
from service.domain.wording.names import sort_key
from service.sample import absences, curriculum, edges, finals, timetable, year
from service.sample.books import Book
from service.sample.curriculum import Course, Split
from service.sample.dice import dice
from service.sample.roster import SPLIT_FROM, ClassKey, Event, Pupil, Trait, roster
from service.sample.staff import Team

_HALVES_FROM = 10
_UNTAUGHT = Course("natlit", Decimal(0))  # E16
_AUTHOR = "заместитель директора по УВР"
_REMARKS = (
    (date(2026, 10, 30), "Проверены накопляемость отметок и сроки записей. Замечаний нет.", ""),
    (date(2027, 1, 14), "Не на всех уроках записано домашнее задание. Заполнить до 18.01.2027.",
     "Исправлено 18.01.2027"),
    (date(2027, 4, 2), "Проверены объективность выставления отметок за III четверть и выполнение "
     "программы. Отставания нет.", ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """A course as it is given to a part of the class, or to all of it."""

    course: Course
    title: str
    pupils: Sequence[Pupil]
    part: int = 0


def school_class(key: ClassKey, seed: int, team: Team) -> SchoolClass:
    """Return a class; its teachers are hired by the way."""
    terms = year.of_grade(key.grade)
    pupils = sorted(roster(key, seed), key=lambda pupil: sort_key(_student(pupil)))
    days = [day for day, _, _ in year.school_days(key.grade)]
    away = {one.id: absences.away(one, days, dice(seed, "away", one.id)) for one in pupils}
    courses = curriculum.courses(key.grade)
    week = timetable.week(courses, dice(seed, "week", key.id))
    books = [
        Book(
            id=f"g{key.id[1:]}.{section.course.subject}.{number}",
            title=section.title,
            key=key,
            course=section.course,
            pupils=section.pupils,
            teacher=team.teacher(section.course.subject, key, section.course.hours, section.part),
            held=timetable.dated(week[section.course.subject], key.grade)
            if section.course.subject in week
            else (),
        )
        for number, section in enumerate(_sections(courses, pupils, key), start=1)
    ]
    colleagues = [book.teacher for book in books]
    groups = [book.group(away, colleagues, terms) for book in books]
    of_year = {pupil.id: _year_marks(pupil, groups) for pupil in pupils}
    groups = [_with_last_marks(group, pupils, key, of_year) for group in groups]
    journal = SchoolClass(
        id=key.id,
        grade=key.grade,
        letter=key.letter,
        tutor=colleagues[0],
        mark_system="NONE" if key.grade == 1 else "FIVE",
        term_scheme=TermKind.HALF if key.grade >= _HALVES_FROM else TermKind.QUARTER,
        students=tuple(
            _student(pupil).model_copy(
                update={"decision": finals.decision(pupil, key, of_year[pupil.id])}
            )
            for pupil in pupils
        ),
        movements=tuple(_movements(pupils)),
        groups=tuple(groups),
        conduct=tuple(mark for pupil in pupils for mark in finals.conduct(pupil, key, terms)),
        remarks=tuple(
            Remark(date=day, text=text, author=_AUTHOR, done=done) for day, text, done in _REMARKS
        ),
    )
    return edges.with_cases(journal, key, team.hire() if key == edges.HOME else "")


def _sections(
    courses: Sequence[Course], pupils: Sequence[Pupil], key: ClassKey
) -> Iterator[Section]:
    for course in courses:
        title = curriculum.TITLES[course.subject]
        if course.split is Split.WHOLE or len(pupils) < SPLIT_FROM:
            yield Section(course, title, pupils)
        elif course.split is Split.HALVES:
            half = (len(pupils) + 1) // 2
            yield Section(course, f"{title} (1 группа)", pupils[:half])
            yield Section(course, f"{title} (2 группа)", pupils[half:], part=1)
        else:
            boys = [pupil for pupil in pupils if pupil.name.sex == "M"]
            girls = [pupil for pupil in pupils if pupil.name.sex == "F"]
            yield Section(course, f"{title} (мальчики)", boys)
            yield Section(course, f"{title} (девочки)", girls, part=1)
    if key == edges.HOME:
        yield Section(_UNTAUGHT, curriculum.TITLES[_UNTAUGHT.subject], pupils)


def _student(pupil: Pupil) -> Student:
    arrivals = [event for event in pupil.events if event.type == "ARRIVE"]
    leaves = [event for event in pupil.events if event.type == "LEAVE"]
    return Student(
        id=pupil.id,
        last=pupil.name.last,
        first=pupil.name.first,
        middle=pupil.name.middle,
        sex=pupil.name.sex,
        born=pupil.born,
        enrolments=tuple(
            Enrolment(
                from_=start,
                to=end,
                arrive=_from(arrivals, start),
                leave=None if end is None else _to(leaves, end),
            )
            for start, end in pupil.spells
        ),
        attestation=Trait.NOT_ATTESTED not in pupil.traits,
        home_schooling=Order(order_no="18-у", order_date=date(2026, 8, 31))
        if Trait.HOME_SCHOOLED in pupil.traits
        else None,
        exemptions=(
            Exemption(subject="pe", from_=year.START, to=year.END, basis="медицинская справка"),
        )
        if Trait.EXEMPT_FROM_PE in pupil.traits
        else (),
    )


def _from(arrivals: Sequence[Event], day: date) -> str | None:
    return next((f"из: {event.counterpart}" for event in arrivals if event.day == day), None)


def _to(leaves: Sequence[Event], day: date) -> str | None:
    return next((f"в: {event.counterpart}" for event in leaves if event.day == day), None)


def _movements(pupils: Sequence[Pupil]) -> Iterator[Movement]:
    events = [(event, pupil) for pupil in pupils for event in pupil.events]
    events.sort(key=lambda one: (one[0].day, one[1].id))
    for event, pupil in events:
        number = (event.day - year.START).days + 20
        yield Movement(
            student=pupil.id,
            type=event.type,
            scope=event.scope,
            date=event.day,
            order_no=f"{number}-у",
            order_date=event.day - timedelta(days=1),
            counterpart=event.counterpart,
        )


def _year_marks(pupil: Pupil, groups: Sequence[Group]) -> dict[str, MarkValue]:
    return {
        group.subject: mark.v
        for group in groups
        for mark in group.term_marks
        if mark.student == pupil.id and mark.kind is MarkKind.YEAR
    }


def _with_last_marks(
    group: Group, pupils: Sequence[Pupil], key: ClassKey, of_year: dict[str, dict[str, MarkValue]]
) -> Group:
    members = {member.student for member in group.members}
    last: list[TermMark] = [
        mark
        for pupil in pupils
        if pupil.id in members
        for subject, mark in finals.last_marks(pupil, key, of_year[pupil.id])
        if subject == group.subject
    ]
    return group.model_copy(update={"term_marks": (*group.term_marks, *last)}) if last else group
