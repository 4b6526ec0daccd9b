"""Where the journals of schools give their snapshots away; for the operator alone."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from service.settings.frozen import Frozen


class JournalSettings(Frozen):
    """The journal of a school, asked for a snapshot when a run has none."""

    url: Annotated[
        str,
        Field(
            pattern=r"^https?://",
            max_length=2000,
            description="Адрес выгрузки снимка; {year} и {term} в нём заменяются",
        ),
    ]
    bearer: Annotated[SecretStr | None, Field(description="Токен для Authorization: Bearer")] = None
    user: Annotated[str | None, Field(description="Имя для Authorization: Basic")] = None
    password: Annotated[SecretStr | None, Field(description="Пароль для Authorization: Basic")] = (
        None
    )
    timeout: Annotated[
        int, Field(ge=1, le=600, description="Сколько секунд ждать ответа журнала")
    ] = 60
    retry_minutes: Annotated[
        int, Field(ge=5, le=1440, description="Через сколько минут просить снова")
    ] = 60

    @field_validator("url")
    @classmethod
    def _plain(cls, url: str) -> str:
        if "@" in urlsplit(url).netloc:
            raise ValueError("имя и пароль — ключами user и password, а не в адресе")
        if re.search(r"[{}]", url.replace("{year}", "").replace("{term}", "")):
            raise ValueError("в фигурных скобках — только {year} и {term}")
        return url

    @field_validator("bearer")
    @classmethod
    def _sendable(cls, bearer: SecretStr | None) -> SecretStr | None:
        if bearer is not None and not re.fullmatch(r"[!-~]+", bearer.get_secret_value()):
            raise ValueError("токен журнала — знаки ASCII без пробелов: проверьте, тот ли он")
        return bearer

    @field_validator("user")
    @classmethod
    def _before_a_colon(cls, user: str | None) -> str | None:
        if user is not None and ":" in user:
            raise ValueError("имя для Authorization: Basic — без двоеточия (RFC 7617)")
        return user

    @model_validator(mode="after")
    def _one_way(self) -> JournalSettings:
        if (self.user is None) != (self.password is None):
            raise ValueError("user и password задаются вместе")
        if self.bearer is not None and self.user is not None:
            raise ValueError("нужен либо bearer, либо user и password")
        return self
