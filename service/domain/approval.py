"""Who approves a document, and whose turn it is."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is to a document."""

    CLASS_TEACHER = "class-teacher"
    DEPUTY = "deputy"
    DIRECTOR = "director"
    SECRETARY = "secretary"
