"""The journal as it was at one moment: strict frozen models of `ejournal-snapshot/1`."""

from __future__ import annotations

from datetime import date as Day  # noqa: N812 (a field may be called date)
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from service.domain.codes import Frozen, Id, Line, Name, Sha256, TermKind, YearLabel
from service.domain.journal import SchoolClass


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
    sha256: Sha256 | None = None
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

    label: YearLabel
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


class Logins(Frozen):
    """Logins per day, by id; an optional part, needed by the activity reports only."""

    parents: Annotated[tuple[Id, ...], Field(max_length=200_000, fail_fast=True)] = ()
    students: Annotated[tuple[Id, ...], Field(max_length=200_000, fail_fast=True)] = ()
    teachers: Annotated[tuple[Id, ...], Field(max_length=20_000, fail_fast=True)] = ()


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
