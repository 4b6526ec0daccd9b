"""The schools served here, and who may act for them."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from service.documents.options import PrintOptions
from service.domain.approval import Role, route_fault
from service.domain.rights import REGION, REGIONAL, Duty
from service.settings.frozen import Frozen

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
SchoolId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]


class Signatory(Frozen):
    """Who may sign for a school in a role; with no certificate pinned the owner's name decides.

    A seal has the organisation's name and its certificate pinned: names of schools repeat.
    """

    role: Role
    name: Annotated[str, Field(min_length=1, max_length=500)]
    certificate_sha256: Sha256 | None = None

    @model_validator(mode="after")
    def _pinned(self) -> Signatory:
        if self.role is Role.SEAL and self.certificate_sha256 is None:
            raise ValueError("для печати (seal) нужен certificate_sha256: сертификат организации")
        return self


class SchoolSettings(Frozen):
    """A school served here: its choices and its signatories."""

    timezone: str | None = None  # none: the snapshot's
    options: PrintOptions = PrintOptions()
    signatories: Annotated[tuple[Signatory, ...], Field(max_length=50)] = ()
    attorney_required: bool = False  # of deputies: a power of attorney (МЧД) with each signature
    sign_docx: bool = False  # a detached signature beside the DOCX too

    @field_validator("timezone")
    @classmethod
    def _known(cls, timezone: str | None) -> str | None:
        if timezone is not None and timezone not in available_timezones():
            raise ValueError(f"часового пояса «{timezone}» нет, пример: Asia/Yekaterinburg")
        return timezone

    @field_validator("options", mode="after")
    @classmethod
    def _signable(cls, options: PrintOptions) -> PrintOptions:
        if fault := route_fault(options.signing_route):
            raise ValueError(f"signing_route: {fault}")
        return options

    @model_validator(mode="after")
    def _sealed(self) -> SchoolSettings:
        roles = {one.role for one in self.signatories}
        if Role.SEAL in self.options.signing_route and Role.SEAL not in roles:
            raise ValueError("в signing_route есть seal, а в signatories её сертификата нет")
        return self


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
