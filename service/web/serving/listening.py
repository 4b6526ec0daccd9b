"""The address the service listens on, taken before gunicorn is: it would only try, in English."""

from __future__ import annotations

import errno
import logging
import socket
import time

from service.domain.errors import Rejected, Unavailable, why
from service.settings import Settings

LOG = logging.getLogger(__name__)

BACKLOG = 2048
PATIENCE = 5.0  # seconds in which a process that is stopping gives the address back
AGAIN = 0.5


class AddressTaken(Unavailable):
    """Another program listens on the address of the settings."""

    code = "address-taken"
    title = "Адрес занят"


class AddressWrong(Rejected):
    """This machine has no such address, or one may not listen on it."""

    code = "address-unusable"
    title = "Адрес не подходит"


def listening(settings: Settings, patience: float = PATIENCE) -> socket.socket:
    """Return a socket that listens on `web.listen`; raises AddressTaken, AddressWrong."""
    address = settings.web.listen
    host, _, port = address.rpartition(":")
    until, waits = time.monotonic() + patience, False
    while True:
        try:
            return _bound(host.strip("[]"), int(port))
        except (OSError, OverflowError) as error:
            reason = error.errno if isinstance(error, OSError) else None
            if reason != errno.EADDRINUSE:
                raise AddressWrong(_wrong(address, error)) from None
        if time.monotonic() > until:
            raise AddressTaken(
                f"{address} занят другой программой: остановите её (кто это, скажет "
                f"«ss -ltnp sport = :{port}») или назовите другой адрес в ключе web.listen."
            )
        if not waits:
            LOG.warning("%s is taken: it is tried for %.0f s", address, patience)
            waits = True
        time.sleep(AGAIN)


def _bound(host: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(BACKLOG)
    except (OSError, OverflowError):
        made.close()
        raise
    return made


def _wrong(address: str, error: OSError | OverflowError) -> str:
    match error:
        case socket.gaierror():
            told = "такого имени нет"
        case OSError(errno=errno.EACCES):
            told = "порты до 1024 — не для обычных пользователей"
        case OSError(errno=errno.EADDRNOTAVAIL):
            told = "у этой машины нет такого адреса"
        case OSError():
            told = why(error)
        case _:
            told = "порты — от 0 до 65535"
    return f"На {address} слушать нельзя: {told}. Исправьте ключ web.listen."
