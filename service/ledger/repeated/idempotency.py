"""Keys of requests that may come twice: claimed before the work, with the answer after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from service.ledger.repeated.tables import idempotency as keys

LIFE = timedelta(hours=24)  # for which an answer is given again
LEASE = timedelta(seconds=90)  # after which a request nobody finished is taken over


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a key by a principal of a school; `fingerprint` tells requests apart."""

    school: str
    principal: str
    key: str
    fingerprint: str
    claim: str  # this very request, of all that use the key


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known of a key that is taken; `status` is None while the request is at work.

    `body` is None if the answer held a secret that is told only once.
    """

    fingerprint: str
    claimed_until: datetime
    status: int | None
    headers: Mapping[str, str]
    body: bytes | None


def claim(
    connection: Connection, use: Use, at: datetime, died: Callable[[str], bool]
) -> Remembered | None:
    """Take a key for a request, or return what is known of the one that has it.

    A key is free if it was never used, or longer ago than LIFE; one whose request was killed is
    taken over by the same request: after LEASE, or at once if it is known of the claim that it
    `died`.
    """
    row = connection.execute(select(keys).where(*_at(use))).one_or_none()
    if row is not None and row.made_at <= at - LIFE:
        connection.execute(delete(keys).where(*_at(use)))
        row = None
    if row is None:
        connection.execute(
            insert(keys).values(
                school=use.school,
                principal=use.principal,
                key=use.key,
                fingerprint=use.fingerprint,
                claim=use.claim,
                claimed_until=at + LEASE,
                made_at=at,
            )
        )
        return None
    abandoned = row.status is None and (row.claimed_until <= at or died(row.claim))
    if abandoned and row.fingerprint == use.fingerprint:
        again = {"claim": use.claim, "claimed_until": at + LEASE}
        connection.execute(update(keys).where(*_at(use)).values(again))
        return None
    return Remembered(row.fingerprint, row.claimed_until, row.status, row.headers or {}, row.body)


def answered(
    connection: Connection, use: Use, status: int, headers: Mapping[str, str], body: bytes | None
) -> None:
    """Keep the answer of a request, unless its key was taken over meanwhile."""
    connection.execute(
        update(keys)
        .where(*_at(use), keys.c.claim == use.claim, keys.c.status.is_(None))
        .values(status=status, headers=dict(headers), body=body)
    )


def release(connection: Connection, use: Use) -> None:
    """Give the key of a request that changed nothing back."""
    connection.execute(
        delete(keys).where(*_at(use), keys.c.claim == use.claim, keys.c.status.is_(None))
    )


def purge(connection: Connection, at: datetime) -> int:
    """Remove keys whose life is over; return how many."""
    return connection.execute(delete(keys).where(keys.c.made_at <= at - LIFE)).rowcount


def _at(use: Use) -> tuple[ColumnElement[bool], ...]:
    return (
        keys.c.school == use.school,
        keys.c.principal == use.principal,
        keys.c.key == use.key,
    )
