"""Which addresses of schools the service calls, and how events are sent there."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from service.settings.frozen import Frozen

KEY = re.compile(r"[0-9a-fA-F]{64}")


class OutgoingSettings(Frozen):
    """What the service may call: addresses of webhooks, and of journals it takes snapshots from."""

    allow_http: Annotated[bool, Field(description="Разрешить адреса http://, без шифрования")] = (
        False
    )
    allow_private: Annotated[
        bool, Field(description="Разрешить адреса внутренних сетей и этого компьютера")
    ] = False
    networks: Annotated[
        tuple[IPv4Network | IPv6Network, ...],
        Field(max_length=100, description="Внутренние сети, которые разрешены: 10.20.0.0/16"),
    ] = ()
    ca: Annotated[
        Path | None,
        Field(description="Файл PEM с корневыми сертификатами, которым верить кроме обычных"),
    ] = None


class WebhookSettings(Frozen):
    """How events are sent."""

    keys: Annotated[
        SecretStr | None,
        Field(
            description="Ключи, которыми секреты адресов запечатаны в базе данных (AES-256-GCM): "
            "64 шестнадцатеричные цифры (openssl rand -hex 32); несколько — через пробел или с "
            "новой строки. Первый запечатывает, открывает любой: новый ключ ставится первым, "
            "старый убирают через день. Без ключа секреты лежат в базе открыто"
        ),
    ] = None
    at_once: Annotated[
        int, Field(ge=1, le=128, description="Сколько событий отправляется одновременно")
    ] = 16
    connect_timeout: Annotated[
        float, Field(gt=0, le=60, description="Сколько секунд ждать соединения")
    ] = 10
    timeout: Annotated[
        float, Field(gt=0, le=120, description="Сколько секунд ждать ответа, считая соединение")
    ] = 15
    tries: Annotated[
        int, Field(ge=1, le=30, description="Сколько раз пробовать доставить одно событие")
    ] = 12
    disable_after_days: Annotated[
        int, Field(ge=1, le=60, description="Через сколько дней сплошных неудач отключить адрес")
    ] = 5
    keep_days: Annotated[
        int, Field(ge=1, le=3660, description="Сколько дней хранить журнал доставок")
    ] = 30

    @field_validator("keys")
    @classmethod
    def _of_32_bytes(cls, keys: SecretStr | None) -> SecretStr | None:
        if keys is not None:
            each = keys.get_secret_value().split()
            if not (each and all(KEY.fullmatch(one) for one in each)):
                raise ValueError("каждый ключ — 64 шестнадцатеричные цифры: openssl rand -hex 32")
        return keys

    @property
    def sealing(self) -> tuple[bytes, ...]:
        """The keys, the one that seals first."""
        known = "" if self.keys is None else self.keys.get_secret_value()
        return tuple(bytes.fromhex(one) for one in known.split())
