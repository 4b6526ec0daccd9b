"""People come in and go: by password, by identity provider; a cookie remembers them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import Connection

from service.domain.access.throttle import FROM_ANYWHERE, FROM_ONE_PLACE
from service.domain.errors import Rejected
from service.ledger import audit
from service.ledger.database import Database
from service.ledger.people import accounts, logins
from service.ledger.people.accounts import Account
from service.ledger.people.logins import Login
from service.workflow.people import passwords, patience

SECRET_BYTES = 32


class LoginRefused(Rejected):
    """Nobody of this name has this password; which of the two is wrong is not told."""

    code = "login-refused"
    title = "Войти не удалось"

    @classmethod
    def unrecognised(cls) -> LoginRefused:
        """Return the one answer to an unknown school, an unknown name and a wrong password."""
        return cls("Имя или пароль неверны. Пароль может сменить администратор школы.")


class PasswordOver(Rejected):
    """The one-time password is right, and its time has passed."""

    code = "password-over"
    title = "Срок одноразового пароля истёк"


class AccountUnknown(Rejected):
    """The identity provider knows the person, but no school has made an account."""

    code = "account-unknown"
    title = "Учётной записи нет"


class Way(StrEnum):
    """How somebody came in."""

    TOKEN = "token"  # noqa: S105 - a word
    PASSWORD = "password"  # noqa: S105 - a word
    OIDC = "oidc"
    CERTIFICATE = "certificate"


class Ended(StrEnum):
    """Why somebody is not in any more."""

    IDLE = "idle"
    LONGEST = "longest"
    ELSEWHERE = "elsewhere"  # he left, or somebody changed his account


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody is in; the secret goes into a cookie and is kept nowhere."""

    account: Account
    secret: str
    login: Login


@dataclass(frozen=True, slots=True)
class LogIn:
    """Lets people in and out."""

    database: Database
    idle: timedelta
    longest: timedelta

    def by_password(
        self,
        school: str,
        login: str,
        password: str,
        address: str,
        at: datetime,
        former: str | None = None,
    ) -> Opened:
        """Let somebody in who knows the password of a login name; his browser's `former` one ends.

        Whoever guesses from one place waits up to 15 minutes. If many places guess, everybody
        waits, but never more than a minute: nobody is locked out by others.
        """
        tried = (
            (FROM_ONE_PLACE, patience.who(school, login, address)),
            (FROM_ANYWHERE, patience.who(school, login)),
        )
        with self.database.reading() as connection:
            patience.require(connection, tried, at)
            account = accounts.by_login(connection, school, login)
        kept = account.signs.password if account else None
        good = passwords.matches(password, kept)
        with self.database.writing() as connection:
            if account is None or not good:
                patience.failed(connection, tried, at)
            else:
                logins.forgive(connection, tried[0][1])
                until = account.signs.password_until
                if until is None or at < until:
                    return self._open(connection, account, Way.PASSWORD, at, former)
        if good:
            raise PasswordOver("Попросите у администратора школы новый одноразовый пароль.")
        raise LoginRefused.unrecognised()

    def by_subject(
        self, subject: str, school: str | None, at: datetime, former: str | None = None
    ) -> Opened:
        """Let somebody in whom the identity provider knows, at a school or at the first he has."""
        with self.database.writing() as connection:
            known = accounts.by_subject(connection, subject)
            account = next((a for a in known if school in {None, a.reach.school}), None)
            if account is not None:
                return self._open(connection, account, Way.OIDC, at, former)
        raise AccountUnknown(
            "Вас узнали, но учётной записи здесь нет: её заводит администратор школы."
        )

    def find(self, secret: str, at: datetime) -> tuple[Account, Login] | None:
        """Return whom a cookie stands for, or None once the login has ended."""
        with self.database.reading() as connection:
            login = logins.find(connection, cookie_hash(secret))
            if login is None or at >= min(login.ends_at, login.seen_at + self.idle):
                return None
            account = accounts.get(connection, login.account)
        return None if account.closed_at is not None else (account, login)

    def seen(self, login: Login, at: datetime) -> None:
        """Note that somebody is still there."""
        with self.database.writing() as connection:
            logins.seen(connection, login.sha256, at)

    def ended(self, secret: str, at: datetime) -> Ended:
        """Return why a cookie stands for nobody any more."""
        with self.database.reading() as connection:
            login = logins.find(connection, cookie_hash(secret))
        if login is None:
            return Ended.ELSEWHERE
        return Ended.LONGEST if at >= login.ends_at else Ended.IDLE

    def out(self, secret: str, account: str, school: str, at: datetime) -> None:
        """Let somebody out; again changes nothing."""
        with self.database.writing() as connection:
            if logins.end(connection, cookie_hash(secret)):
                audit.append(connection, audit.Event(at, school, account, account, "log-out", {}))

    def _open(
        self, connection: Connection, account: Account, way: Way, at: datetime, former: str | None
    ) -> Opened:
        if former is not None:
            logins.end(connection, cookie_hash(former))
        secret = secrets.token_urlsafe(SECRET_BYTES)
        login = Login(cookie_hash(secret), account.id, way, at, at, at + self.longest)
        logins.add(connection, login)
        happened = audit.Event(
            at, account.reach.school, account.id, account.id, "log-in", {"way": way}
        )
        audit.append(connection, happened)
        return Opened(account, secret, login)


def cookie_hash(secret: str) -> str:
    """Return what is kept of a cookie."""
    return sha256(secret.encode()).hexdigest()
