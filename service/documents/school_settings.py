"""What a school decides for itself: how its documents look, who signs them and with what."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, Field, field_validator, model_validator

from service.documents.choices import Choices
from service.documents.options import PrintOptions
from service.documents.school_calendar import CalendarSettings
from service.domain.approving.approval import Role, route_fault
from service.domain.codes import Sha256
from service.domain.wording.text import one_line

SchoolId = Annotated[str, Field(max_length=64, pattern=r"^\.*[A-Za-z0-9_:-][A-Za-z0-9_.:-]*$")]


def _in_one_line(text: str) -> str:
    if not one_line(text):
        raise ValueError("уберите из текста знаки переводов строк и невидимые управляющие знаки")
    return text


Line = Annotated[str, AfterValidator(_in_one_line)]


class Signatory(Choices):
    """Who may sign for a school in a role; with no certificate pinned the owner's name decides.

    A seal has the organisation's name and its certificate pinned: names of schools repeat.
    """

    role: Annotated[Role, Field(description="В какой роли подписывает")]
    name: Annotated[
        Line,
        Field(
            min_length=1,
            max_length=500,
            description="ФИО, как в сертификате; у печати — название организации",
        ),
    ]
    certificate_sha256: Annotated[
        Sha256 | None, Field(description="SHA-256 сертификата: годится только он")
    ] = None

    @model_validator(mode="after")
    def _pinned(self) -> Signatory:
        if self.role is Role.SEAL and self.certificate_sha256 is None:
            raise ValueError("для печати (seal) нужен certificate_sha256: сертификат организации")
        return self


class SchoolSettings(Choices):
    """A school served here: its choices and its signatories."""

    title: Annotated[
        Line, Field(max_length=300, description="Название для списков школ; не печатается")
    ] = ""
    timezone: Annotated[
        str | None,
        Field(description="Часовой пояс, пример: Asia/Yekaterinburg; без ключа — из снимка"),
    ] = None
    options: Annotated[PrintOptions, Field(description="Как печатаются документы школы")] = (
        PrintOptions()
    )
    signatories: Annotated[
        tuple[Signatory, ...], Field(max_length=50, description="Кто подписывает")
    ] = ()
    attorney_required: Annotated[
        bool, Field(description="Заместителю нужна машиночитаемая доверенность (МЧД)")
    ] = False
    sign_docx: Annotated[bool, Field(description="Подписывать и DOCX: файл .p7s рядом")] = False
    calendar: Annotated[
        CalendarSettings, Field(description="Какие документы и когда делаются сами")
    ] = CalendarSettings()

    @field_validator("timezone")
    @classmethod
    def _known(cls, timezone: str | None) -> str | None:
        if timezone is not None and timezone not in _timezones():
            raise ValueError(f"часового пояса «{timezone}» нет, пример: Asia/Yekaterinburg")
        return timezone

    @field_validator("options", mode="after")
    @classmethod
    def _signable(cls, options: PrintOptions) -> PrintOptions:
        if fault := route_fault(options.signing_route):
            raise ValueError(f"signing_route: {fault}")
        return options

    @field_validator("options", mode="after")
    @classmethod
    def _printable(cls, options: PrintOptions) -> PrintOptions:
        """Refuse here and not in the options: documents printed with others must stay readable."""
        for key, value in options:
            try:
                _in_one_line(str(value))
            except ValueError as error:
                raise ValueError(f"{key}: {error}") from None
        return options

    @model_validator(mode="after")
    def _sealed(self) -> SchoolSettings:
        roles = {one.role for one in self.signatories}
        if Role.SEAL in self.options.signing_route and Role.SEAL not in roles:
            raise ValueError("в signing_route есть seal, а в signatories её сертификата нет")
        return self


def named(chosen: BaseModel) -> dict[str, Any]:
    """Return the keys somebody named, in JSON's types; whatever stands in a list is told whole."""
    whole = chosen.model_dump(mode="json")
    return {
        key: named(value) if isinstance(value, BaseModel) else whole[key]
        for key, value in chosen
        if key in chosen.model_fields_set
    }


@cache
def _timezones() -> set[str]:
    """Return the names of time zones; looking for them in the system's files takes a while."""
    return available_timezones()
