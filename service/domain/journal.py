"""A class as its journal holds it: pupils, movements, groups, lessons, cells and marks."""

from __future__ import annotations

from datetime import date as Day  # noqa: N812 (a field may be called date)
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from service.domain.codes import (
    PLAIN,
    Attendance,
    Average,
    DecisionCode,
    Frozen,
    Id,
    LessonKind,
    Line,
    MarkKind,
    MarkValue,
    Name,
    TermKind,
    Text,
)


class Enrolment(Frozen):
    """From the first to the last day on the roll; `to` is null for who is still there."""

    from_: Annotated[Day, Field(alias="from")]
    to: Day | None = None
    arrive: Line | None = None
    leave: Line | None = None


class Exemption(Frozen):
    """A pupil need not do a subject for a time."""

    subject: Id
    from_: Annotated[Day, Field(alias="from")]
    to: Day | None = None
    basis: Line = ""


class Order(Frozen):
    """A number and a date of an order."""

    order_no: Line = ""
    order_date: Day | None = None


class Decision(Frozen):
    """The council's decision about a pupil, with its protocol or order."""

    code: DecisionCode
    to_grade: Annotated[int, Field(ge=1, le=12)] | None = None
    protocol_no: Line = ""
    protocol_date: Day | None = None
    order_no: Line = ""
    order_date: Day | None = None


class Student(Frozen):
    """A pupil of the class, also one who left; several enrolments are one pupil."""

    id: Id
    last: Name
    first: Annotated[str, Field(max_length=120)] = ""
    middle: Annotated[str, Field(max_length=120)] = ""
    sex: Literal["M", "F"] | None = None
    born: Day | None = None
    enrolments: Annotated[tuple[Enrolment, ...], Field(min_length=1, max_length=12)]
    attestation: bool = True
    home_schooling: Order | None = None
    exemptions: Annotated[tuple[Exemption, ...], Field(max_length=50)] = ()
    decision: Decision | None = None


class Movement(Frozen):
    """An arrival or a departure; SCOPE CLASS is a transfer within the school."""

    student: Id
    type: Literal["ARRIVE", "LEAVE"]
    scope: Literal["SCHOOL", "CLASS"]
    date: Day
    order_no: Line = ""
    order_date: Day | None = None
    counterpart: Line = ""


class Membership(Frozen):
    """A pupil belongs to a group for a time."""

    student: Id
    from_: Annotated[Day, Field(alias="from")]
    to: Day | None = None
    order_no: Line | None = None


class Teaching(Frozen):
    """A teacher leads a group for a time."""

    id: Id
    from_: Annotated[Day, Field(alias="from")]
    to: Day | None = None


class PlannedLesson(Frozen):
    """A line of the calendar plan of lessons."""

    n: Annotated[int, Field(ge=1, le=2000)]
    date: Day | None = None
    topic: Text = ""
    kind: LessonKind = LessonKind.LESSON


class Mark(Frozen):
    """One mark in a cell: value, weight, time of entry."""

    v: MarkValue
    w: Average | None = None
    at: AwareDatetime | None = None


class CellEntry(Frozen):
    """What stands at a pupil and a lesson; `missed` counts lessons merged in one date cell.

    `raw` keeps the source's own cell text where it says more than the codes do; `debt` is the
    source's dot.
    """

    student: Id
    marks: Annotated[tuple[Mark, ...], Field(max_length=6)] = ()
    att: Attendance | None = None
    missed: Annotated[int, Field(ge=1, le=10)] = 1
    raw: Annotated[str, Field(max_length=40)] | None = None
    debt: bool = False


class Substitute(Frozen):
    """Who gave the lesson instead, and why."""

    teacher: Id
    reason: Line = ""


class Lesson(Frozen):
    """A lesson held: its column on the marks page, its line on the topics page."""

    id: Id
    n: Annotated[int, Field(ge=1, le=2000)]
    date: Day
    slot: Annotated[int, Field(ge=0, le=20)] | None = None
    term: Id
    hours: Annotated[int, Field(ge=1, le=10)] = 1
    kind: LessonKind = LessonKind.LESSON
    topic: Text = ""
    homework: Text = ""
    substitute: Substitute | None = None
    entered_at: AwareDatetime | None = None
    cells: Annotated[tuple[CellEntry, ...], Field(max_length=200, fail_fast=True)] = ()


class TermMark(Frozen):
    """A summary mark of a pupil in a group: of a term, the year, an exam, or final.

    `transferred` marks come from the previous school's certificate and are printed in italics.
    """

    student: Id
    term: Id | None = None
    kind: MarkKind
    v: MarkValue
    avg: Average | None = None
    na_reason: Literal["VALID", "TRUANCY"] | None = None
    at: AwareDatetime | None = None
    transferred: bool = False


class Group(Frozen):
    """A subject as one teacher gives it to a class or a subgroup: one book of spreads."""

    id: Id
    title: Name
    subject: Id
    members: Annotated[tuple[Membership, ...], Field(max_length=200, fail_fast=True)]
    teachers: Annotated[tuple[Teaching, ...], Field(max_length=20)] = ()
    hours_per_week: (
        Annotated[Decimal, Field(ge=0, le=40, max_digits=6, decimal_places=4, strict=False), PLAIN]
        | None
    ) = None
    plan_year_hours: Annotated[int, Field(ge=0, le=2000)] | None = None
    ktp: Annotated[tuple[PlannedLesson, ...], Field(max_length=2000, fail_fast=True)] = ()
    lessons: Annotated[tuple[Lesson, ...], Field(max_length=2000, fail_fast=True)] = ()
    term_marks: Annotated[tuple[TermMark, ...], Field(max_length=4000, fail_fast=True)] = ()


class ConductMark(Frozen):
    """A conduct mark in the scale the school uses, printed as it is, never averaged."""

    student: Id
    term: Id | None = None
    kind: MarkKind
    v: Annotated[str, Field(min_length=1, max_length=24)]


class Remark(Frozen):
    """A remark on how the journal is kept, by who checked it."""

    date: Day
    text: Text
    author: Line = ""
    done: Line = ""


class SchoolClass(Frozen):
    """A class with everything its register holds."""

    id: Id
    grade: Annotated[int, Field(ge=1, le=12)]
    letter: Annotated[str, Field(max_length=10)]
    tutor: Id | None = None
    mark_system: Literal["FIVE", "NONE"] = "FIVE"
    term_scheme: TermKind
    students: Annotated[tuple[Student, ...], Field(max_length=100)]
    movements: Annotated[tuple[Movement, ...], Field(max_length=400, fail_fast=True)] = ()
    groups: Annotated[tuple[Group, ...], Field(max_length=200)] = ()
    conduct: Annotated[tuple[ConductMark, ...], Field(max_length=2000, fail_fast=True)] = ()
    remarks: Annotated[tuple[Remark, ...], Field(max_length=500)] = ()
