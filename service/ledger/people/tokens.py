"""Tokens as the ledger knows them: whose reach, which hashes, until when; never the secret."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from service.domain.access.rights import Duty, Reach, Right
from service.domain.errors import Missing
from service.ledger.pages import Page, newest
from service.ledger.people.tables import tokens

MINUTE = timedelta(minutes=1)


class TokenMissing(Missing):
    """No token of this id, or it is another school's."""

    code = "token-missing"
    title = "Токен не найден"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `previous` still opens the door until `previous_until`."""

    id: str
    reach: Reach
    sha256: str
    description: str
    made_by: str
    made_at: datetime
    previous: str | None = None
    previous_until: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def lives(self, at: datetime) -> bool:
        """Whether it opens anything at all."""
        ended = self.reach.until is not None and self.reach.until <= at
        return self.revoked_at is None and not ended

    def hashes(self, at: datetime) -> tuple[str, ...]:
        """Return what a good token hashes to: one or, soon after a rotation, two."""
        if self.previous and self.previous_until is not None and at < self.previous_until:
            return self.sha256, self.previous
        return (self.sha256,)


def add(connection: Connection, token: Token) -> None:
    """Write a token down."""
    reach = token.reach
    row = asdict(token) | {
        "school": reach.school,
        "duties": sorted(reach.duties),
        "scopes": None if reach.scopes is None else sorted(reach.scopes),
        "classes": sorted(reach.classes),
        "expires_at": reach.until,
    }
    del row["reach"]
    connection.execute(insert(tokens).values(row))


def find(connection: Connection, token: str) -> Token | None:
    """Return a token by id, or None."""
    row = connection.execute(select(tokens).where(tokens.c.id == token)).one_or_none()
    return None if row is None else _token(row)


def by_ids(connection: Connection, names: Collection[str]) -> tuple[Token, ...]:
    """Return those of some tokens that are there, in any order."""
    rows = connection.execute(select(tokens).where(tokens.c.id.in_(names)))
    return tuple(_token(row) for row in rows)


def get(connection: Connection, token: str) -> Token:
    """Return a token by id."""
    found = find(connection, token)
    if found is None:
        raise TokenMissing(f"Токена {token} нет: проверьте адрес.")
    return found


def of_school(connection: Connection, school: str, page: Page) -> tuple[Token, ...]:
    """Return a school's tokens, a page, the newest first; revoked ones stay in the list."""
    chosen = select(tokens).where(tokens.c.school == school)
    rows = connection.execute(newest(chosen, tokens.c.made_at, tokens.c.id, page))
    return tuple(_token(row) for row in rows)


def rotate(connection: Connection, token: Token, sha256: str, until: datetime) -> bool:
    """Give a token another secret; False, and no change, if somebody was quicker."""
    done = connection.execute(
        update(tokens)
        .where(
            tokens.c.id == token.id,
            tokens.c.sha256 == token.sha256,
            tokens.c.revoked_at.is_(None),
        )
        .values(sha256=sha256, previous=token.sha256, previous_until=until)
    )
    return done.rowcount == 1


def revoke(connection: Connection, token: str, at: datetime) -> bool:
    """Have a token open nothing any more; False if it already did not."""
    done = connection.execute(
        update(tokens)
        .where(tokens.c.id == token, tokens.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    return done.rowcount == 1


def used(connection: Connection, token: str, at: datetime) -> None:
    """Note that a token was used, unless that was noted within the last minute."""
    stale = or_(tokens.c.used_at.is_(None), tokens.c.used_at <= at - MINUTE)
    connection.execute(update(tokens).where(tokens.c.id == token, stale).values(used_at=at))


def _token(row: Row[Any]) -> Token:
    scopes = None if row.scopes is None else frozenset(Right(one) for one in row.scopes)
    duties = frozenset(Duty(one) for one in row.duties)
    return Token(
        id=row.id,
        reach=Reach(row.school, duties, scopes, frozenset(row.classes), row.expires_at),
        sha256=row.sha256,
        description=row.description,
        made_by=row.made_by,
        made_at=row.made_at,
        previous=row.previous,
        previous_until=row.previous_until,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )
