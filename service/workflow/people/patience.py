"""Whoever guesses passwords waits, longer each time: failures are counted in the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from math import ceil

from sqlalchemy import Connection

from service.domain.access.throttle import FORGOTTEN, Throttle
from service.domain.errors import Unavailable
from service.ledger.people import logins
from service.ledger.people.logins import Failures

Tried = Iterable[tuple[Throttle, str]]
"""Who tries, as `who` tells it, and how long each has to wait."""


class LoginThrottled(Unavailable):
    """Too many wrong passwords."""

    code = "login-throttled"
    title = "Слишком много неудачных попыток входа"

    def __init__(self, message: str, wait: int) -> None:
        super().__init__(message)
        self.wait = wait


def who(*parts: str) -> str:
    """Return what is kept of whoever tries: a hash, no name and no address."""
    return sha256("\n".join(parts).encode()).hexdigest()


def require(connection: Connection, tried: Tried, at: datetime) -> None:
    """Pass if nobody who tries has to wait, or raise LoginThrottled."""
    for _, one in tried:
        known = logins.failures(connection, one)
        if known is not None and at < known.until:
            left = ceil((known.until - at).total_seconds())
            raise LoginThrottled(f"Подождите {left} с и попробуйте ещё раз.", left)


def failed(connection: Connection, tried: Tried, at: datetime) -> None:
    """Write a failure of each down."""
    for throttle, one in tried:
        known = logins.failures(connection, one)
        recent = known is not None and known.at > at - FORGOTTEN
        count = known.failures + 1 if known is not None and recent else 1
        noted = Failures(one, count, at + throttle.wait(count), at)
        logins.failed(connection, noted, at - FORGOTTEN)
