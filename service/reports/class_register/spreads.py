"""The subject pages of a register: one book of spreads per group, its columns in order of time."""

from __future__ import annotations

from service.documents.parts import LessonStep, PeriodStep, Section, Spreads, Start, Step
from service.domain.codes import LessonKind
from service.domain.journal import Group, Lesson
from service.domain.reckoning.periods import Period
from service.domain.wording import dates, names, words
from service.domain.wording.text import plain
from service.reports.class_register import teachers
from service.reports.class_register.marks import MarkPages, mark_pages
from service.reports.class_register.reading import Reading
from service.reports.class_register.topics import homework, period_summary, topics

CORNERS = {LessonKind.CONTROL: "К", LessonKind.LAB: "Л", LessonKind.PRACTICE: "П"}


def sections(reading: Reading) -> tuple[Section, ...]:
    """Return a section per group with lessons; one without any is not printed (E16)."""
    return tuple(
        Section(
            body=(_spreads(reading, group),),
            title=plain(group.title),
            note=teachers.in_contents(reading, group),
            chapter=chapter,
            subject=group.subject,
            start=Start.EVEN,
        )
        for group in reading.groups
    )


def chapter(subjects: int) -> str:
    """Return «Предметные страницы (17 предметов)»."""
    return f"Предметные страницы ({subjects} {words.noun(subjects, words.SUBJECT)})"


def _spreads(reading: Reading, group: Group) -> Spreads:
    lessons = sorted(group.lessons, key=lambda lesson: (lesson.date, lesson.slot or 0, lesson.n))
    pages = mark_pages(reading, group, lessons)
    return Spreads(
        class_title=f"{names.class_title(reading.journal)} класс",
        subject=plain(group.title),
        year_title=reading.year_title,
        teachers=teachers.on_page(reading, group),
        pupils=pages.pupils,
        steps=_steps(reading, group, lessons, pages),
    )


def _steps(
    reading: Reading, group: Group, lessons: list[Lesson], pages: MarkPages
) -> tuple[Step, ...]:
    columns = _lesson_steps(reading, lessons, pages)
    steps: list[Step] = []
    done = 0
    for end, period in _periods(reading, lessons, pages):
        steps += columns[done:end]
        done = max(done, end)
        own = [lesson.date for lesson in lessons if lesson.term == period.term_id]
        last = own[-1] if own else min(period.end, lessons[-1].date)
        summary = period_summary(reading, group, period)
        steps.append(PeriodStep(period.title, pages.column(period, last), summary))
    return (*steps, *columns[done:])


def _lesson_steps(reading: Reading, lessons: list[Lesson], pages: MarkPages) -> list[Step]:
    return [
        LessonStep(
            month=dates.month_name(lesson.date),
            day=f"{lesson.date.day:02}",
            corner=CORNERS.get(lesson.kind, ""),
            cells=column,
            number=str(lesson.n),
            date=dates.day_month(lesson.date),
            topic=topic,
            homework=homework(reading, lesson),
        )
        for lesson, column, topic in zip(
            lessons, pages.columns, topics(reading, lessons), strict=True
        )
    ]


def _periods(reading: Reading, lessons: list[Lesson], pages: MarkPages) -> list[tuple[int, Period]]:
    """Return the periods that get a column, each with the number of lessons before it.

    A term's column stands right after its last lesson. There is none for a term the group had
    neither lessons nor marks in, nor for a period that still goes on without marks.
    """
    ends = {lesson.term: place for place, lesson in enumerate(lessons, start=1)}
    found = []
    for period in reading.periods:
        if period.term is None:
            place, due = len(lessons), reading.snapshot.year.closed
        else:
            before = sum(lesson.date <= period.end for lesson in lessons)
            place = ends.get(period.term.id, before)
            due = period.term.id in ends and period.end <= reading.seen_on
        if due or pages.has(period):
            found.append((place, period))
    return sorted(found, key=lambda found: found[0])
