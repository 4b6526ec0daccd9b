"""Somebody who is in takes another password."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.access.throttle import FROM_ONE_PLACE
from service.domain.errors import Rejected
from service.ledger.database import Database
from service.ledger.people import accounts, logins
from service.ledger.people.accounts import Account
from service.workflow.people import passwords, patience
from service.workflow.people.enrol import note


class PasswordWrong(Rejected):
    """The present password is another one."""

    code = "password-wrong"
    title = "Прежний пароль неверен"


class PasswordSame(Rejected):
    """The new password is the present one."""

    code = "password-same"
    title = "Новый пароль совпадает с прежним"


@dataclass(frozen=True, slots=True)
class OwnPassword:
    """Changes the password of whoever knows it."""

    database: Database

    def __call__(self, account: str, old: str, new: str, but: str, at: datetime) -> None:
        """Change a password; every login of the account ends but the one of this cookie's hash.

        Raises PasswordWrong, PasswordSame, PasswordWeak, LoginThrottled.
        """
        tried = ((FROM_ONE_PLACE, patience.who("own", account)),)
        with self.database.reading() as connection:
            patience.require(connection, tried, at)
            known = accounts.get(connection, account)
        if not passwords.matches(old, known.signs.password):
            with self.database.writing() as connection:
                patience.failed(connection, tried, at)
            raise _wrong()
        if passwords.same(old, new):
            raise PasswordSame("Новый пароль совпадает с прежним: придумайте другой.")
        passwords.require_strong(new, "/new", _own(known), known.name.split())
        kept = passwords.hashed(new)
        with self.database.writing() as connection:
            present = accounts.get(connection, account)
            if present.signs.password != known.signs.password:
                raise _wrong()
            signs = replace(present.signs, password=kept, password_until=None)
            changed = replace(present, signs=signs)
            accounts.change(connection, changed)
            logins.forgive(connection, tried[0][1])
            logins.end_all(connection, account, but)
            note(connection, account, changed, "change-password", at)


def _own(account: Account) -> tuple[str, str]:
    return account.signs.login or "", account.reach.school


def _wrong() -> PasswordWrong:
    return PasswordWrong("Прежний пароль неверен: введите его ещё раз.")
