"""Routes of logging in at the school's identity provider: OpenID Connect, code flow with PKCE."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

from flask import Flask, Response, request
from pydantic import ConfigDict, Field

from service.bootstrap.serving import Service
from service.domain.access.rights import Right
from service.domain.errors import ServiceError
from service.web.http import cookies
from service.web.http.html import HTML, OFFICE, for_a_person
from service.web.http.limits import Limits
from service.web.http.operations import Operation, Query
from service.web.people.identity_provider import Begun, IdentityProvider
from service.web.people.login_page import LoginPage
from service.web.people.routes import LoginNotOffered
from service.web.people.token_models import Place
from service.workflow.people.log_in import LoginRefused

START = "/v1/login/oidc"
BACK = f"{START}/callback"


class Start(Query):
    """As whose person, and where to go afterwards."""

    school: Annotated[Place | None, Field(description="Школа, если у человека их несколько")] = None
    next: Annotated[
        str,
        Field(
            pattern=r"^/([A-Za-z0-9._~-]+/?)*$",
            max_length=200,
            description="Куда вернуться на этой службе",
        ),
    ] = OFFICE


class Back(Query):
    """What the provider sends the browser back with; more of it is ignored (RFC 6749, 4.1.2)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: Annotated[str | None, Field(max_length=4000, description="Код поставщика")] = None
    state: Annotated[str | None, Field(max_length=400, description="Начатый вход")] = None
    error: Annotated[str | None, Field(max_length=400, description="Отказ поставщика")] = None
    error_description: Annotated[str | None, Field(max_length=1000, description="Его причина")] = (
        None
    )
    error_uri: Annotated[str | None, Field(max_length=500, description="Где о ней прочесть")] = None
    iss: Annotated[str | None, Field(max_length=400, description="Поставщик, RFC 9207")] = None
    session_state: Annotated[str | None, Field(max_length=400, description="Не нужно")] = None
    scope: Annotated[str | None, Field(max_length=400, description="Не нужно")] = None


class Oidc:
    """The views."""

    def __init__(self, service: Service, limits: Limits, app: Flask, page: LoginPage) -> None:
        self.service = service
        self.page = page
        self.limits = limits
        settings = service.settings.access.oidc
        self.provider = None if settings is None else IdentityProvider(app, settings)
        app.config.update(
            SESSION_COOKIE_NAME="vedomost-login",
            SESSION_COOKIE_PATH=START,
            SESSION_COOKIE_SAMESITE="Lax",
        )

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        return (
            Operation(
                "GET",
                START,
                Right.PUBLIC,
                self.start,
                "Войти через поставщика удостоверений (OpenID Connect)",
                {302: HTML},
                query=Start,
                before=self._before,
            ),
            Operation(
                "GET",
                BACK,
                Right.PUBLIC,
                self.back,
                "Возвращение от поставщика удостоверений: ответ ставит cookie",
                {302: HTML},
                query=Back,
                before=self._before,
            ),
        )

    def start(self, query: Start) -> Any:
        """Send the browser to the provider."""
        return self._answered(lambda: self._start(query), query.next)

    def back(self, query: Back) -> Response:
        """Let in whoever the provider has recognised."""
        wanted = Begun() if self.provider is None else self.provider.begun(query.state)
        return self._answered(lambda: self._back(query, wanted), wanted.next)

    def _answered(self, view: Callable[[], Response], wanted: str) -> Response:
        """Return what a view answers; to a person the login page says what went wrong."""
        try:
            return view()
        except ServiceError as error:
            if not for_a_person():
                raise
            return self.page.form(self.page.filled({"next": wanted}), wrong=error)

    def _start(self, query: Start) -> Any:
        here = self.service.settings.web.public_url or request.host_url.rstrip("/")
        return self._offered().send(f"{here}{BACK}", Begun(query.next, query.school))

    def _back(self, query: Back, wanted: Begun) -> Response:
        provider = self._offered()
        if query.error is not None or query.iss not in {None, provider.settings.issuer}:
            raise LoginRefused("Поставщик удостоверений не подтвердил вход: начните заново.")
        opened = self.service.log_in.by_subject(
            provider.recognised(), wanted.school, self.service.clock(), cookies.sent(request)
        )
        response = Response(status=HTTPStatus.FOUND)
        response.location = wanted.next
        cookies.give(request, response, opened)
        return response

    def _offered(self) -> IdentityProvider:
        if self.provider is None:
            raise LoginNotOffered("Вход через поставщика удостоверений здесь не включён.")
        return self.provider

    def _before(self) -> None:
        self.limits.login(request.remote_addr or "")
