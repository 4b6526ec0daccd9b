"""Who is logged in, by the hash of a cookie; and who failed to, by the hash of who tried."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from service.ledger.people.tables import login_failures, logins


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody is in, until it ends or nothing is heard for too long."""

    sha256: str
    account: str
    way: str
    began_at: datetime
    seen_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Failures:
    """How often somebody failed in a row, and until when it is no use to try."""

    who: str
    failures: int
    until: datetime
    at: datetime


def add(connection: Connection, login: Login) -> None:
    """Write down that somebody is in; those whose time is over are forgotten."""
    connection.execute(delete(logins).where(logins.c.ends_at <= login.began_at))
    connection.execute(insert(logins).values(asdict(login)))


def find(connection: Connection, sha256: str) -> Login | None:
    """Return a login by the hash of its cookie, or None."""
    row = connection.execute(select(logins).where(logins.c.sha256 == sha256)).one_or_none()
    return None if row is None else Login(**row._mapping)


def of_cookies(connection: Connection, hashes: Collection[str]) -> tuple[Login, ...]:
    """Return those of some logins that are there, in any order."""
    rows = connection.execute(select(logins).where(logins.c.sha256.in_(hashes)))
    return tuple(Login(**row._mapping) for row in rows)


def seen(connection: Connection, sha256: str, at: datetime) -> None:
    """Note that somebody is still there."""
    connection.execute(update(logins).where(logins.c.sha256 == sha256).values(seen_at=at))


def end(connection: Connection, sha256: str) -> bool:
    """Let somebody out; False if he was not in."""
    done = connection.execute(delete(logins).where(logins.c.sha256 == sha256))
    return done.rowcount == 1


def end_all(connection: Connection, account: str, but: str = "") -> None:
    """End every login of an account, one perhaps left."""
    connection.execute(delete(logins).where(logins.c.account == account, logins.c.sha256 != but))


def failures(connection: Connection, who: str) -> Failures | None:
    """Return how often somebody failed, or None."""
    chosen = select(login_failures).where(login_failures.c.who == who)
    row = connection.execute(chosen).one_or_none()
    return None if row is None else Failures(**row._mapping)


def failed(connection: Connection, noted: Failures, forgotten: datetime) -> None:
    """Write a failure down; what was last heard of before `forgotten` is."""
    stale = (login_failures.c.at < forgotten) | (login_failures.c.who == noted.who)
    connection.execute(delete(login_failures).where(stale))
    connection.execute(insert(login_failures).values(asdict(noted)))


def forgive(connection: Connection, who: str) -> None:
    """Forget somebody's failures."""
    connection.execute(delete(login_failures).where(login_failures.c.who == who))
