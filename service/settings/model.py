"""Everything an operator can turn."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from service.documents.school_settings import SchoolId, SchoolSettings
from service.domain.access.rights import REGION
from service.reports import catalogue
from service.settings.access import AccessSettings
from service.settings.frozen import Frozen
from service.settings.journals import JournalSettings
from service.settings.observing import (
    HealthSettings,
    LoggingSettings,
    MetricsSettings,
    TelemetrySettings,
)
from service.settings.outgoing import OutgoingSettings, WebhookSettings
from service.settings.schools import Token
from service.settings.web import WebSettings

_SERVICE = Path(__file__).resolve().parents[1]
_INSTALLED = _SERVICE / "house"  # where a wheel lays them
ROOT = _INSTALLED if _INSTALLED.is_dir() else _SERVICE.parent  # forms and fonts


class BucketSettings(Frozen):
    """A bucket with Object Lock on an S3 server."""

    kind: Annotated[Literal["bucket"], Field(description="Хранилище — бакет S3 с Object Lock")]
    name: Annotated[
        str, Field(min_length=1, max_length=40, description="Имя хранилища в отчётах и сообщениях")
    ]
    endpoint: Annotated[str, Field(description="Сервер S3, host:порт")]
    bucket: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
            description="Бакет; готовит его vedomost stores prepare",
        ),
    ]
    access_key: Annotated[str, Field(description="Ключ доступа службы (не администратора)")]
    secret_key: Annotated[SecretStr, Field(description="Секретный ключ службы")]
    secure: Annotated[bool, Field(description="Соединяться по TLS")] = True
    region: Annotated[str, Field(description="Регион S3")] = "us-east-1"


class FolderSettings(Frozen):
    """A folder on a disk of its own."""

    kind: Annotated[Literal["folder"], Field(description="Хранилище — папка на своём диске")]
    name: Annotated[
        str, Field(min_length=1, max_length=40, description="Имя хранилища в отчётах и сообщениях")
    ]
    path: Annotated[Path, Field(description="Папка; готовит её vedomost stores prepare")]


TreeDigest = Literal["sha256", "sha384", "sha512", "streebog256", "streebog512"]
StoreSettings = Annotated[BucketSettings | FolderSettings, Field(discriminator="kind")]


class StoresSettings(Frozen):
    """The two stores that hold one copy each; hosts of one database share a working bucket too."""

    primary: Annotated[StoreSettings, Field(description="Первое хранилище подписанных документов")]
    replica: Annotated[
        StoreSettings, Field(description="Второе хранилище, на другом диске или сервере")
    ]
    working: Annotated[
        BucketSettings | None,
        Field(description="Общие рабочие файлы нескольких хостов: бакет без блокировки"),
    ] = None

    @model_validator(mode="after")
    def _two(self) -> StoresSettings:
        if self.primary.name == self.replica.name:
            raise ValueError("у двух хранилищ одно имя: дайте им разные")
        return self


class WorkerSettings(Frozen):
    """How the work in the background is done; times are in seconds."""

    name: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9-]{1,32}$",
            description="Имя обработчика: своё у каждого хоста и то же после перезапуска",
        ),
    ] = "worker"
    processes: Annotated[
        int,
        Field(
            ge=1,
            le=64,
            description="Документов печатается одновременно",
            json_schema_extra={"told": "число ядер, до 4"},
        ),
    ] = max(1, min(4, os.cpu_count() or 1))
    render_timeout: Annotated[
        int, Field(ge=10, le=7200, description="Сколько может печататься один документ, секунд")
    ] = 900
    retry_first: Annotated[
        float,
        Field(gt=0, le=600, description="Пауза перед второй попыткой, секунд; дальше вдвое дольше"),
    ] = 2
    retry_last: Annotated[
        float, Field(gt=0, le=86_400, description="Самая долгая пауза между попытками, секунд")
    ] = 300


class SigningSettings(Frozen):
    """Whose certificates count, and who stamps the time."""

    trust: Annotated[
        Path, Field(description="Папка с сертификатами удостоверяющих центров, PEM или DER")
    ] = Path("trust")
    tsa: Annotated[
        tuple[Annotated[str, Field(pattern=r"^https?://")], ...],
        Field(
            max_length=5,
            description="Службы штампов времени (RFC 3161): вторая — если молчит первая",
        ),
    ] = ()
    timeout: Annotated[
        int,
        Field(ge=1, le=120, description="Сколько ждать службы штампов времени и отзыва, секунд"),
    ] = 20
    evidence_digest: Annotated[
        TreeDigest, Field(description="Чем считать деревья доказательств (RFC 4998)")
    ] = "sha256"
    deprecated_digests: Annotated[
        dict[TreeDigest, date],
        Field(description="С какого дня алгоритму хеширования не верят: { sha256 = 2045-01-01 }"),
    ] = Field({})


class Settings(Frozen):
    """The whole of it."""

    data: Annotated[Path, Field(description="Папка данных: рабочие файлы и база SQLite")] = Path(
        "data"
    )
    database: Annotated[
        SecretStr | None,
        Field(description="PostgreSQL: postgresql://имя:пароль@сервер/база; без ключа — SQLite"),
    ] = None
    migrate_at_start: Annotated[
        bool,
        Field(
            description="Обновлять таблицы при запуске; false — только командой vedomost migrate, "
            "а без неё не запускаться"
        ),
    ] = True
    templates: Annotated[
        Path,
        Field(description="Формы документов", json_schema_extra={"told": "templates/ программы"}),
    ] = ROOT / "templates"
    fonts: Annotated[
        Path, Field(description="Шрифты", json_schema_extra={"told": "fonts/ программы"})
    ] = ROOT / "fonts"
    web: Annotated[WebSettings, Field(description="Ответы на запросы")] = WebSettings()
    worker: Annotated[WorkerSettings, Field(description="Работа в фоне")] = WorkerSettings()
    signing: Annotated[SigningSettings, Field(description="Подписи")] = SigningSettings()
    health: Annotated[
        HealthSettings, Field(description="Здоровье службы: /readyz и vedomost doctor")
    ] = HealthSettings()
    logging: Annotated[LoggingSettings, Field(description="Журнал работы (поток ошибок)")] = (
        LoggingSettings()
    )
    metrics: Annotated[MetricsSettings, Field(description="Показатели для Prometheus")] = (
        MetricsSettings()
    )
    telemetry: Annotated[
        TelemetrySettings, Field(description="Трассы для OpenTelemetry; нужно дополнение telemetry")
    ] = TelemetrySettings()
    outgoing: Annotated[OutgoingSettings, Field(description="Куда служба обращается сама")] = (
        OutgoingSettings()
    )
    webhooks: Annotated[WebhookSettings, Field(description="События школ")] = WebhookSettings()
    stores: Annotated[StoresSettings, Field(description="Хранилища подписанных документов")]
    schools: Annotated[
        dict[SchoolId, SchoolSettings], Field(description="Школы: ключ — идентификатор школы")
    ] = Field({})
    tokens: Annotated[
        tuple[Token, ...], Field(description="Токены доступа, записанные в настройках")
    ] = ()
    journals: Annotated[
        dict[SchoolId, JournalSettings],
        Field(description="Где просить снимок журнала школы, если прогону его не хватает"),
    ] = Field({})
    access: Annotated[
        AccessSettings, Field(description="Кто и как входит: прокси, люди, ограничения")
    ] = AccessSettings()

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
            if unknown := sorted(school.calendar.kinds - catalogue().keys()):
                raise ValueError(
                    f"schools.{name}.calendar: нет видов документов {', '.join(unknown)}; "
                    f"есть {', '.join(catalogue())}"
                )
        return self

    @property
    def ledger(self) -> str:
        """The address of the database; secret, as it may hold a password."""
        if self.database is not None:
            return self.database.get_secret_value()
        return f"sqlite:///{self.data / 'vedomost.db'}"
