"""Passwords: hashed by argon2id, compared as slowly for a stranger as for anybody."""

from __future__ import annotations

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2
MEMORY, PASSES = 19 * 1024, 2  # KiB; OWASP's profile of one lane: 20 ms of a school's PC
NOBODY = (  # the hash of a password nobody knows
    f"$argon2id$v=19$m={MEMORY},t={PASSES},p=1$MDEyMzQ1Njc4OWFiY2RlZg$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)

_HASHER = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY, parallelism=1)
_TURN = BoundedSemaphore(AT_ONCE)


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    with _TURN:
        return _HASHER.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one; None: nobody has one, and it takes as long to say so."""
    with _TURN:
        try:
            _HASHER.verify(kept or NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None
