"""A page of «Шкала» (class or subgroup, subject, teacher) as a group of the native snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from service.domain.codes import Attendance, TermKind
from service.domain.journal import CellEntry, Group, Lesson, Mark, Membership, Teaching, TermMark
from service.domain.snapshot import Term, Year
from service.imports.scole import codes
from service.imports.scole.ledger import Ledger
from service.imports.scole.records import Certificate, Grade, Pupil, Read, Topic

MOST_MARKS, MOST_MISSED = 6, 10


@dataclass(frozen=True, slots=True)
class Plan:
    """What a page becomes: its ids and titles, and whose marks stand on it."""

    id: str
    title: str
    subject: str
    teacher: str
    members: Mapping[str, Read[Pupil]]  # by login


@dataclass(frozen=True, slots=True)
class Excuses:
    """The certificates of a school, asked about a pupil and a day."""

    by_pupil: Mapping[str, tuple[Read[Certificate], ...]]
    ledger: Ledger

    def attendance(self, pupil: str, day: date) -> Attendance:
        """Return why a pupil missed a lesson; illness before any other reason."""
        reasons = []
        for one in self.by_pupil.get(pupil, ()):
            kind = codes.CERTIFICATES.get(one.value.kind)
            if kind is not None and one.value.start <= day.isoformat() <= one.value.end:
                reasons.append(kind)
                self.ledger.place(one.line)
        if Attendance.ABSENT_ILL in reasons:
            return Attendance.ABSENT_ILL
        return reasons[0] if reasons else Attendance.ABSENT


@dataclass(frozen=True, slots=True)
class PageReader:
    """Reads the pages of one class."""

    year: Year
    scheme: TermKind
    terms: tuple[Term, ...]
    excuses: Excuses
    ledger: Ledger

    def group(
        self, plan: Plan, topics: Iterable[Read[Topic]], grades: Iterable[Read[Grade]]
    ) -> Group:
        """Return the page as a group; what cannot be placed is left out with a reason.

        `grades` are those of the class's own pupils, or of nobody known.
        """
        cells: dict[date, dict[str, Read[Grade]]] = {}
        marks: dict[tuple[str, str], TermMark] = {}
        for one in grades:
            if (mark := self._term_mark(one, plan, marks)) is not None:
                marks[mark.student, one.value.date] = mark
            elif (day := self._day(one, plan, cells)) is not None:
                cells.setdefault(day, {})[one.value.pupil] = one
        return Group(
            id=plan.id,
            title=plan.title,
            subject=plan.subject,
            members=tuple(
                Membership(student=pupil.id, from_=self.year.start)
                for pupil in plan.members.values()
            ),
            teachers=(Teaching(id=plan.teacher, from_=self.year.start),),
            lessons=tuple(self._lessons(plan, topics, cells)),
            term_marks=tuple(marks.values()),
        )

    def _term_mark(
        self, one: Read[Grade], plan: Plan, known: Mapping[tuple[str, str], TermMark]
    ) -> TermMark | None:
        grade = one.value
        column = codes.COLUMNS.get(grade.date)
        if column is None or not self._belongs(one, plan):
            return None
        pupil = plan.members[grade.pupil]
        value = codes.summary(grade.text)
        if not grade.text.strip():
            self.ledger.leave_out(one.line, one.id, "empty-cell", "Клетка пуста.")
            return None
        if value is None:
            message = "Запись в графе периода не является одной отметкой: проверьте её в журнале."
            self.ledger.leave_out(one.line, one.id, "not-a-mark", message)
            return None
        if (pupil.id, grade.date) in known:
            message = "Отметка за этот период уже есть выше: оставлена первая."
            self.ledger.leave_out(one.line, one.id, "duplicate-record", message)
            return None
        self.ledger.place(one.line)
        kind, term = column
        return TermMark(student=pupil.id, term=term, kind=kind, v=value)

    def _day(
        self, one: Read[Grade], plan: Plan, known: Mapping[date, Mapping[str, Read[Grade]]]
    ) -> date | None:
        """Return the day of a lesson cell, or None for what is not one or is dealt with."""
        grade = one.value
        if grade.date in codes.COLUMNS or not self._belongs(one, plan):
            return None
        day = codes.day(grade.date, self.year)
        if day is None:
            message = "Дата не существует, или такой графы периода в журнале нет."
            self.ledger.leave_out(one.line, one.id, "bad-date", message)
        elif not grade.text.strip():
            self.ledger.leave_out(one.line, one.id, "empty-cell", "Клетка пуста.")
        elif grade.pupil in known.get(day, {}):
            message = "Запись в эту клетку уже есть выше: оставлена первая."
            self.ledger.leave_out(one.line, one.id, "duplicate-record", message)
        else:
            return day
        return None

    def _belongs(self, one: Read[Grade], plan: Plan) -> bool:
        if one.value.pupil in plan.members:
            return True
        if not self.ledger.is_left_out(one.line):
            message = (
                "Обучающийся не состоит в этом классе или группе; "
                "сам журнал такую запись на странице не показывает."
            )
            self.ledger.leave_out(one.line, one.id, "not-in-group", message)
        return False

    def _lessons(
        self,
        plan: Plan,
        topics: Iterable[Read[Topic]],
        cells: Mapping[date, Mapping[str, Read[Grade]]],
    ) -> Iterator[Lesson]:
        dated: list[tuple[date, Read[Topic] | None]] = []
        for one in topics:
            day = codes.day(one.value.date, self.year)
            if day is None:
                message = "Даты урока не существует."
                self.ledger.leave_out(one.line, one.id, "bad-date", message)
            else:
                dated.append((day, one))
        with_topic = {day for day, _ in dated}
        dated += [(day, None) for day in cells if day not in with_topic]
        dated.sort(key=lambda lesson: lesson[0])
        filled: set[date] = set()
        for number, (day, topic) in enumerate(dated, start=1):
            entries = {} if day in filled else cells.get(day, {})
            filled.add(day)
            yield self._lesson(plan, number, day, topic, entries)

    def _lesson(
        self,
        plan: Plan,
        number: int,
        day: date,
        topic: Read[Topic] | None,
        entries: Mapping[str, Read[Grade]],
    ) -> Lesson:
        weight = None
        if topic is None:
            message = "Отметка стоит на дату без темы урока: урок показан без темы."
            for one in entries.values():
                self.ledger.note(one.line, one.id, "no-topic", message)
        else:
            self.ledger.place(topic.line)
            if topic.value.weight is None:
                message = "Вес отметок не указан или записан неверно: отметки без веса."
                self.ledger.note(topic.line, topic.id, "no-weight", message)
            else:
                weight = Decimal(topic.value.weight) / 2
        return Lesson(
            id=f"{plan.id}.{number}" if topic is None else topic.id,
            n=number,
            date=day,
            term=codes.term_of(day, self.scheme, self.terms),
            hours=1 if topic is None else topic.value.hours,
            topic="" if topic is None else topic.value.topic,
            homework="" if topic is None else topic.value.homework,
            cells=tuple(
                self._entry(plan.members[login], day, weight, one) for login, one in entries.items()
            ),
        )

    def _entry(
        self, pupil: Read[Pupil], day: date, weight: Decimal | None, one: Read[Grade]
    ) -> CellEntry:
        self.ledger.place(one.line)
        cell = codes.cell(one.value.text)
        whole = not cell.strange and len(cell.marks) <= MOST_MARKS and cell.missed <= MOST_MISSED
        if not whole:
            message = "Клетка понята не вся: она сохранена как в журнале, в расчёты вошло понятое."
            self.ledger.note(one.line, one.id, "strange-cell", message)
        return CellEntry(
            student=pupil.id,
            marks=tuple(Mark(v=value, w=weight) for value in cell.marks[:MOST_MARKS]),
            att=self.excuses.attendance(pupil.value.login, day) if cell.missed else None,
            missed=min(max(cell.missed, 1), MOST_MISSED),
            raw=None if whole else one.value.text,
        )
