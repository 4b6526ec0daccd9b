"""People as the ledger knows them: what each is at one school, and how they are recognised."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, false, insert, or_, select, update

from service.domain.access.rights import Duty, Reach
from service.domain.errors import Conflict, Missing
from service.ledger.pages import Page, newest
from service.ledger.people.tables import accounts


class AccountMissing(Missing):
    """No account of this id, or it is another school's."""

    code = "account-missing"
    title = "Учётная запись не найдена"


class AccountTaken(Conflict):
    """Another account of the school has this login, subject or certificate."""

    code = "account-taken"
    title = "Такая учётная запись в школе уже есть"


@dataclass(frozen=True, slots=True)
class Signs:
    """What a person is recognised by; any of them may be missing."""

    login: str | None = None
    password: str | None = field(default=None, repr=False)  # argon2
    password_until: datetime | None = None  # of a one-time password: it has to be changed
    subject: str | None = None  # at the identity provider
    certificate: str | None = None  # SHA-256 of its DER


@dataclass(frozen=True, slots=True)
class Account:
    """A person at one school; whoever works at two has two accounts."""

    id: str
    reach: Reach
    name: str = field(repr=False)
    signs: Signs
    made_by: str
    made_at: datetime
    closed_at: datetime | None = None


def add(connection: Connection, account: Account) -> None:
    """Write an account down, or raise AccountTaken."""
    _require_free(connection, account)
    row = _row(account) | {
        "id": account.id,
        "school": account.reach.school,
        "made_by": account.made_by,
        "made_at": account.made_at,
    }
    connection.execute(insert(accounts).values(row))


def change(connection: Connection, account: Account) -> None:
    """Write an account anew, or raise AccountTaken."""
    _require_free(connection, account)
    connection.execute(update(accounts).where(accounts.c.id == account.id).values(_row(account)))


def find(connection: Connection, account: str) -> Account | None:
    """Return an account by id, or None."""
    row = connection.execute(select(accounts).where(accounts.c.id == account)).one_or_none()
    return None if row is None else _account(row)


def get(connection: Connection, account: str) -> Account:
    """Return an account by id."""
    found = find(connection, account)
    if found is None:
        raise AccountMissing(f"Учётной записи {account} нет: проверьте адрес.")
    return found


def of_school(connection: Connection, school: str, page: Page) -> tuple[Account, ...]:
    """Return a school's accounts, a page, the newest first; closed ones stay in the list."""
    chosen = select(accounts).where(accounts.c.school == school)
    rows = connection.execute(newest(chosen, accounts.c.made_at, accounts.c.id, page))
    return tuple(_account(row) for row in rows)


def open_by_ids(connection: Connection, names: Collection[str]) -> tuple[Account, ...]:
    """Return those of some accounts that are not closed."""
    return _open(connection, accounts.c.id.in_(names))


def by_login(connection: Connection, school: str, login: str) -> Account | None:
    """Return whoever of a school has a login name and is not closed, or None."""
    chosen = select(accounts).where(
        accounts.c.login == login, accounts.c.school == school, accounts.c.closed_at.is_(None)
    )
    row = connection.execute(chosen).one_or_none()
    return None if row is None else _account(row)


def by_subject(connection: Connection, subject: str) -> tuple[Account, ...]:
    """Return the open accounts of a person of the identity provider, by school."""
    return _open(connection, accounts.c.subject == subject)


def by_certificate(connection: Connection, sha256: str) -> tuple[Account, ...]:
    """Return the open accounts a certificate is pinned to, by school."""
    return _open(connection, accounts.c.certificate == sha256)


def of_person(connection: Connection, account: Account) -> tuple[Account, ...]:
    """Return every open account of whoever is recognised by the same subject or certificate."""
    same = [
        column == sign
        for column, sign in (
            (accounts.c.subject, account.signs.subject),
            (accounts.c.certificate, account.signs.certificate),
        )
        if sign is not None
    ]
    return _open(connection, or_(accounts.c.id == account.id, *same))


def _open(connection: Connection, recognised: Any) -> tuple[Account, ...]:
    chosen = select(accounts).where(recognised, accounts.c.closed_at.is_(None))
    rows = connection.execute(chosen.order_by(accounts.c.school))
    return tuple(_account(row) for row in rows)


def _require_free(connection: Connection, account: Account) -> None:
    signs = account.signs
    same = [
        column == sign
        for column, sign in (
            (accounts.c.login, signs.login),
            (accounts.c.subject, signs.subject),
            (accounts.c.certificate, signs.certificate),
        )
        if sign is not None
    ]
    chosen = select(accounts.c.id).where(
        accounts.c.school == account.reach.school, accounts.c.id != account.id, or_(false(), *same)
    )
    if same and connection.execute(chosen.limit(1)).scalar() is not None:
        raise AccountTaken(
            "У другой учётной записи школы тот же login, subject или certificate_sha256: "
            "измените её или закройте и освободите."
        )


def _row(account: Account) -> dict[str, Any]:
    signs = account.signs
    return {
        "name": account.name,
        "duties": sorted(account.reach.duties),
        "classes": sorted(account.reach.classes),
        "login": signs.login,
        "password": signs.password,
        "password_until": signs.password_until,
        "subject": signs.subject,
        "certificate": signs.certificate,
        "closed_at": account.closed_at,
    }


def _account(row: Row[Any]) -> Account:
    duties = frozenset(Duty(one) for one in row.duties)
    return Account(
        id=row.id,
        reach=Reach(row.school, duties, classes=frozenset(row.classes)),
        name=row.name,
        signs=Signs(row.login, row.password, row.password_until, row.subject, row.certificate),
        made_by=row.made_by,
        made_at=row.made_at,
        closed_at=row.closed_at,
    )
