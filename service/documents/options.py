"""What a school may choose about its documents; kept with every document printed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from service.domain.approval import Role


class GlyphSet(StrEnum):
    """Whose letters stand for absences: the source journal's, or the usual ones."""

    SOURCE = "source"
    DEFAULT = "default"


class SouMode(StrEnum):
    """How the class's СОУ is taken: over pupils, or as the mean of the subjects'."""

    STUDENTS = "students"
    SUBJECTS_MEAN = "subjects_mean"


Short = Annotated[str, Field(max_length=300)]


class PrintOptions(BaseModel):
    """The choices of a school; every default is what FORMS proposes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    glyph_set: GlyphSet = GlyphSet.SOURCE
    sou_mode: SouMode = SouMode.STUDENTS
    percent_digits: Annotated[int, Field(ge=0, le=2)] = 2
    mark_word: Annotated[str, Field(pattern="^(оценок|отметок)$")] = "оценок"
    signing_route: tuple[Role, ...] = (Role.DEPUTY, Role.DIRECTOR)
    seal_block: bool = True
    case_index_register: Short = "05-12"
    case_index_summary: Short = "05-13"
    case_index_reports: Short = "05-14"
    volume_sheets: Annotated[int, Field(ge=10, le=500)] = 250
    certification_text: Short = "Прошито, пронумеровано и скреплено печатью"
    deputy_post: Short = "Заместитель директора по УВР"
    director_post: Short = "Директор"
    secretary_post: Short = "Секретарь"
    ratings: bool = False
    absences_in_results: bool = True
