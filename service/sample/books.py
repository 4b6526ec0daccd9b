"""One subject of a class or a subgroup for a whole year: lessons, cells, term marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from service.domain.codes import Attendance, LessonKind, MarkKind, MarkValue
from service.domain.journal import (
    CellEntry,
    Group,
    Lesson,
    Mark,
    Membership,
    PlannedLesson,
    Substitute,
    Teaching,
    TermMark,
)
from service.domain.snapshot import Term
from service.sample import lessons, marks, year
from service.sample.curriculum import Course
from service.sample.dice import dice
from service.sample.roster import ClassKey, Pupil, Trait
from service.sample.timetable import Held

_SUBSTITUTED = 0.012
_LATE = 0.004
_TRUANT = 0.0015
_ENTERED_LATER = 0.03
_REASONS = ("болезнь", "курсы повышения квалификации", "командировка", "отпуск")
_MARKS = {value: (Mark(v=value),) for value in MarkValue}


@dataclass(frozen=True, slots=True)
class Book:
    """What a group is made of before its year is played."""

    id: str
    title: str
    key: ClassKey
    course: Course
    pupils: Sequence[Pupil]
    teacher: str
    held: Sequence[Held]

    def group(
        self,
        away: Mapping[str, Mapping[date, Attendance]],
        colleagues: Sequence[str],
        terms: Sequence[Term],
    ) -> Group:
        """Return the group; `away` are the pupils' whole days missed, by pupil."""
        random = dice("book", self.id, self.pupils[0].id if self.pupils else "")
        plan = lessons.plan(self.course.subject, self.key.grade, len(self.held))
        kinds = [line.kind for line in plan]
        attendance = [self._attendance(place, away, random) for place in range(len(self.held))]
        cells: list[dict[str, tuple[MarkValue, ...]]] = [{} for _ in self.held]
        term_marks = self._term_marks(terms, kinds, attendance, cells)
        return Group(
            id=self.id,
            title=self.title,
            subject=self.course.subject,
            members=tuple(
                Membership(student=pupil.id, from_=start, to=end)
                for pupil in self.pupils
                for start, end in pupil.spells
            ),
            teachers=(Teaching(id=self.teacher, from_=year.START),),
            hours_per_week=self.course.hours,
            plan_year_hours=int(self.course.hours * year.WEEKS),
            ktp=tuple(
                PlannedLesson(n=place, date=lesson.date, topic=line.topic, kind=line.kind)
                for place, (lesson, line) in enumerate(zip(self.held, plan, strict=True), start=1)
            ),
            lessons=tuple(
                self._lesson(
                    place, plan[place], attendance[place], cells[place], colleagues, random
                )
                for place in range(len(self.held))
            ),
            term_marks=tuple(term_marks),
        )

    def _attendance(
        self, place: int, away: Mapping[str, Mapping[date, Attendance]], random: Random
    ) -> dict[str, Attendance | None]:
        """Return who should be at a lesson, and how it was with each of them."""
        day = self.held[place].date
        found: dict[str, Attendance | None] = {}
        for pupil in self.pupils:
            if Trait.HOME_SCHOOLED in pupil.traits or not pupil.on_roll(day):
                continue
            chance = random.random()
            if (whole_day := away[pupil.id].get(day)) is not None:
                found[pupil.id] = whole_day
            elif chance < _TRUANT:
                found[pupil.id] = Attendance.ABSENT_INVALID
            elif chance < _LATE:
                found[pupil.id] = Attendance.LATE
            else:
                found[pupil.id] = None
        return found

    def _term_marks(
        self,
        terms: Sequence[Term],
        kinds: Sequence[LessonKind],
        attendance: Sequence[Mapping[str, Attendance | None]],
        cells: Sequence[dict[str, tuple[MarkValue, ...]]],
    ) -> list[TermMark]:
        """Return every pupil's marks of terms and of the year; put current marks into `cells`."""
        places = {
            term.id: [n for n, lesson in enumerate(self.held) if lesson.term == term.id]
            for term in terms
        }
        found: list[TermMark] = []
        for pupil in self.pupils:
            given = list(marks.brought(pupil, self.key, self.course, terms)) if self.held else []
            for term in terms:
                present = [
                    (place, kinds[place])
                    for place in places[term.id]
                    if attendance[place].get(pupil.id, Attendance.ABSENT) in (None, Attendance.LATE)
                ]
                held = len(places[term.id])
                of_term = marks.term_of_pupil(pupil, self.key, self.course, term, held, present)
                for place, values in of_term.cells.items():
                    cells[place][pupil.id] = values
                if of_term.mark is not None:
                    given.append(of_term.mark)
            value = marks.year_mark(pupil, given)
            found += given
            if value is not None:
                found.append(marks.summed(pupil, MarkKind.YEAR, value))
        return found

    def _lesson(
        self,
        place: int,
        line: lessons.Line,
        attendance: Mapping[str, Attendance | None],
        cells: Mapping[str, tuple[MarkValue, ...]],
        colleagues: Sequence[str],
        random: Random,
    ) -> Lesson:
        held = self.held[place]
        substituted = random.random() < _SUBSTITUTED
        others = [who for who in colleagues if who != self.teacher]
        entered = held.date + timedelta(days=int(random.random() < _ENTERED_LATER))
        return Lesson(
            id=f"{self.id}.{place + 1}",
            n=place + 1,
            date=held.date,
            slot=held.slot,
            term=held.term,
            kind=line.kind,
            topic=line.topic,
            homework=lessons.homework(self.course.subject, self.key.grade, place, random),
            substitute=Substitute(teacher=random.choice(others), reason=random.choice(_REASONS))
            if substituted and others
            else None,
            entered_at=year.moment(entered, 9 + held.slot, random.randrange(60)),
            cells=tuple(
                CellEntry(student=student, marks=_written(cells.get(student, ())), att=att)
                for student, att in attendance.items()
                if att is not None or student in cells
            ),
        )


def _written(values: tuple[MarkValue, ...]) -> tuple[Mark, ...]:
    if len(values) == 1:
        return _MARKS[values[0]]
    return tuple(Mark(v=value) for value in values)
