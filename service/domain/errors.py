"""The four families of expected failures; web and command line map the families, once."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Protocol

REASONS: Mapping[int | None, str] = MappingProxyType(
    {
        errno.ENOENT: "такого файла или папки нет",
        errno.ENOTDIR: "на её пути стоит файл",
        errno.EISDIR: "это папка, а не файл",
        errno.EACCES: "нет прав",
        errno.EPERM: "нет прав",
        errno.EROFS: "диск только для чтения",
        errno.ENOSPC: "на диске нет места",
        errno.EDQUOT: "исчерпана квота на диске",
        errno.EIO: "диск отвечает ошибкой",
        errno.EMFILE: "открыто слишком много файлов",
    }
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in what was sent: an RFC 6901 pointer, a stable code, a Russian remedy."""

    pointer: str
    code: str
    message: str


class Coded(Protocol):
    """An expected failure, of the service or of signing; `str` of it is Russian."""

    code: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something failed, waits or was sent back: a stable code, and in Russian what to do."""

    code: str
    message: str

    @classmethod
    def of(cls, error: Coded) -> Reason:
        """Return an error as it is kept and told."""
        return cls(error.code, str(error))


def why(error: OSError) -> str:
    """Return in Russian why the system refused."""
    return REASONS.get(error.errno, f"ошибка системы {error.errno}")


class ServiceError(Exception):
    """Something expected went wrong; `str(error)` is Russian and tells the person what to do.

    Where it names what only the operator may know (hosts, roles), `outside` is told to callers.
    """

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Ошибка"
    outside: ClassVar[str] = ""


class Rejected(ServiceError):
    """What was sent cannot be accepted as it is."""

    code = "rejected"
    title = "Запрос не принят"

    def __init__(self, message: str, faults: tuple[Fault, ...] = (), total: int | None = None):
        super().__init__(message)
        self.faults = faults
        self.total = len(faults) if total is None else total


class Missing(ServiceError):
    """What was asked for does not exist here."""

    code = "missing"
    title = "Не найдено"


class Conflict(ServiceError):
    """What was asked for contradicts the present state."""

    code = "conflict"
    title = "Действие сейчас невозможно"


class Unavailable(ServiceError):
    """A neighbour (store, timestamp authority, key) is silent; the same call may pass later."""

    code = "unavailable"
    title = "Временно недоступно"
