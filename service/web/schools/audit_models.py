"""The audit log of a school as it goes over the wire, so that a client can check it by itself."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from service.domain.codes import Sha256
from service.web.http.models import Told


class AuditLine(Told):
    """A line of the log; times are told as they were sealed."""

    number: Annotated[int, Field(description="Номер в журнале всей службы, растёт с пропусками")]
    at: Annotated[
        str,
        Field(
            description="Когда это было: UTC, до микросекунды, та самая строка, что под хэшем",
            json_schema_extra={"format": "date-time"},
        ),
    ]
    school: Annotated[str, Field(description="Школа, о которой строка")]
    subject: Annotated[str, Field(description="Что изменилось: номер документа, сеанса, школы")]
    actor: Annotated[str, Field(description="Кто это сделал: имя токена или службы")]
    action: Annotated[str, Field(description="Что сделано")]
    details: Annotated[
        dict[str, Any], Field(description="Подробности: номера, состояния и хэши, без имён")
    ]
    previous: Annotated[
        Sha256, Field(description="Хэш предыдущей строки службы; она может быть не вашей школы")
    ]
    hash: Annotated[
        Sha256,
        Field(
            description="SHA-256 строки JSON в UTF-8 без пробелов, ключи по алфавиту, не-ASCII "
            "как есть: [number, previous, at, school, subject, actor, action, details]"
        ),
    ]
    school_number: Annotated[
        int, Field(description="Номер среди строк школы: 1, 2, 3… без пропусков")
    ]
    school_previous: Annotated[
        Sha256, Field(description="school_hash предыдущей строки школы; у первой 64 нуля")
    ]
    school_hash: Annotated[
        Sha256,
        Field(
            description="SHA-256 такой же строки JSON: [school_number, school_previous, hash]. "
            "Сохраните последний: потом он докажет, что прежние строки не меняли"
        ),
    ]


class AuditTold(Told):
    """Lines, the oldest first."""

    lines: Annotated[list[AuditLine], Field(description="Строки, старые первыми")]
    next: str | None


class ChainTold(Told):
    """Whether every line of a school is what was sealed, and none is missing between two."""

    whole: Annotated[bool, Field(description="Все строки школы на месте и не изменены")]
    lines: Annotated[int, Field(description="Сколько строк подряд, начиная с первой, верны")]
    last: Annotated[Sha256, Field(description="school_hash последней из них")]
    broken: Annotated[
        int | None, Field(description="Номер (number) первой строки, которая не сходится")
    ]
