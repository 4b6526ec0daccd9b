"""Passwords: hashed by argon2id, compared as slowly for a stranger as for anybody."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Collection
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.domain.access.passwords import weakness
from service.domain.errors import Fault, Rejected

AT_ONCE = 2
MEMORY, PASSES = 19 * 1024, 2  # KiB; OWASP's profile of one lane: 20 ms of a school's PC
NOBODY = (  # the hash of a password nobody knows
    f"$argon2id$v=19$m={MEMORY},t={PASSES},p=1$MDEyMzQ1Njc4OWFiY2RlZg$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
CLEAR = "abcdefghkmnpqrstuvwxyz23456789"  # nothing that looks like something else on paper
GROUPS, GROUP = 4, 4  # 78 bits

_HASHER = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY, parallelism=1)
_TURN = BoundedSemaphore(AT_ONCE)


class PasswordWeak(Rejected):
    """The password is too short, or guessed by whoever guesses."""

    code = "password-weak"
    title = "Пароль слишком слабый"


def require_strong(
    password: str, pointer: str, own: Collection[str], names: Collection[str]
) -> None:
    """Pass if a password will do for somebody with this login, school and name."""
    if (found := weakness(password, own, names)) is not None:
        code, message = found
        raise PasswordWeak(message, (Fault(pointer, code, message),))


def one_time() -> str:
    """Return a password to be told, typed once and changed."""
    groups = ("".join(secrets.choice(CLEAR) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    with _TURN:
        return _HASHER.hash(_typed(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one; None: nobody has one, and it takes as long to say so."""
    with _TURN:
        try:
            _HASHER.verify(kept or NOBODY, _typed(password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def same(one: str, other: str) -> bool:
    """Whether two passwords are one, however they were typed."""
    return _typed(one) == _typed(other)


def _typed(password: str) -> str:
    """Return a password as any keyboard means it (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
