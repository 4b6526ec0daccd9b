"""The words a snapshot is written in: bounded text, ids and closed lists of codes."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticKnownError

WRITTEN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
YEAR_LABEL = r"^\d{4}/\d{4}$"


def _plain(value: object) -> object:
    """Pass a number, of JSON or as text in the digits 0-9: Decimal would take any digits."""
    if isinstance(value, bool):
        raise PydanticKnownError("decimal_type")
    if isinstance(value, str) and not WRITTEN.fullmatch(value):
        raise PydanticKnownError("decimal_parsing")
    return value


def _ascii(text: str) -> str:
    if not text.isascii():  # the pattern's \d is every alphabet's digit here, but not in ECMA 262
        raise PydanticKnownError("string_pattern_mismatch", {"pattern": YEAR_LABEL})
    return text


PLAIN = BeforeValidator(_plain)
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Line = Annotated[str, Field(max_length=500)]
Text = Annotated[str, Field(max_length=4000)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
YearLabel = Annotated[str, Field(pattern=YEAR_LABEL), AfterValidator(_ascii)]
Average = Annotated[
    Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4, strict=False), PLAIN
]


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
