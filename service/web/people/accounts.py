"""Routes of accounts: an administrator enrols the people of his schools."""

from __future__ import annotations

from flask import request

from service.bootstrap.serving import Service
from service.domain.access.rights import REGION, Right
from service.ledger.people import accounts
from service.ledger.people.accounts import Account, AccountMissing
from service.web.http.access import Caller
from service.web.http.cursors import Cursors
from service.web.http.operations import Answer, Operation
from service.web.people.models import AccountAsked, AccountsTold, AccountTold, OneTimePassword
from service.web.people.token_models import OfSchool


class ListedAccounts(OfSchool):
    """Which accounts."""


class Accounts:
    """The views."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.cursors = Cursors(service.database)

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        every, one = "/v1/accounts", "/v1/accounts/<account>"
        return (
            Operation(
                "POST",
                every,
                Right.ADMIT,
                self.make,
                "Завести учётную запись человека",
                {201: AccountTold},
                asked=AccountAsked,
            ),
            Operation(
                "GET",
                every,
                Right.ADMIT,
                self.listed,
                "Учётные записи школы, новые первыми",
                {200: AccountsTold},
                query=ListedAccounts,
            ),
            Operation("GET", one, Right.ADMIT, self.told, "Учётная запись", {200: AccountTold}),
            Operation(
                "PUT",
                one,
                Right.ADMIT,
                self.change,
                "Изменить учётную запись; смена способа входа заканчивает все входы",
                {200: AccountTold},
                asked=AccountAsked,
            ),
            Operation(
                "DELETE",
                one,
                Right.ADMIT,
                self.close,
                "Закрыть учётную запись: человек больше не войдёт",
                {200: AccountTold},
            ),
            Operation(
                "POST",
                f"{one}/password",
                Right.ADMIT,
                self.reset,
                "Выдать одноразовый пароль вместо прежнего; все входы человека заканчиваются",
                {200: OneTimePassword},
                changes=one,
            ),
        )

    def make(self, caller: Caller, asked: AccountAsked) -> Answer:
        """Make an account."""
        school = asked.school or caller.school
        caller.at(school)
        if school != REGION:
            self.service.schools(school)
        made = self.service.enrol(caller.giver, asked.person(school), self.service.clock())
        return Answer(_told(made), 201, {"Location": f"/v1/accounts/{made.id}"})

    def listed(self, caller: Caller, query: ListedAccounts) -> Answer:
        """List accounts."""
        school = query.of(caller)
        cut = self.cursors.read(
            request, query, school, accounts.of_school, lambda one: (one.made_at, one.id)
        )
        told = [_told(one) for one in cut.rows]
        return Answer(AccountsTold(accounts=told, next=cut.next), headers=cut.headers)

    def told(self, account: str, caller: Caller) -> Answer:
        """Tell about an account."""
        return Answer(_told(self._get(account, caller)))

    def change(self, account: str, caller: Caller, asked: AccountAsked) -> Answer:
        """Change an account; its school stays."""
        person = asked.person(self._get(account, caller).reach.school)
        clock = self.service.clock
        return Answer(_told(self.service.enrol.change(caller.giver, account, person, clock())))

    def close(self, account: str, caller: Caller) -> Answer:
        """Close an account."""
        self._get(account, caller)
        clock = self.service.clock
        return Answer(_told(self.service.enrol.close(caller.giver, account, clock())))

    def reset(self, account: str, caller: Caller) -> Answer:
        """Give somebody a one-time password, shown in this answer only."""
        self._get(account, caller)
        changed, password = self.service.enrol.reset(caller.giver, account, self.service.clock())
        until = changed.signs.password_until
        if until is None:
            raise AssertionError("a reset password is a one-time password")
        told = OneTimePassword(password=password, expires_at=until)
        return Answer(told, headers={"Cache-Control": "no-store"})

    def _get(self, account: str, caller: Caller) -> Account:
        with self.service.database.reading() as connection:
            found = accounts.get(connection, account)
        if not caller.sees(found.reach.school):
            raise AccountMissing(f"Учётной записи {account} нет: проверьте адрес.")
        return found


def _told(account: Account) -> AccountTold:
    reach, signs = account.reach, account.signs
    return AccountTold(
        id=account.id,
        school=reach.school,
        name=account.name,
        duties=sorted(reach.duties),
        classes=sorted(reach.classes),
        login=signs.login,
        has_password=signs.password is not None,
        password_until=signs.password_until,
        subject=signs.subject,
        certificate_sha256=signs.certificate,
        made_by=account.made_by,
        made_at=account.made_at,
        closed_at=account.closed_at,
    )
