"""Every edge case of a school year lives in the class the table names."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from service.domain.codes import Attendance, DecisionCode, MarkKind, MarkValue
from service.domain.journal import CellEntry, Group, Lesson, SchoolClass, Student
from service.domain.snapshot import Snapshot
from service.sample import WHERE, corrected


def journal(snapshot: Snapshot, title: str) -> SchoolClass:
    (one,) = (one for one in snapshot.classes if f"{one.grade}{one.letter}" == title)
    return one


def lessons(one: SchoolClass) -> Iterator[tuple[Group, Lesson]]:
    return ((group, lesson) for group in one.groups for lesson in group.lessons)


def cells(one: SchoolClass) -> Iterator[tuple[Group, Lesson, CellEntry]]:
    return ((group, lesson, cell) for group, lesson in lessons(one) for cell in lesson.cells)


def missed(cell: CellEntry) -> bool:
    return cell.att is not None and cell.att is not Attendance.LATE


def one_student(one: SchoolClass, test: Callable[[Student], bool]) -> Student:
    (found,) = (student for student in one.students if test(student))
    return found


def term_marks(one: SchoolClass, student: str) -> Counter[tuple[str | None, MarkValue]]:
    return Counter(
        (mark.term, mark.v)
        for group in one.groups
        for mark in group.term_marks
        if mark.student == student
    )


def e01(one: SchoolClass) -> bool:
    no_homework = not any(lesson.homework for _, lesson in lessons(one))
    no_marks = not any(group.term_marks for group in one.groups)
    return one.mark_system == "NONE" and no_homework and no_marks


def e02(one: SchoolClass) -> bool:
    student = one_student(one, lambda student: bool(student.exemptions))
    marks = [
        mark.v
        for group in one.groups
        for mark in group.term_marks
        if mark.student == student.id and group.subject == "pe"
    ]
    return len(marks) == 5 and set(marks) == {MarkValue.EXEMPT}


def e03(one: SchoolClass) -> bool:
    reasons = Counter(
        (mark.student, mark.term, mark.na_reason)
        for group in one.groups
        for mark in group.term_marks
        if mark.v is MarkValue.NA
    )
    return any(
        term == "q3" and reason == "VALID" and count >= 15
        for (_, term, reason), count in reasons.items()
    )


def e04(one: SchoolClass) -> bool:
    return any(m.type == "ARRIVE" and m.date == date(2026, 10, 10) for m in one.movements)


def e05(one: SchoolClass) -> bool:
    left = one_student(one, lambda student: student.enrolments[-1].to == date(2026, 12, 12))
    assert left.decision is not None
    marks = term_marks(one, left.id)
    return {term for term, _ in marks} == {"q1"} and left.decision.code is DecisionCode.LEFT


def e06(one: SchoolClass) -> bool:
    (move,) = (m for m in one.movements if m.scope == "CLASS")
    marks = term_marks(one, move.student)
    return move.type == "ARRIVE" and {"q1", "q2", "q3", "q4"} <= {term for term, _ in marks}


def e07(one: SchoolClass) -> bool:
    first, second = (group for group in one.groups if group.subject == "eng")
    apart = not {m.student for m in first.members} & {m.student for m in second.members}
    return apart and first.teachers != second.teachers


def e08(one: SchoolClass) -> bool:
    (algebra,) = (group for group in one.groups if group.subject == "alg")
    return [t.from_ for t in algebra.teachers] == [date(2026, 9, 1), date(2027, 1, 13)]


def e09(one: SchoolClass) -> bool:
    return sum(lesson.substitute is not None for _, lesson in lessons(one)) >= 5


def e10(one: SchoolClass) -> bool:
    days = Counter((group.id, lesson.date) for group, lesson in lessons(one))
    return max(days.values()) == 2


def e11(one: SchoolClass) -> bool:
    return any(len(cell.marks) == 2 for _, _, cell in cells(one))


def e12(one: SchoolClass) -> bool:
    return any(missed(cell) and cell.marks for _, _, cell in cells(one))


def e13(one: SchoolClass) -> bool:
    student = one_student(one, lambda student: student.home_schooling is not None)
    nothing = not any(cell.student == student.id for _, _, cell in cells(one))
    return nothing and bool(term_marks(one, student.id))


def e14(one: SchoolClass) -> bool:
    return sum(
        student.enrolments[0].from_ == date(2026, 9, 1) for student in one.students
    ) > 35 and (len(one.students) == 41)


def e15(one: SchoolClass) -> bool:
    lengths = {len(lesson.topic) for _, lesson in lessons(one)}
    return {120, 2000} <= lengths


def e16(one: SchoolClass) -> bool:
    return any(not group.lessons and not group.term_marks for group in one.groups)


def e17(one: SchoolClass) -> bool:
    terms = {mark.term for group in one.groups for mark in group.term_marks}
    marked = {lesson.term for _, lesson, cell in cells(one) if cell.marks}
    return "q1" not in terms | marked and "q2" in terms & marked


def e18(one: SchoolClass) -> bool:
    same = Counter((student.last, student.first) for student in one.students)
    return max(same.values()) == 2


def e19(one: SchoolClass) -> bool:
    names = {student.last for student in one.students}
    return {"Петрова-Водкина", "О’Коннор", "Әхмәтова"} <= names


def e20(one: SchoolClass) -> bool:
    back = one_student(one, lambda student: len(student.enrolments) == 2)
    return [m.type for m in one.movements if m.student == back.id] == ["LEAVE", "ARRIVE"]


def e21(one: SchoolClass) -> bool:
    days = {lesson.date for _, lesson in lessons(one)}
    return any(day.weekday() == 5 for day in days) and any(
        day.isocalendar().week == 53 for day in days
    )


def e22(one: SchoolClass) -> bool:
    return {mark.kind for mark in one.conduct} == {MarkKind.TERM, MarkKind.YEAR}


def e24(one: SchoolClass) -> bool:
    return any(
        student.decision is not None
        and student.decision.code is DecisionCode.PROMOTED_CONDITIONALLY
        and term_marks(one, student.id)[None, MarkValue.TWO]
        for student in one.students
    )


CASES = {
    name.upper(): test for name, test in list(globals().items()) if re.fullmatch(r"e\d\d", name)
}


@pytest.mark.parametrize("case", sorted(WHERE.keys() - {"E23"}))
def test_edge_case(snapshot, case):
    assert CASES[case](journal(snapshot, WHERE[case]))


def test_a_late_correction_changes_one_mark_and_the_moment(snapshot):
    later = corrected(snapshot)
    title = next(
        f"{a.grade}{a.letter}"
        for a, b in zip(snapshot.classes, later.classes, strict=True)
        if a != b
    )
    before = [cell for _, _, cell in cells(journal(snapshot, title))]
    after = [cell for _, _, cell in cells(journal(later, title))]
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
    assert later.source.exported_at > snapshot.source.exported_at
