"""Everything an operator can turn: one TOML file and the environment, read once, frozen."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from service.documents.options import PrintOptions
from service.domain.approval import Role, route_fault
from service.domain.errors import Rejected

PREFIX = "VEDOMOST_"
ADMIN_KEYS = tuple(  # of buckets; the service itself never needs them
    f"ADMIN_{store}_{key}"
    for store in ("PRIMARY", "REPLICA", "WORKING")
    for key in ("ACCESS_KEY", "SECRET_KEY")
)
OUTSIDE = frozenset({"SETTINGS", "PASSPHRASE", "PIN", "TOKEN", *ADMIN_KEYS})  # read by commands
MEBIBYTE = 1 << 20

ROOT = Path(__file__).resolve().parent.parent

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
SchoolId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]


class SettingsWrong(Rejected):
    """The settings name something unknown or hold a wrong value; nothing starts."""

    code = "settings-wrong"
    title = "Настройки не приняты"


class Frozen(BaseModel):
    """A group of settings: knows no unknown keys, takes paths from the file's folder."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    @field_validator("*", mode="after")
    @classmethod
    def _from_the_file(cls, value: Any, info: ValidationInfo) -> Any:
        """Relative paths are relative to the settings file, wherever the service was started."""
        if isinstance(value, Path) and isinstance(info.context, Path):
            return (info.context / value).resolve()
        return value


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
    plugin: Path | None = None  # the folder of CryptoPro's cadesplugin_api.js
    session_minutes: Annotated[int, Field(ge=1, le=1440)] = 30  # of signing, if nobody asks
    session_minutes_most: Annotated[int, Field(ge=1, le=20_160)] = 1440

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
    deprecated_digests: dict[TreeDigest, date] = {}  # the day from which none is believed


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


class Duty(StrEnum):
    """What the holder of a token may do; the last three are also roles that sign."""

    JOURNAL = "journal"  # posts snapshots, orders documents
    SECRETARY = "secretary"  # orders documents, reads them
    DEPUTY = "deputy"
    SEAL = "seal"  # puts the organisation's seal
    DIRECTOR = "director"


SIGNING = (Duty.DEPUTY, Duty.SEAL, Duty.DIRECTOR)


class Token(Frozen):
    """A bearer token `vd_<id>_<secret>`; of the whole token only its SHA-256 is kept here."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
    sha256: Sha256
    school: SchoolId
    roles: Annotated[tuple[Duty, ...], Field(min_length=1)]


class Settings(Frozen):
    """The whole of it."""

    data: Path = Path("data")  # working files, and the database unless it is elsewhere
    database: SecretStr | None = None  # postgresql://user:password@host/name
    templates: Path = ROOT / "templates"
    fonts: Path = ROOT / "fonts"
    web: WebSettings = WebSettings()
    worker: WorkerSettings = WorkerSettings()
    signing: SigningSettings = SigningSettings()
    stores: StoresSettings
    schools: Annotated[dict[SchoolId, SchoolSettings], Field(min_length=1)]
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
            if token.school not in self.schools:
                raise ValueError(
                    f"tokens.{token.id}.school: школы «{token.school}» нет в [schools]"
                )
        return self

    @property
    def ledger(self) -> str:
        """The address of the database; secret, as it may hold a password."""
        if self.database is not None:
            return self.database.get_secret_value()
        return f"sqlite:///{self.data / 'vedomost.db'}"


def load(path: Path, environment: Mapping[str, str]) -> Settings:
    """Read a settings file; `VEDOMOST_A__B` in the environment replaces key `a.b` of the file.

    Whatever is wrong raises SettingsWrong with the keys' names and never with a value.
    """
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsWrong(f"Файл настроек {path} не читается: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsWrong(f"Файл настроек {path} — не TOML в UTF-8: {error}.") from None
    for name, value in sorted(environment.items()):
        key = name.removeprefix(PREFIX)
        if key != name and key not in OUTSIDE:
            _put(whole, [part.lower() for part in key.split("__")], value)
    for group in ("web", "worker", "signing"):
        whole.setdefault(group, {})  # so that defaults too are taken from the file's folder
    try:
        return Settings.model_validate(whole, context=path.resolve().parent)
    except ValidationError as error:
        raise SettingsWrong(_told(path, error)) from None


def _put(whole: dict[str, Any], keys: list[str], value: str) -> None:
    here: Any = whole
    for key in keys[:-1]:
        here = here.setdefault(key, {})
        if not isinstance(here, dict):
            raise SettingsWrong(
                f"{PREFIX}{'__'.join(keys).upper()}: такого ключа нет в настройках."
            )
    here[keys[-1]] = value


def _told(path: Path, error: ValidationError) -> str:
    lines = [
        f"{'.'.join(str(part) for part in one['loc']) or 'настройки'}: {_reason(one)}"
        for one in error.errors(include_url=False, include_input=False)
    ]
    return f"Файл настроек {path} не принят:\n" + "\n".join(f"  {line}" for line in lines)


def _reason(one: Mapping[str, Any]) -> str:
    match one["type"]:
        case "extra_forbidden":
            return "неизвестный ключ, проверьте написание"
        case "missing":
            return "обязательный ключ не задан"
        case _:
            return str(one["msg"]).removeprefix("Value error, ")
