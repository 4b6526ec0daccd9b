"""Who may come in and how: the proxy in front, people's logins, how often and how much."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from service.documents.school_settings import SchoolId
from service.settings.frozen import Frozen


class ProxySettings(Frozen):
    """A proxy in front that ends TLS; what it says of the client is believed, of it alone."""

    addresses: Annotated[
        tuple[IPv4Network | IPv6Network, ...],
        Field(
            min_length=1,
            description="Адреса и сети прокси: только от них принимаются заголовки "
            "X-Forwarded-For, X-Forwarded-Proto и Client-Cert (RFC 9440). Прокси обязан "
            "удалять эти заголовки из запросов клиентов",
        ),
    ]


class LocalSettings(Frozen):
    """Logins with a password kept here: for schools without an identity provider."""

    schools: Annotated[
        tuple[SchoolId, ...],
        Field(description="Каким школам разрешён вход по паролю; не указано — всем"),
    ] = ()

    def allows(self, school: str) -> bool:
        """Whether people of a school may have passwords."""
        return not self.schools or school in self.schools


class OidcSettings(Frozen):
    """The identity provider people log in at, by OpenID Connect."""

    issuer: Annotated[
        str,
        Field(
            pattern=r"^https?://\S+$",
            description="Адрес поставщика (issuer): под ним /.well-known/openid-configuration",
        ),
    ]
    client_id: Annotated[str, Field(min_length=1, description="Имя службы у поставщика")]
    client_secret: Annotated[SecretStr, Field(description="Секрет службы у поставщика")]
    claim: Annotated[
        str,
        Field(
            min_length=1,
            description="Поле удостоверения, по которому узнаётся учётная запись (subject)",
        ),
    ] = "sub"
    scope: Annotated[
        str, Field(pattern=r"\bopenid\b", description="Что запрашивается у поставщика")
    ] = "openid"
    name: Annotated[
        str,
        Field(
            max_length=80,
            description="Имя поставщика на кнопке «Войти через …»; не указано — имя узла из issuer",
        ),
    ] = ""
    timeout: Annotated[
        int, Field(ge=1, le=60, description="Сколько ждать ответа поставщика, секунд")
    ] = 10

    @field_validator("client_secret")
    @classmethod
    def _sendable(cls, secret: SecretStr) -> SecretStr:
        if not (secret.get_secret_value() and secret.get_secret_value().isascii()):
            raise ValueError("секрет службы у поставщика — непустой, только знаки ASCII")
        return secret


class SessionSettings(Frozen):
    """How long a login lasts."""

    idle_minutes: Annotated[
        int, Field(ge=5, le=1440, description="Вход кончается после бездействия, минут")
    ] = 60
    hours: Annotated[
        int, Field(ge=1, le=168, description="Вход кончается в любом случае через, часов")
    ] = 12


class LimitsSettings(Frozen):
    """How often one may ask, counted by each process for itself, and how much may wait."""

    per_minute: Annotated[
        int,
        Field(
            ge=1,
            le=1_000_000,
            description="Запросов в минуту от одного токена или человека, на каждый процесс",
        ),
    ] = 3000
    strangers_per_minute: Annotated[
        int,
        Field(
            ge=1,
            le=1_000_000,
            description="Запросов в минуту без доступа с одного адреса, на каждый процесс",
        ),
    ] = 600
    logins_per_minute: Annotated[
        int,
        Field(
            ge=1,
            le=1000,
            description="Попыток входа в минуту с одного адреса, на каждый процесс",
        ),
    ] = 20
    open_jobs: Annotated[
        int,
        Field(
            ge=1,
            le=10_000_000,
            description="Сколько заданий школы могут ждать печати одновременно",
        ),
    ] = 20_000


class AccessSettings(Frozen):
    """Who may come in and how."""

    proxy: ProxySettings | None = None
    local: LocalSettings | None = None
    oidc: OidcSettings | None = None
    session: SessionSettings = SessionSettings()
    limits: LimitsSettings = LimitsSettings()

    def passwords_at(self, school: str) -> bool:
        """Whether people of a school may log in by password."""
        return self.local is not None and self.local.allows(school)
