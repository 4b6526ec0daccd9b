"""An administrator enrols people: makes accounts, changes them, closes them, resets passwords."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from service.domain.access.rights import Reach
from service.domain.errors import Conflict, Fault, Rejected
from service.ledger import audit
from service.ledger.database import Database
from service.ledger.people import accounts, logins
from service.ledger.people.accounts import Account, Signs
from service.workflow.people import passwords
from service.workflow.people.grant import ID_BYTES, Giver, require_within

ONE_TIME = timedelta(days=7)
"""How long a one-time password waits for its person."""


class AccountWrong(Rejected):
    """The account could not be used, or is not allowed to be used so."""

    code = "account-wrong"
    title = "Учётная запись не принята"


class AccountClosed(Conflict):
    """A closed account stays as it is."""

    code = "account-closed"
    title = "Учётная запись закрыта"


@dataclass(frozen=True, slots=True)
class Person:
    """What is asked for: who it is, what he may do, how he is recognised."""

    name: str
    reach: Reach
    login: str | None = None
    password: str | None = field(default=None, repr=False)  # none: the one there is stays
    one_time: bool = False  # the password has to be changed at the first login
    subject: str | None = None
    certificate: str | None = None


@dataclass(frozen=True, slots=True)
class Enrol:
    """Accounts; `passwords_at` tells at which schools people may have passwords."""

    database: Database
    passwords_at: Callable[[str], bool]

    def __call__(self, giver: Giver, person: Person, at: datetime) -> Account:
        """Make an account."""
        require_within(giver, person.reach, at)
        self._require_usable(person, has_password=person.password is not None)
        account = Account(
            id=secrets.token_hex(ID_BYTES),
            reach=person.reach,
            name=person.name,
            signs=_signs(person, Signs(), at),
            made_by=giver.id,
            made_at=at,
        )
        with self.database.writing() as connection:
            accounts.add(connection, account)
            note(connection, giver.id, account, "make-account", at)
        return account

    def change(self, giver: Giver, account: str, person: Person, at: datetime) -> Account:
        """Make an account what is asked for; if how one comes in changed, nobody stays in."""
        require_within(giver, person.reach, at)
        with self.database.reading() as connection:
            kept = _require_open(accounts.get(connection, account)).signs
        self._require_usable(person, has_password=(person.password or kept.password) is not None)
        signs = _signs(person, kept if person.login else Signs(), at)
        with self.database.writing() as connection:
            known = _require_open(accounts.get(connection, account))
            require_within(giver, known.reach, at)
            changed = replace(known, name=person.name, reach=person.reach, signs=signs)
            if changed != known:
                accounts.change(connection, changed)
                note(connection, giver.id, changed, "change-account", at)
            if signs != known.signs:
                logins.end_all(connection, account)
        return changed

    def close(self, giver: Giver, account: str, at: datetime) -> Account:
        """Let somebody in no more, at once; again changes nothing."""
        with self.database.writing() as connection:
            known = accounts.get(connection, account)
            if known.closed_at is not None:
                return known
            closed = replace(known, closed_at=at, signs=Signs())
            accounts.change(connection, closed)
            logins.end_all(connection, account)
            note(connection, giver.id, closed, "close-account", at)
        return closed

    def reset(self, giver: Giver, account: str, at: datetime) -> tuple[Account, str]:
        """Give somebody a one-time password in place of his own; nobody stays in."""
        password = passwords.one_time()
        kept = passwords.hashed(password)
        with self.database.writing() as connection:
            known = _require_open(accounts.get(connection, account))
            require_within(giver, known.reach, at)
            self._require_passwords(known.reach.school)
            if known.signs.login is None:
                raise _wrong("/login", "login-and-password", "Сначала задайте имя входа (login).")
            signs = replace(known.signs, password=kept, password_until=at + ONE_TIME)
            changed = replace(known, signs=signs)
            accounts.change(connection, changed)
            logins.end_all(connection, account)
            note(connection, giver.id, changed, "reset-password", at)
        return changed, password

    def _require_usable(self, person: Person, *, has_password: bool) -> None:
        if person.password is not None:
            self._require_passwords(person.reach.school)
            own = (person.login or "", person.reach.school)
            passwords.require_strong(person.password, "/password", own, person.name.split())
        if (person.login is None) == has_password and (person.login or person.password):
            raise _wrong("/login", "login-and-password", "Имя (login) и пароль нужны вместе.")
        if not (person.login or person.subject or person.certificate):
            message = "Укажите, как человек входит: subject, certificate_sha256 или login."
            raise _wrong("/subject", "no-way-in", message)

    def _require_passwords(self, school: str) -> None:
        if not self.passwords_at(school):
            message = "Пароли здесь не разрешены: включите [access.local] или укажите subject."
            raise _wrong("/password", "passwords-not-allowed", message)


def _require_open(account: Account) -> Account:
    if account.closed_at is not None:
        raise AccountClosed("Эта учётная запись закрыта: заведите новую.")
    return account


def _wrong(pointer: str, code: str, message: str) -> AccountWrong:
    return AccountWrong(message, (Fault(pointer, code, message),))


def _signs(person: Person, kept: Signs, at: datetime) -> Signs:
    password, until = kept.password, kept.password_until
    if person.password:
        password = passwords.hashed(person.password)
        until = at + ONE_TIME if person.one_time else None
    return Signs(person.login, password, until, person.subject, person.certificate)


def note(connection: Connection, by: str, account: Account, what: str, at: datetime) -> None:
    """Write down what was done to an account, and no name."""
    reach, signs = account.reach, account.signs
    details = {
        "duties": sorted(reach.duties),
        "classes": sorted(reach.classes),
        "ways": [
            way
            for way, sign in (
                ("password", signs.password),
                ("oidc", signs.subject),
                ("certificate", signs.certificate),
            )
            if sign is not None
        ],
    }
    audit.append(connection, audit.Event(at, reach.school, account.id, by, what, details))
