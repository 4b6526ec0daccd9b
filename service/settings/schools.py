"""Who may act for the schools served here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from service.documents.school_settings import SchoolId
from service.domain.access.rights import Duty, Reach, Right
from service.domain.codes import Sha256
from service.settings.frozen import Frozen


class Token(Frozen):
    """A bearer token `vd_<id>_<secret>`; of the whole token only its SHA-256 is kept here.

    Most tokens are made over the API and kept in the ledger; one written here makes the first.
    One for the school `*` is for every school, for administrators and auditors of a region.
    """

    id: Annotated[
        str,
        Field(pattern=r"^[a-z0-9-]{1,32}$", description="Имя токена: середина vd_<имя>_<секрет>"),
    ]
    sha256: Annotated[Sha256, Field(description="SHA-256 всего токена")]
    school: Annotated[
        SchoolId | Literal["*"],
        Field(description="Школа токена; «*» — все, для администраторов и аудиторов"),
    ]
    roles: Annotated[tuple[Duty, ...], Field(min_length=1, description="Чем токен служит в школе")]
    scopes: Annotated[
        tuple[Right, ...] | None, Field(description="Только эти из прав ролей; без ключа — все")
    ] = None
    classes: Annotated[tuple[str, ...], Field(description="Классы классного руководителя")] = ()

    @property
    def reach(self) -> Reach:
        """How far it gets."""
        scopes = None if self.scopes is None else frozenset(self.scopes)
        return Reach(self.school, frozenset(self.roles), scopes, frozenset(self.classes))

    @model_validator(mode="after")
    def _sound(self) -> Token:
        if (fault := self.reach.fault()) is not None:
            raise ValueError(fault.message)
        return self
