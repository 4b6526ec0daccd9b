"""Who may act for the schools served here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from service.documents.school_settings import SchoolId, Sha256
from service.domain.rights import REGION, REGIONAL, Duty
from service.settings.frozen import Frozen


class Token(Frozen):
    """A bearer token `vd_<id>_<secret>`; of the whole token only its SHA-256 is kept here.

    One for the school `*` is for every school, for administrators and auditors of a region.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
    sha256: Sha256
    school: SchoolId | Literal["*"]
    roles: Annotated[tuple[Duty, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _regional(self) -> Token:
        if self.school == REGION and not REGIONAL.issuperset(self.roles):
            allowed = ", ".join(sorted(REGIONAL))
            raise ValueError(f"школа «{REGION}» (все школы) бывает только у ролей: {allowed}")
        return self
