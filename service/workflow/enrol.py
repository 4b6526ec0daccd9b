"""An administrator enrols people: makes accounts, changes them, closes them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from service.domain.errors import Conflict, Fault, Rejected
from service.domain.rights import Reach
from service.ledger import accounts, audit, logins
from service.ledger.accounts import Account, Signs
from service.ledger.database import Database
from service.workflow import passwords
from service.workflow.grant import ID_BYTES, Giver, require_within


class AccountWrong(Rejected):
    """The account could not be used, or is not allowed to be used so."""

    code = "account-wrong"
    title = "Учётная запись не принята"


class AccountClosed(Conflict):
    """A closed account stays as it is."""

    code = "account-closed"
    title = "Учётная запись закрыта"


class PasswordWrong(Rejected):
    """The present password is another one."""

    code = "password-wrong"
    title = "Прежний пароль неверен"


@dataclass(frozen=True, slots=True)
class Person:
    """What is asked for: who it is, what he may do, how he is recognised."""

    name: str
    reach: Reach
    login: str | None = None
    password: str | None = None  # none: the one there is stays
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
            signs=_signs(person, None),
            made_by=giver.id,
            made_at=at,
        )
        with self.database.writing() as connection:
            accounts.add(connection, account)
            _note(connection, giver.id, account, "make-account", at)
        return account

    def change(self, giver: Giver, account: str, person: Person, at: datetime) -> Account:
        """Make an account what is asked for; if how one comes in changed, nobody stays in."""
        require_within(giver, person.reach, at)
        with self.database.reading() as connection:
            kept = _require_open(accounts.get(connection, account)).signs.password
        self._require_usable(person, has_password=(person.password or kept) is not None)
        signs = _signs(person, kept if person.login else None)
        with self.database.writing() as connection:
            known = _require_open(accounts.get(connection, account))
            require_within(giver, known.reach, at)
            changed = replace(known, name=person.name, reach=person.reach, signs=signs)
            if changed != known:
                accounts.change(connection, changed)
                _note(connection, giver.id, changed, "change-account", at)
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
            _note(connection, giver.id, closed, "close-account", at)
        return closed

    def own_password(self, account: str, old: str, new: str, but: str, at: datetime) -> None:
        """Change one's own password; every other login of his ends."""
        with self.database.reading() as connection:
            known = accounts.get(connection, account)
        if not passwords.matches(old, known.signs.password):
            raise PasswordWrong("Прежний пароль неверен: введите его ещё раз.")
        signs = replace(known.signs, password=passwords.hashed(new))
        with self.database.writing() as connection:
            changed = replace(accounts.get(connection, account), signs=signs)
            accounts.change(connection, changed)
            logins.end_all(connection, account, but)
            _note(connection, account, changed, "change-password", at)

    def _require_usable(self, person: Person, *, has_password: bool) -> None:
        if person.password is not None and not self.passwords_at(person.reach.school):
            message = "Пароли здесь не разрешены: включите [access.local] или укажите subject."
            raise _wrong("/password", "passwords-not-allowed", message)
        if (person.login is None) == has_password and (person.login or person.password):
            raise _wrong("/login", "login-and-password", "Имя (login) и пароль нужны вместе.")
        if not (person.login or person.subject or person.certificate):
            message = "Укажите, как человек входит: subject, certificate_sha256 или login."
            raise _wrong("/subject", "no-way-in", message)


def _require_open(account: Account) -> Account:
    if account.closed_at is not None:
        raise AccountClosed("Эта учётная запись закрыта: заведите новую.")
    return account


def _wrong(pointer: str, code: str, message: str) -> AccountWrong:
    return AccountWrong(message, (Fault(pointer, code, message),))


def _signs(person: Person, kept: str | None) -> Signs:
    password = passwords.hashed(person.password) if person.password else kept
    return Signs(person.login, password, person.subject, person.certificate)


def _note(connection: Connection, by: str, account: Account, what: str, at: datetime) -> None:
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
