"""Routes of tokens: an administrator grants, sees, rotates and revokes those of his schools."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from flask import request

from service.bootstrap.serving import Service
from service.domain.access.rights import REGION, Reach, Right
from service.domain.errors import Conflict
from service.ledger.people import tokens
from service.ledger.people.tokens import Token, TokenMissing
from service.settings import Token as GivenToken
from service.web.http.access import Caller
from service.web.http.cursors import Cursors
from service.web.http.operations import Answer, Operation
from service.web.people.token_models import (
    OfSchool,
    RotationAsked,
    TokenAsked,
    TokenGranted,
    TokensTold,
    TokenTold,
)
from service.workflow.people.grant import Grant, Granted


class ListedTokens(OfSchool):
    """Which tokens."""


class TokenInFile(Conflict):
    """The token stands in the settings file, which nobody changes from here."""

    code = "token-in-file"
    title = "Токен записан в файле настроек"


class Tokens:
    """The views."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.cursors = Cursors(service.database)
        self.grant = Grant(service.database)

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        every, one = "/v1/tokens", "/v1/tokens/<token>"
        return (
            Operation(
                "POST",
                every,
                Right.ADMIT,
                self.make,
                "Выдать токен: сам он показывается один раз",
                {201: TokenGranted},
                asked=TokenAsked,
            ),
            Operation(
                "GET",
                every,
                Right.ADMIT,
                self.listed,
                "Токены школы, новые первыми, затем токены из настроек",
                {200: TokensTold},
                query=ListedTokens,
            ),
            Operation("GET", one, Right.ADMIT, self.told, "Токен", {200: TokenTold}),
            Operation(
                "POST",
                f"{one}/rotation",
                Right.ADMIT,
                self.rotate,
                "Сменить секрет токена: прежний действует ещё названное время",
                {200: TokenGranted},
                asked=RotationAsked,
                changes=one,
            ),
            Operation(
                "DELETE",
                one,
                Right.ADMIT,
                self.revoke,
                "Отозвать токен немедленно",
                {200: TokenTold},
            ),
        )

    def make(self, caller: Caller, asked: TokenAsked) -> Answer:
        """Make a token."""
        reach = asked.at(caller.school)
        caller.at(reach.school)
        if reach.school != REGION:
            self.service.schools(reach.school)
        granted = self.grant(caller.giver, reach, asked.description, self.service.clock())
        return _granted(granted, 201, {"Location": f"/v1/tokens/{granted.token.id}"})

    def listed(self, caller: Caller, query: ListedTokens) -> Answer:
        """List tokens."""
        school = query.of(caller)
        cut = self.cursors.read(
            request, query, school, tokens.of_school, lambda one: (one.made_at, one.id)
        )
        file = self.service.settings.tokens if cut.next is None else ()
        given = (one for one in file if one.school == school)
        told = [*map(token_told, cut.rows), *map(_given, given)]
        return Answer(TokensTold(tokens=told, next=cut.next), headers=cut.headers)

    def told(self, token: str, caller: Caller) -> Answer:
        """Tell about a token."""
        given = self._of_file(token, caller)
        return Answer(_given(given) if given else token_told(self._get(token, caller)))

    def rotate(self, token: str, caller: Caller, asked: RotationAsked) -> Answer:
        """Make another secret."""
        self._mine(token, caller)
        overlap = timedelta(minutes=asked.overlap_minutes)
        return _granted(self.grant.rotate(caller.giver, token, overlap, self.service.clock()))

    def revoke(self, token: str, caller: Caller) -> Answer:
        """Take a token back."""
        self._mine(token, caller)
        return Answer(token_told(self.grant.revoke(caller.giver, token, self.service.clock())))

    def _mine(self, token: str, caller: Caller) -> None:
        """Pass if the caller may change a token here."""
        if self._of_file(token, caller):
            raise TokenInFile(
                f"Токен {token} записан в файле настроек: попросите администратора службы изменить "
                "или убрать его там (tokens) и перезапустить её."
            )
        self._get(token, caller)

    def _of_file(self, token: str, caller: Caller) -> GivenToken | None:
        given = self.service.settings.tokens
        return next((one for one in given if one.id == token and caller.sees(one.school)), None)

    def _get(self, token: str, caller: Caller) -> Token:
        with self.service.database.reading() as connection:
            found = tokens.get(connection, token)
        if not caller.sees(found.reach.school):
            raise TokenMissing(f"Токена {token} нет: проверьте адрес.")
        return found


def token_told(token: Token) -> TokenTold:
    """Return a token's answer."""
    return TokenTold(**_fields(token))


def _granted(
    granted: Granted, status: int = 200, headers: Mapping[str, str] = MappingProxyType({})
) -> Answer:
    told = TokenGranted(**_fields(granted.token), token=granted.secret)
    return Answer(told, status, {"Cache-Control": "no-store", **headers})


def _fields(token: Token) -> dict[str, Any]:
    reach = token.reach
    return {
        "id": token.id,
        **_of_reach(reach),
        "description": token.description,
        "made_by": token.made_by,
        "made_at": token.made_at,
        "expires_at": reach.until,
        "used_at": token.used_at,
        "revoked_at": token.revoked_at,
        "previous_until": token.previous_until,
        "from_settings": False,
    }


def _given(token: GivenToken) -> TokenTold:
    unknown = ("made_by", "made_at", "expires_at", "used_at", "revoked_at", "previous_until")
    told: dict[str, Any] = dict.fromkeys(unknown) | _of_reach(token.reach)
    return TokenTold(id=token.id, description="", from_settings=True, **told)


def _of_reach(reach: Reach) -> dict[str, Any]:
    return {
        "school": reach.school,
        "duties": sorted(reach.duties),
        "scopes": None if reach.scopes is None else sorted(reach.scopes),
        "classes": sorted(reach.classes),
    }
