"""How the service is watched: its health, its log, its figures, its traces."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from service.settings.frozen import Frozen

ADDRESS = r"^[^:]+:\d+$|^\[[0-9a-fA-F:]+\]:\d+$"


class HealthSettings(Frozen):
    """From when on `/readyz` and `vedomost doctor` call something worrying."""

    disk_warn_mib: Annotated[
        int, Field(ge=0, description="Свободного места в папке данных меньше — предупреждение, МиБ")
    ] = 2048
    disk_fail_mib: Annotated[
        int, Field(ge=0, description="Свободного места в папке данных меньше — отказ, МиБ")
    ] = 256
    certificate_days: Annotated[
        int,
        Field(ge=0, le=3650, description="За сколько дней предупреждать о конце сертификата"),
    ] = 30
    queue_minutes: Annotated[
        int,
        Field(ge=1, le=100_000, description="Очередь ждёт дольше — предупреждение, минут"),
    ] = 60
    clock_seconds: Annotated[
        float,
        Field(gt=0, le=3600, description="Часы расходятся больше — предупреждение, секунд"),
    ] = 5
    timeout: Annotated[
        float, Field(gt=0, le=60, description="Сколько ждать ответа одной проверки, секунд")
    ] = 3
    remembered: Annotated[
        float, Field(ge=0, le=300, description="Сколько `/readyz` помнит свой ответ, секунд")
    ] = 5

    @model_validator(mode="after")
    def _ordered(self) -> HealthSettings:
        if self.disk_fail_mib > self.disk_warn_mib:
            raise ValueError("disk_fail_mib больше disk_warn_mib: отказ раньше предупреждения")
        return self


class LoggingSettings(Frozen):
    """What is written about the work, on the error stream."""

    format: Annotated[
        Literal["text", "json"],
        Field(description="Строки для человека (text) или по объекту JSON в строке (json)"),
    ] = "text"
    level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], Field(description="Что важнее — в журнал")
    ] = "INFO"


class MetricsSettings(Frozen):
    """Figures for Prometheus, on a port of their own."""

    listen: Annotated[
        str | None,
        Field(pattern=ADDRESS, description="Адрес и порт `/metrics`; без ключа — выключено"),
    ] = None
    schools: Annotated[
        bool, Field(description="Делить очереди по школам: их идентификаторы видны в метках")
    ] = False


class TelemetrySettings(Frozen):
    """Traces for an OpenTelemetry collector; wants the extra `telemetry`."""

    endpoint: Annotated[
        str | None,
        Field(
            pattern=r"^https?://",
            description="Адрес приёмника OTLP/HTTP, пример: http://collector:4318; "
            "без ключа — выключено",
        ),
    ] = None
    share: Annotated[
        float, Field(ge=0, le=1, description="Какую долю запросов и шагов записывать")
    ] = 1.0
