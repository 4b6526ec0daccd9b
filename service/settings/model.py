"""Everything an operator can turn."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from service.documents.school_settings import SchoolId, SchoolSettings
from service.domain.rights import REGION
from service.settings.frozen import Frozen
from service.settings.observing import (
    HealthSettings,
    LoggingSettings,
    MetricsSettings,
    TelemetrySettings,
)
from service.settings.outgoing import OutgoingSettings, WebhookSettings
from service.settings.schools import Token

MEBIBYTE = 1 << 20

ROOT = Path(__file__).resolve().parents[2]


class BucketSettings(Frozen):
    """A bucket with Object Lock on an S3 server."""

    kind: Literal["bucket"]
    name: Annotated[str, Field(min_length=1, max_length=40)]
    endpoint: str  # host:port
    bucket: str
    access_key: str
    secret_key: SecretStr
    secure: bool = True
    region: str = "us-east-1"


class FolderSettings(Frozen):
    """A folder on a disk of its own."""

    kind: Literal["folder"]
    name: Annotated[str, Field(min_length=1, max_length=40)]
    path: Path


TreeDigest = Literal["sha256", "sha384", "sha512", "streebog256", "streebog512"]
StoreSettings = Annotated[BucketSettings | FolderSettings, Field(discriminator="kind")]


class StoresSettings(Frozen):
    """The two stores that hold one copy each; hosts of one database share a working bucket too."""

    primary: StoreSettings
    replica: StoreSettings
    working: BucketSettings | None = None

    @model_validator(mode="after")
    def _two(self) -> StoresSettings:
        if self.primary.name == self.replica.name:
            raise ValueError("у двух хранилищ одно имя: дайте им разные")
        return self


class WebSettings(Frozen):
    """How requests are answered."""

    listen: Annotated[str, Field(pattern=r"^[^:]+:\d+$|^\[[0-9a-fA-F:]+\]:\d+$")] = "127.0.0.1:8000"
    processes: Annotated[int, Field(ge=1, le=32)] = 1
    threads: Annotated[int, Field(ge=2, le=64)] = 8
    body_limit: Annotated[int, Field(ge=MEBIBYTE, le=1024 * MEBIBYTE)] = 64 * MEBIBYTE
    verify_limit: Annotated[int, Field(ge=MEBIBYTE, le=256 * MEBIBYTE)] = 32 * MEBIBYTE
    verify_per_minute: Annotated[int, Field(ge=1, le=10_000)] = 30
    public_url: Annotated[str, Field(max_length=120)] | None = (
        None  # how papers and people reach it
    )
    plugin: Path | None = None  # the folder of CryptoPro's cadesplugin_api.js
    session_minutes: Annotated[int, Field(ge=1, le=1440)] = 30  # of signing, if nobody asks
    session_minutes_most: Annotated[int, Field(ge=1, le=20_160)] = 1440

    @field_validator("public_url")
    @classmethod
    def _reachable(cls, public_url: str | None) -> str | None:
        if public_url is None:
            return None
        parts = urlsplit(public_url)
        rest = parts.query or parts.fragment or "@" in parts.netloc
        if parts.scheme not in {"http", "https"} or not parts.hostname or rest:
            raise ValueError("адрес вида https://journal.school.ru, без параметров и пароля")
        if not public_url.isascii() or any(character.isspace() for character in public_url):
            raise ValueError("только латиница; домен .рф запишите как xn--…")
        return public_url.rstrip("/")

    @model_validator(mode="after")
    def _ordered(self) -> WebSettings:
        if self.session_minutes > self.session_minutes_most:
            raise ValueError("session_minutes больше session_minutes_most: обычный сеанс длиннее")
        return self


class WorkerSettings(Frozen):
    """How the work in the background is done; times are in seconds."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")] = "worker"
    processes: Annotated[int, Field(ge=1, le=64)] = max(1, min(4, os.cpu_count() or 1))
    render_timeout: Annotated[int, Field(ge=10, le=7200)] = 900
    retry_first: Annotated[float, Field(gt=0, le=600)] = 2
    retry_last: Annotated[float, Field(gt=0, le=86_400)] = 300


class SigningSettings(Frozen):
    """Whose certificates count, and who stamps the time."""

    trust: Path = Path("trust")  # a folder of CA certificates, PEM or DER
    tsa: Annotated[
        tuple[Annotated[str, Field(pattern=r"^https?://")], ...], Field(max_length=5)
    ] = ()
    timeout: Annotated[int, Field(ge=1, le=120)] = 20
    evidence_digest: TreeDigest = "sha256"  # new trees of evidence (RFC 4998) are built by it
    deprecated_digests: dict[TreeDigest, date] = Field({})  # the day from which none is believed


class Settings(Frozen):
    """The whole of it."""

    data: Path = Path("data")  # working files, and the database unless it is elsewhere
    database: SecretStr | None = None  # postgresql://user:password@host/name
    templates: Path = ROOT / "templates"
    fonts: Path = ROOT / "fonts"
    web: WebSettings = WebSettings()
    worker: WorkerSettings = WorkerSettings()
    signing: SigningSettings = SigningSettings()
    health: HealthSettings = HealthSettings()
    logging: LoggingSettings = LoggingSettings()
    metrics: MetricsSettings = MetricsSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    outgoing: OutgoingSettings = OutgoingSettings()
    webhooks: WebhookSettings = WebhookSettings()
    stores: StoresSettings
    schools: dict[SchoolId, SchoolSettings] = Field({})
    tokens: tuple[Token, ...] = ()

    @field_validator("database")
    @classmethod
    def _postgresql(cls, database: SecretStr | None) -> SecretStr | None:
        if database is not None and not database.get_secret_value().startswith("postgresql://"):
            raise ValueError("адрес вида postgresql://имя:пароль@сервер/база; без ключа — SQLite")
        return database

    @model_validator(mode="after")
    def _whole(self) -> Settings:
        ids = [token.id for token in self.tokens]
        if len(set(ids)) != len(ids):
            raise ValueError("tokens: два токена с одним id")
        for token in self.tokens:
            if token.school not in {REGION, *self.schools}:
                raise ValueError(
                    f"tokens.{token.id}.school: школы «{token.school}» нет в [schools]"
                )
        for name, school in self.schools.items():
            if school.options.qr and self.web.public_url is None:
                raise ValueError(
                    f"schools.{name}.options.qr: QR-коду нужен адрес проверки, "
                    "задайте web.public_url"
                )
        return self

    @property
    def ledger(self) -> str:
        """The address of the database; secret, as it may hold a password."""
        if self.database is not None:
            return self.database.get_secret_value()
        return f"sqlite:///{self.data / 'vedomost.db'}"
