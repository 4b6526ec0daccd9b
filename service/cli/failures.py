"""Errors as a person at a terminal meets them: a message in Russian and an exit code by family."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import click

from service.domain.errors import Conflict, Missing, Rejected, ServiceError, Unavailable
from signing.errors import SigningError, SigningRefused, SigningUnavailable

FAULTS = 20

EXIT: Mapping[type[Exception], int] = MappingProxyType(
    {
        Rejected: 3,
        Missing: 4,
        Conflict: 5,
        Unavailable: 6,
        SigningRefused: 7,
        SigningUnavailable: 6,
        SigningError: 8,
        ServiceError: 8,
    }
)


class FileRefused(Unavailable):
    """A file or folder that a command was to read or write is not there, full or forbidden."""

    code = "file-refused"
    title = "Файл или папка недоступны"


EXPECTED = frozenset(EXIT.values())


def exit_code(error: ServiceError | SigningError) -> int:
    """Return the exit code of the error's family."""
    return next(EXIT[family] for family in type(error).__mro__ if family in EXIT)


def tell(error: ServiceError | SigningError) -> None:
    """Say on the error stream what went wrong, where, and what to do."""
    click.secho(f"{error.title}. ", fg="red", bold=True, err=True, nl=False)
    click.echo(str(error), err=True)
    if isinstance(error, Rejected):
        for fault in error.faults[:FAULTS]:
            click.echo(f"  {fault.pointer or '/'}: {fault.message} [{fault.code}]", err=True)
        if error.total > FAULTS:
            click.echo(f"  … и ещё {error.total - FAULTS}", err=True)
