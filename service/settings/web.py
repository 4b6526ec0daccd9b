"""How requests are answered."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from service.settings.frozen import Frozen

MEBIBYTE = 1 << 20


class WebSettings(Frozen):
    """How requests are answered."""

    listen: Annotated[
        str, Field(pattern=r"^[^:]+:\d+$|^\[[0-9a-fA-F:]+\]:\d+$", description="Адрес и порт HTTP")
    ] = "127.0.0.1:8000"
    processes: Annotated[
        int,
        Field(
            ge=1,
            le=32,
            description="Процессов, отвечающих на запросы",
            json_schema_extra={"told": "число ядер, до 2"},
        ),
    ] = max(1, min(2, os.cpu_count() or 1))
    threads: Annotated[
        int,
        Field(
            ge=2,
            le=256,
            description="Потоков в каждом процессе: все, кроме двух, могут ждать проверки "
            "снимков; кто ждёт конца заказанного (wait, events), потока не занимает",
        ),
    ] = 48
    watchers: Annotated[
        int,
        Field(
            ge=1,
            le=5000,
            description="Сколько могут следить за заданиями (events, wait) в каждом процессе",
        ),
    ] = 500
    watchers_per_caller: Annotated[
        int, Field(ge=1, le=5000, description="Сколько из них — с одним токеном или входом")
    ] = 100
    checking: Annotated[
        int,
        Field(
            ge=1, le=8, description="Процессов проверки снимков при каждом отвечающем на запросы"
        ),
    ] = 1
    check_timeout: Annotated[
        int, Field(ge=1, le=600, description="Сколько может проверяться один снимок, секунд")
    ] = 60
    body_limit: Annotated[
        int,
        Field(
            ge=MEBIBYTE,
            le=1024 * MEBIBYTE,
            description="Тело запроса не больше, байт (сжатое — и после распаковки)",
        ),
    ] = 64 * MEBIBYTE
    verify_limit: Annotated[
        int,
        Field(
            ge=MEBIBYTE, le=256 * MEBIBYTE, description="Файл на открытую проверку не больше, байт"
        ),
    ] = 32 * MEBIBYTE
    verify_per_minute: Annotated[
        int, Field(ge=1, le=10_000, description="Открытых проверок с одного адреса в минуту")
    ] = 30
    public_url: Annotated[
        str | None,
        Field(max_length=120, description="Адрес службы снаружи: он стоит в QR-кодах документов"),
    ] = None
    plugin: Annotated[
        Path | None,
        Field(
            description="Папка с cadesplugin_api.js КриптоПро: с ней открывается подпись в браузере"
        ),
    ] = None
    session_minutes: Annotated[
        int,
        Field(
            ge=1,
            le=1440,
            description="Сколько длится сеанс подписи, если не попросили иначе, минут",
        ),
    ] = 30
    session_minutes_most: Annotated[
        int, Field(ge=1, le=20_160, description="Сколько сеанс подписи может длиться, минут")
    ] = 1440

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
