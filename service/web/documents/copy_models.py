"""Copies of a document's files in the stores, as they go over the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from service.domain.errors import Reason
from service.web.documents.models import CopyTold
from service.web.http.models import Told


class FileCopies(Told):
    """A file and where it lies."""

    name: Annotated[str, Field(description="Какой файл: `document.pdf`, `document.docx`, …")]
    size: int
    sha256: str
    streebog256: Annotated[
        str | None, Field(description="ГОСТ Р 34.11-2012, 256 бит; null, если не считали")
    ]
    copies: list[CopyTold]


class CopiesTold(Told):
    """A document's files and the copies of each, as they were last read back."""

    document: str
    archived: Annotated[bool, Field(description="Оба хранилища приняли все файлы")]
    files: Annotated[list[FileCopies], Field(description="Файлы документа")]


class CopyChecked(Told):
    """What a store answered when its copy was read again; `answered` is false if it is silent."""

    name: str
    store: str
    version_id: str
    mode: str
    locked_until: datetime
    sha256: str
    checked: datetime | None
    good: bool
    answered: bool
    problem: Reason | None = None


class CopiesChecked(Told):
    """What every copy was found to be just now."""

    document: str
    checked_at: datetime
    valid: Annotated[
        bool | None,
        Field(
            description="Все копии на месте, те самые и закрыты от записи; null — хранилище не "
            "ответило или ещё не приняло файлы"
        ),
    ]
    copies: list[CopyChecked]
