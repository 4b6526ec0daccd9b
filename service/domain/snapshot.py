"""The journal as it was at one moment: strict frozen models of `ejournal-snapshot/1`."""

from __future__ import annotations

from datetime import date as Day  # noqa: N812 (a field may be called date)
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Line = Annotated[str, Field(max_length=500)]
Text = Annotated[str, Field(max_length=4000)]
Average = Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)]


class Frozen(BaseModel):
    """A value that cannot change and knows no unknown keys; code says `from_`, JSON `from`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_by_name=True)


class MarkValue(StrEnum):
    """What a mark may be; the Russian glyph is chosen when it is printed."""

    FIVE = "5"
    FOUR = "4"
    THREE = "3"
    TWO = "2"
    ONE = "1"
    PASS = "PASS"  # noqa: S105
    FAIL = "FAIL"
    NA = "NA"
    EXEMPT = "EXEMPT"


class Attendance(StrEnum):
    """Why a pupil was not there, as far as the source knows; LATE is not an absence."""

    ABSENT = "ABSENT"
    ABSENT_ILL = "ABSENT_ILL"
    ABSENT_VALID = "ABSENT_VALID"
    ABSENT_INVALID = "ABSENT_INVALID"
    LATE = "LATE"


class TermKind(StrEnum):
    """How a school divides its year."""

    QUARTER = "QUARTER"
    HALF = "HALF"
    TRIMESTER = "TRIMESTER"
    MODULE = "MODULE"


class MarkKind(StrEnum):
    """What a summary mark sums up; only TERM names a term."""

    TERM = "TERM"
    YEAR = "YEAR"
    EXAM = "EXAM"
    FINAL = "FINAL"


class LessonKind(StrEnum):
    """The kind of work; every kind but LESSON is printed before the topic."""

    LESSON = "LESSON"
    CONTROL = "CONTROL"
    LAB = "LAB"
    PRACTICE = "PRACTICE"


class DecisionCode(StrEnum):
    """What the pedagogical council decided about a pupil."""

    PROMOTED = "PROMOTED"
    PROMOTED_CONDITIONALLY = "PROMOTED_CONDITIONALLY"
    REPEATS = "REPEATS"
    ADMITTED_TO_EXAMS = "ADMITTED_TO_EXAMS"
    GRADUATED_9 = "GRADUATED_9"
    GRADUATED_11 = "GRADUATED_11"
    LEFT = "LEFT"


class Glyphs(Frozen):
    """How the source journal shows an absence on screen; the register prints these."""

    ABSENT: Annotated[str, Field(min_length=1, max_length=3)] = "Н"
    ABSENT_ILL: Annotated[str, Field(min_length=1, max_length=3)] = "Б"
    ABSENT_VALID: Annotated[str, Field(min_length=1, max_length=3)] = "УП"
    ABSENT_INVALID: Annotated[str, Field(min_length=1, max_length=3)] = "НП"
    LATE: Annotated[str, Field(min_length=1, max_length=3)] = "ОП"


class Source(Frozen):
    """The system the snapshot was taken from."""

    system: Name
    version: Line = ""
    title: Line = ""
    exported_at: AwareDatetime
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    glyphs: Glyphs = Glyphs()


class Person(Frozen):
    """A person of the school's staff by full name: surname, given name, patronymic."""

    name: Name


class School(Frozen):
    """The school as its charter names it."""

    id: Id
    full_name: Annotated[str, Field(min_length=1, max_length=500)]
    short_name: Line = ""
    founder: Line = ""
    timezone: Annotated[str, Field(pattern=r"^[A-Za-z]+(/[A-Za-z_+-]+[0-9]*)*$", max_length=64)]
    director: Person
    deputies: Annotated[tuple[Person, ...], Field(max_length=20)] = ()
    secretary: Person | None = None


class Year(Frozen):
    """A school year; `closed` says that the journal no longer changes."""

    label: Annotated[str, Field(pattern=r"^\d{4}/\d{4}$")]
    start: Day
    end: Day
    closed: bool
    closed_at: AwareDatetime | None = None


class Term(Frozen):
    """A quarter, half-year, trimester or module, for the grades that have it."""

    id: Id
    kind: TermKind
    number: Annotated[int, Field(ge=1, le=12)]
    title: Annotated[str, Field(min_length=1, max_length=40)]
    short: Annotated[str, Field(min_length=1, max_length=10)]
    start: Day
    end: Day
    grades: Annotated[tuple[Annotated[int, Field(ge=1, le=12)], ...], Field(max_length=12)]


class Calendar(Frozen):
    """Days off and working weekdays (1 is Monday); informative, lessons decide."""

    days_off: Annotated[tuple[Day, ...], Field(max_length=366)] = ()
    working_weekdays: Annotated[
        tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(max_length=7)
    ] = (1, 2, 3, 4, 5)


class Subject(Frozen):
    """A subject of the curriculum; the order of the list is the order of the books."""

    id: Id
    title: Name


class Staff(Frozen):
    """A member of staff."""

    id: Id
    last: Name
    first: Annotated[str, Field(max_length=120)] = ""
    middle: Annotated[str, Field(max_length=120)] = ""
    post: Line = ""


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
    """A line of the calendar plan (КТП)."""

    n: Annotated[int, Field(ge=1, le=2000)]
    date: Day | None = None
    topic: Text = ""
    kind: LessonKind = LessonKind.LESSON


class Mark(Frozen):
    """One mark in a cell: value, weight, time of entry."""

    v: MarkValue
    w: Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)] | None = None
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
    cells: Annotated[tuple[CellEntry, ...], Field(max_length=200)] = ()


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
    members: Annotated[tuple[Membership, ...], Field(max_length=200)]
    teachers: Annotated[tuple[Teaching, ...], Field(max_length=20)] = ()
    hours_per_week: (
        Annotated[Decimal, Field(ge=0, le=40, max_digits=6, decimal_places=4)] | None
    ) = None
    plan_year_hours: Annotated[int, Field(ge=0, le=2000)] | None = None
    ktp: Annotated[tuple[PlannedLesson, ...], Field(max_length=2000)] = ()
    lessons: Annotated[tuple[Lesson, ...], Field(max_length=2000)] = ()
    term_marks: Annotated[tuple[TermMark, ...], Field(max_length=4000)] = ()


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
    movements: Annotated[tuple[Movement, ...], Field(max_length=400)] = ()
    groups: Annotated[tuple[Group, ...], Field(max_length=200)] = ()
    conduct: Annotated[tuple[ConductMark, ...], Field(max_length=2000)] = ()
    remarks: Annotated[tuple[Remark, ...], Field(max_length=500)] = ()


class Logins(Frozen):
    """Logins per day, by id; an optional part, needed by the activity reports only."""

    parents: Annotated[tuple[Id, ...], Field(max_length=200_000)] = ()
    students: Annotated[tuple[Id, ...], Field(max_length=200_000)] = ()
    teachers: Annotated[tuple[Id, ...], Field(max_length=20_000)] = ()


class Snapshot(Frozen):
    """A school's journal at one moment; the only thing documents are made of."""

    schema_: Annotated[Literal["ejournal-snapshot/1"], Field(alias="schema")]
    source: Source
    school: School
    year: Year
    terms: Annotated[tuple[Term, ...], Field(min_length=1, max_length=40)]
    calendar: Calendar = Calendar()
    subjects: Annotated[tuple[Subject, ...], Field(max_length=200)] = ()
    staff: Annotated[tuple[Staff, ...], Field(max_length=1000)]
    classes: Annotated[tuple[SchoolClass, ...], Field(min_length=1, max_length=100)]
    logins: Logins = Logins()
    pd_scope: Annotated[
        tuple[Literal["NAMES", "MARKS", "ATTENDANCE", "HEALTH", "BIRTH", "SOCIAL"], ...],
        Field(max_length=6),
    ] = ("NAMES", "MARKS", "ATTENDANCE")
