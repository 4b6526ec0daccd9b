"""Routes of whoever asks: come in by password, go, see oneself, change one's password."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request

from service.bootstrap.serving import Service
from service.domain.access.rights import Right
from service.domain.errors import Conflict, Missing
from service.ledger.people import accounts
from service.ledger.people.accounts import Account
from service.web.http import cookies
from service.web.http.access import Caller, by_login
from service.web.http.limits import Limits
from service.web.http.operations import JSON, Answer, Operation
from service.web.people.models import Goodbye, LoginAsked, MeTold, PasswordAsked
from service.web.people.visits import account_of
from service.workflow.people.log_in import Opened, Way, cookie_hash


class LoginNotOffered(Missing):
    """This way in is switched off."""

    code = "login-not-offered"
    title = "Такой вход здесь не включён"


class NoAccount(Conflict):
    """Whoever asks has no password to change: a token is nobody's, a certificate enough."""

    code = "no-account"
    title = "Пароля нет"


class People:
    """The views."""

    def __init__(self, service: Service, limits: Limits) -> None:
        self.service = service
        self.limits = limits

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        return (
            Operation(
                "POST",
                "/v1/login",
                Right.PUBLIC,
                self.log_in,
                "Войти по имени и паролю: ответ ставит cookie",
                {200: MeTold},
                asked=LoginAsked,
                before=self._before,
            ),
            Operation("POST", "/v1/logout", Right.SELF, self.log_out, "Выйти", {200: Goodbye}),
            Operation("GET", "/v1/me", Right.SELF, self.me, "Кто вы, что вам можно", {200: MeTold}),
            Operation(
                "PUT",
                "/v1/me/password",
                Right.SELF,
                self.password,
                "Сменить свой пароль; остальные входы этого человека заканчиваются",
                {200: MeTold},
                asked=PasswordAsked,
                by_token=False,
            ),
        )

    def log_in(self, asked: LoginAsked) -> Response:
        """Let somebody in."""
        if not self.service.settings.access.passwords_at(asked.school):
            raise LoginNotOffered("Вход по паролю в этой школе не включён.")
        opened = self.service.log_in.by_password(
            asked.school,
            asked.login,
            asked.password,
            request.remote_addr or "",
            self.service.clock(),
            cookies.sent(request),
        )
        response = Response(self._opened(opened).model_dump_json(), content_type=JSON)
        cookies.give(request, response, opened)
        return response

    def log_out(self, caller: Caller) -> Response:
        """Let somebody out; a token or certificate has nothing to be let out of."""
        secret = cookies.sent(request)
        known = caller.way in {Way.PASSWORD, Way.OIDC} and secret is not None
        if known and secret is not None:
            self.service.log_in.out(secret, caller.id, caller.school, self.service.clock())
        response = Response(Goodbye(logged_out=known).model_dump_json(), content_type=JSON)
        cookies.take(request, response)
        return response

    def me(self, caller: Caller) -> Answer:
        """Tell somebody about himself."""
        with self.service.database.reading() as connection:
            account = None if caller.way is Way.TOKEN else accounts.find(connection, caller.id)
            same = accounts.of_person(connection, account) if account else ()
        return Answer(_told(caller, account, tuple(one.reach.school for one in same)))

    def password(self, caller: Caller, asked: PasswordAsked) -> Answer:
        """Change somebody's password."""
        account = account_of(self.service, caller)
        if account is None or account.signs.password is None:
            raise NoAccount("Менять нечего: пароль есть у того, кто по нему входит.")
        self.service.own_password(
            account.id,
            asked.old,
            asked.new,
            cookie_hash(cookies.sent(request) or ""),
            self.service.clock(),
        )
        return self.me(replace(caller, must_change_password=False))

    def _before(self) -> None:
        self.limits.login(request.remote_addr or "")

    def _opened(self, opened: Opened) -> MeTold:
        account = opened.account
        return _told(by_login(account, opened.login), account, (account.reach.school,))


def _told(caller: Caller, account: Account | None, schools: tuple[str, ...]) -> MeTold:
    return MeTold(
        id=caller.id,
        way=caller.way,
        name=account.name if account else None,
        school=caller.school,
        duties=sorted(caller.duties),
        rights=sorted(caller.reach.rights - {Right.SELF}),
        classes=sorted(caller.reach.classes),
        expires_at=caller.reach.until,
        password_change_required=caller.must_change_password,
        schools=sorted({caller.school, *schools}),
    )
