"""What a snapshot says of itself must agree: ids lead somewhere, once, and dates make sense."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import available_timezones

from service.domain.codes import MarkKind
from service.domain.errors import Fault
from service.domain.journal import Group, Lesson, SchoolClass, Student
from service.domain.snapshot import Snapshot, Year
from service.domain.wording.text import plain

SLACK = timedelta(days=92)  # a lesson this far from its year belongs to another one
ERA = 2000  # a moment before it is a bare number that was taken for seconds since 1970
HORIZON = 2999  # a day after it is a slip, and nothing can be reckoned from the calendar's end


class Dated(Protocol):
    """Anything that lasts from a day to a day; `to` may be open."""

    @property
    def from_(self) -> date: ...

    @property
    def to(self) -> date | None: ...


class Marked(Protocol):
    """A summary mark or a conduct mark: whose, and of what."""

    @property
    def student(self) -> str: ...

    @property
    def term(self) -> str | None: ...

    @property
    def kind(self) -> MarkKind: ...


@dataclass(frozen=True, slots=True)
class Known:
    """The ids a snapshot declares; `subjects` is empty when the source lists none."""

    terms: frozenset[str]
    grade_terms: frozenset[str]  # those of the class's grade
    subjects: frozenset[str]
    staff: frozenset[str]
    students: frozenset[str] = field(default=frozenset())


def faults(snapshot: Snapshot) -> Iterator[Fault]:
    """Yield every contradiction of a snapshot, in the order of the document, in linear time."""
    yield from of_outline(snapshot, [journal.id for journal in snapshot.classes])
    of_class = OfClass(snapshot)
    for index, journal in enumerate(snapshot.classes):
        yield from of_class(index, journal)


def of_outline(snapshot: Snapshot, classes: Iterable[str]) -> Iterator[Fault]:
    """Yield the contradictions of what stands around the classes, given by their ids."""
    yield from _year(snapshot)
    yield from _twice((term.id for term in snapshot.terms), "/terms", "id")
    for index, term in enumerate(snapshot.terms):
        if term.start > term.end:
            yield _backwards(f"/terms/{index}", "start", "end")
    yield from _twice((subject.id for subject in snapshot.subjects), "/subjects", "id")
    yield from _twice((person.id for person in snapshot.staff), "/staff", "id")
    for index, person in enumerate(snapshot.staff):
        yield from _surname(person.last, f"/staff/{index}/last")
    yield from _twice(classes, "/classes", "id")


class OfClass:
    """Yields the contradictions of a class, one class after the other."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._subjects = frozenset(subject.id for subject in snapshot.subjects)
        self._staff = frozenset(person.id for person in snapshot.staff)
        self._terms = frozenset(term.id for term in snapshot.terms)

    def __call__(self, index: int, journal: SchoolClass) -> Iterator[Fault]:
        """Yield those of the class that is the `index`-th of the snapshot."""
        terms = self._snapshot.terms
        known = Known(
            terms=self._terms,
            grade_terms=frozenset(t.id for t in terms if journal.grade in t.grades),
            subjects=self._subjects,
            staff=self._staff,
            students=frozenset(student.id for student in journal.students),
        )
        yield from _journal(journal, f"/classes/{index}", known, _around(self._snapshot.year))


def _year(snapshot: Snapshot) -> Iterator[Fault]:
    year = snapshot.year
    yield from _moment(snapshot.source.exported_at, "/source/exported_at")
    yield from _moment(year.closed_at, "/year/closed_at")
    if snapshot.school.timezone not in available_timezones():
        message = "Часовой пояс неизвестен: нужно название вида Asia/Yekaterinburg."
        yield Fault("/school/timezone", "unknown-timezone", message)
    yield from _day(year.start, "/year/start")
    yield from _day(year.end, "/year/end")
    if year.start > year.end:
        yield _backwards("/year", "start", "end")
    first, second = (int(part) for part in year.label.split("/"))
    if second != first + 1 or year.start.year != first:
        message = "Учебный год назван не тем годом, в котором начинается: нужно вида 2026/2027."
        yield Fault("/year/label", "year-label", message)


def _around(year: Year) -> tuple[date, date]:
    """Return the first and last day a lesson may have; any day if the year's own are wrong."""
    if any(_day(year.start, "")) or any(_day(year.end, "")):
        return date.min, date.max
    return year.start - SLACK, year.end + SLACK


def _journal(
    journal: SchoolClass, at: str, known: Known, year: tuple[date, date]
) -> Iterator[Fault]:
    if journal.tutor is not None and journal.tutor not in known.staff:
        yield _nowhere(f"{at}/tutor", journal.tutor, "staff")
    yield from _twice((student.id for student in journal.students), f"{at}/students", "id")
    for index, student in enumerate(journal.students):
        yield from _student(student, f"{at}/students/{index}", known)
    for index, movement in enumerate(journal.movements):
        if movement.student not in known.students:
            yield _nowhere(f"{at}/movements/{index}/student", movement.student, "students")
    yield from _twice((group.id for group in journal.groups), f"{at}/groups", "id")
    for index, group in enumerate(journal.groups):
        yield from _group(group, f"{at}/groups/{index}", known, year)
    yield from _marks(journal.conduct, f"{at}/conduct", known)


def _student(student: Student, at: str, known: Known) -> Iterator[Fault]:
    yield from _surname(student.last, f"{at}/last")
    yield from _periods(student.enrolments, f"{at}/enrolments")
    if student.home_schooling is not None:
        yield from _day(student.home_schooling.order_date, f"{at}/home_schooling/order_date")
    for index, exemption in enumerate(student.exemptions):
        if exemption.to is not None and exemption.from_ > exemption.to:
            yield _backwards(f"{at}/exemptions/{index}", "from", "to")
        if known.subjects and exemption.subject not in known.subjects:
            yield _nowhere(f"{at}/exemptions/{index}/subject", exemption.subject, "subjects")


def _surname(text: str, at: str) -> Iterator[Fault]:
    """Yield what is wrong with a surname of which nothing would come out on paper."""
    if not plain(text).strip():
        yield Fault(at, "blank", "Фамилия пуста: впишите её или уберите запись.")


def _group(group: Group, at: str, known: Known, year: tuple[date, date]) -> Iterator[Fault]:
    if known.subjects and group.subject not in known.subjects:
        yield _nowhere(f"{at}/subject", group.subject, "subjects")
    spells: dict[str, list[tuple[int, Dated]]] = {}
    for index, member in enumerate(group.members):
        if member.student not in known.students:
            yield _nowhere(f"{at}/members/{index}/student", member.student, "students")
        spells.setdefault(member.student, []).append((index, member))
    for of_one in spells.values():
        yield from _spells(of_one, f"{at}/members")
    for index, teaching in enumerate(group.teachers):
        if teaching.id not in known.staff:
            yield _nowhere(f"{at}/teachers/{index}/id", teaching.id, "staff")
        if teaching.to is not None and teaching.from_ > teaching.to:
            yield _backwards(f"{at}/teachers/{index}", "from", "to")
    yield from _twice((lesson.id for lesson in group.lessons), f"{at}/lessons", "id")
    members = frozenset(spells)
    for index, lesson in enumerate(group.lessons):
        yield from _lesson(lesson, f"{at}/lessons/{index}", known, year)
        yield from _cells(lesson, f"{at}/lessons/{index}/cells", members)
    for index, mark in enumerate(group.term_marks):
        yield from _moment(mark.at, f"{at}/term_marks/{index}/at")
    yield from _marks(group.term_marks, f"{at}/term_marks", known, members)


def _lesson(lesson: Lesson, at: str, known: Known, year: tuple[date, date]) -> Iterator[Fault]:
    if not year[0] <= lesson.date <= year[1]:
        message = "Урок дан в другом учебном году: исправьте дату урока или границы года."
        yield Fault(f"{at}/date", "outside-year", message)
    yield from _term(lesson.term, f"{at}/term", known)
    yield from _moment(lesson.entered_at, f"{at}/entered_at")
    if lesson.substitute is not None and lesson.substitute.teacher not in known.staff:
        yield _nowhere(f"{at}/substitute/teacher", lesson.substitute.teacher, "staff")


def _cells(lesson: Lesson, at: str, members: frozenset[str]) -> Iterator[Fault]:
    for number, cell in enumerate(lesson.cells):
        for place, mark in enumerate(cell.marks):
            if mark.at is not None and mark.at.year < ERA:
                yield from _moment(mark.at, f"{at}/{number}/marks/{place}/at")
    students = [cell.student for cell in lesson.cells]
    unique = set(students)
    if len(unique) == len(students) and unique <= members:
        return
    yield from _twice(students, at, "student", "duplicate-cell")
    for index, student in enumerate(students):
        if student not in members:
            yield _stranger(f"{at}/{index}/student", student)


def _marks(
    marks: Iterable[Marked], at: str, known: Known, members: frozenset[str] | None = None
) -> Iterator[Fault]:
    """Check summary marks; `members` limits them to a group's pupils, now or earlier."""
    seen: set[tuple[str, str | None, MarkKind]] = set()
    for index, mark in enumerate(marks):
        here = f"{at}/{index}"
        if mark.student not in known.students:
            yield _nowhere(f"{here}/student", mark.student, "students")
        elif members is not None and mark.student not in members:
            yield _stranger(f"{here}/student", mark.student)
        if mark.kind is MarkKind.TERM and mark.term is None:
            message = "У отметки за период (TERM) не назван период: укажите «term»."
            yield Fault(here, "term-missing", message)
        elif mark.kind is not MarkKind.TERM and mark.term is not None:
            message = f"У отметки {mark.kind.value} не бывает периода: уберите «term»."
            yield Fault(f"{here}/term", "term-unexpected", message)
        elif mark.term is not None:
            yield from _term(mark.term, f"{here}/term", known)
        what = (mark.student, mark.term, mark.kind)
        if what in seen:
            message = f"Вторая отметка {mark.kind.value} того же обучающегося: оставьте одну."
            yield Fault(here, "duplicate-mark", message)
        seen.add(what)


def _moment(moment: datetime | None, at: str) -> Iterator[Fault]:
    if moment is not None and not ERA <= moment.year <= HORIZON:
        message = "Время записано неверно: нужно вида 2027-06-15T10:32:00+05:00."
        yield Fault(at, "bad-time", message)


def _day(day: date | None, at: str) -> Iterator[Fault]:
    if day is not None and not ERA <= day.year <= HORIZON:
        message = f"Дата записана неверно: нужен год от {ERA} до {HORIZON}."
        yield Fault(at, "bad-date", message)


def _term(term: str, at: str, known: Known) -> Iterator[Fault]:
    if term not in known.terms:
        yield _nowhere(at, term, "terms")
    elif term not in known.grade_terms:
        message = f"Период «{term}» не для этого класса: возьмите период своей параллели."
        yield Fault(at, "term-of-another-grade", message)


def _periods(periods: Iterable[Dated], at: str) -> Iterator[Fault]:
    yield from _spells(list(enumerate(periods)), at)


def _spells(spells: list[tuple[int, Dated]], at: str) -> Iterator[Fault]:
    """Yield a fault for each spell of one pupil that ends before it starts, or overlaps another."""
    last: date | None = None
    for index, spell in sorted(spells, key=lambda numbered: numbered[1].from_):
        to = date.max if spell.to is None else spell.to
        if spell.from_ > to:
            yield _backwards(f"{at}/{index}", "from", "to")
        elif last is not None and spell.from_ <= last:
            message = "Промежуток пересекается с другим у того же обучающегося: разведите даты."
            yield Fault(f"{at}/{index}/from", "overlap", message)
        last = to if last is None else max(last, to)


def _twice(ids: Iterable[str], at: str, key: str, code: str = "duplicate-id") -> Iterator[Fault]:
    seen: set[str] = set()
    for index, one in enumerate(ids):
        if one in seen:
            message = f"«{one}» встречается второй раз: оставьте одну запись."
            yield Fault(f"{at}/{index}/{key}", code, message)
        seen.add(one)


def _nowhere(at: str, wanted: str, where: str) -> Fault:
    message = f"«{wanted}» нет в списке «{where}»: добавьте запись или исправьте ссылку."
    return Fault(at, "unknown-id", message)


def _stranger(at: str, student: str) -> Fault:
    message = f"«{student}» не числится в группе: добавьте в «members» или уберите запись."
    return Fault(at, "not-in-group", message)


def _backwards(at: str, first: str, second: str) -> Fault:
    message = f"«{first}» позже, чем «{second}»: исправьте даты."
    return Fault(at, "dates-reversed", message)
