"""Tokens over the wire: what is asked for, what is told, the secret told once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from service.domain.access.rights import Duty, Reach, Right
from service.domain.codes import Id
from service.web.http.access import Caller
from service.web.http.cursors import Paged
from service.web.http.models import Asked, Moment, Told

LISTED = 1000
OVERLAP_MOST = 60 * 24 * 30  # minutes

Place = Annotated[str, Field(pattern=r"^([A-Za-z0-9_.:-]{1,64}|\*)$")]
Duties = Annotated[frozenset[Duty], Field(min_length=1)]
Scopes = Annotated[frozenset[Right], Field(min_length=1)]
Classes = Annotated[frozenset[Id], Field(max_length=100)]


class OfSchool(Paged):
    """Of which school; only a region's administrators have a choice."""

    school: Place | None = None
    limit: Annotated[int, Field(ge=1, le=LISTED, description="Сколько показать на странице")] = 200

    def of(self, caller: Caller) -> str:
        """Return whose list a caller asks for; raises NotFound if it is not for him to see."""
        school = caller.school if self.school is None else self.school
        caller.at(school)
        return school


class ReachAsked(Asked):
    """How far somebody shall get; without `scopes` it is all that the duties give."""

    school: Place | None = None  # none: the asker's own
    duties: Duties
    scopes: Scopes | None = None
    classes: Classes = frozenset()  # of a class teacher
    expires_at: Moment | None = None

    def at(self, own: str) -> Reach:
        """Return it as asked by somebody of a school."""
        return Reach(self.school or own, self.duties, self.scopes, self.classes, self.expires_at)


class TokenAsked(ReachAsked):
    """A token for a program; whoever made it and what for is kept beside it."""

    description: Annotated[str, Field(min_length=1, max_length=200)]


class RotationAsked(Asked):
    """Another secret; the present one stays good for so many minutes more."""

    overlap_minutes: Annotated[int, Field(ge=0, le=OVERLAP_MOST)] = 24 * 60


class TokenTold(Told):
    """A token without its secret; `from_settings` ones are changed in the settings file only."""

    id: str
    school: str
    duties: list[Duty]
    scopes: list[Right] | None
    classes: list[str]
    description: str
    made_by: str | None
    made_at: datetime | None
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None
    previous_until: datetime | None  # until when the secret before the last rotation is good
    from_settings: bool


class TokenGranted(TokenTold):
    """A token with its secret: it is shown this once and kept nowhere."""

    token: str


class TokensTold(Told):
    """A school's tokens, the newest first, after them those of the settings file."""

    tokens: list[TokenTold]
    next: str | None
