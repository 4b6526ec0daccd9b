"""Routes of logging in at the school's identity provider: OpenID Connect, code flow with PKCE."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, Response, request, session
from flask.sessions import SecureCookieSessionInterface
from joserfc.errors import JoseError
from pydantic import ConfigDict, Field
from requests import RequestException

from service.bootstrap.serving import Service
from service.domain.access.rights import Right
from service.domain.errors import ServiceError, Unavailable
from service.settings.access import OidcSettings
from service.web.http import cookies
from service.web.http.html import HTML, OFFICE, for_a_person
from service.web.http.limits import Limits
from service.web.http.operations import Operation, Query
from service.web.people.login_page import LoginPage
from service.web.people.routes import LoginNotOffered
from service.web.people.token_models import Place
from service.workflow.people.log_in import LoginRefused

START = "/v1/login/oidc"
BACK = f"{START}/callback"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderUnavailable(Unavailable):
    """The identity provider is silent, or says what none may say."""

    code = "identity-provider-unavailable"
    title = "Поставщик удостоверений не отвечает"


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
    """The views; between them a signed cookie holds state, nonce and the PKCE verifier."""

    def __init__(self, service: Service, limits: Limits, app: Flask, page: LoginPage) -> None:
        self.service = service
        self.page = page
        self.limits = limits
        self.settings = service.settings.access.oidc
        self.provider = None if self.settings is None else _provider(app, self.settings)

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
        return self._answered(lambda: self._back(query), session.get("next", OFFICE))

    def _answered(self, view: Callable[[], Response], wanted: str) -> Response:
        """Return what a view answers; to a person the login page says what went wrong."""
        try:
            return view()
        except ServiceError as error:
            if not for_a_person():
                raise
            return self.page.form(self.page.filled({"next": wanted}), wrong=error)

    def _start(self, query: Start) -> Any:
        settings, provider = self._offered()
        here = self.service.settings.web.public_url or request.host_url.rstrip("/")
        session["next"], session["school"] = query.next, query.school
        try:
            _require_sound(provider.load_server_metadata(), settings)
            return provider.authorize_redirect(f"{here}{BACK}")
        except (RequestException, AuthlibBaseError) as error:
            raise _silent(error) from None

    def _back(self, query: Back) -> Response:
        settings, provider = self._offered()
        if query.error is not None or query.iss not in {None, settings.issuer}:
            raise LoginRefused("Поставщик удостоверений не подтвердил вход: начните заново.")
        wanted = {
            "iss": {"essential": True, "value": settings.issuer},
            "aud": {"essential": True, "value": settings.client_id},
        }
        try:
            token = provider.authorize_access_token(claims_options=wanted)
        except RequestException as error:
            raise _silent(error) from None
        except (AuthlibBaseError, JoseError):
            raise LoginRefused(
                "Вход не подтверждён: он начат в другом браузере, слишком давно или уже "
                "использован. Начните заново."
            ) from None
        subject = token.get("userinfo", {}).get(settings.claim)
        if not isinstance(subject, str) or not subject:
            raise LoginRefused(f"Поставщик не назвал поле {settings.claim}: войти нельзя.")
        opened = self.service.log_in.by_subject(
            subject, session.get("school"), self.service.clock(), cookies.sent(request)
        )
        response = Response(status=HTTPStatus.FOUND)
        response.location = session.get("next", OFFICE)
        session.clear()
        cookies.give(request, response, opened)
        return response

    def _offered(self) -> tuple[OidcSettings, Any]:
        if self.settings is None:
            raise LoginNotOffered("Вход через поставщика удостоверений здесь не включён.")
        return self.settings, self.provider

    def _before(self) -> None:
        self.limits.login(request.remote_addr or "")


class _Cookie(SecureCookieSessionInterface):
    """The cookie of a login under way; over https it is sent over https only."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        return request.is_secure


def _provider(app: Flask, settings: OidcSettings) -> Any:
    """Return the provider; what is under way is signed with a key made of the client's secret."""
    secret = settings.client_secret.get_secret_value()
    key = hmac.digest(secret.encode(), b"vedomost login under way", hashlib.sha256)
    app.secret_key = key
    app.session_interface = _Cookie()
    app.config.update(
        SESSION_COOKIE_NAME="vedomost-login",
        SESSION_COOKIE_PATH=START,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    return OAuth(app).register(
        "school",
        server_metadata_url=f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=settings.client_id,
        client_secret=secret,
        client_kwargs={
            "scope": settings.scope,
            "code_challenge_method": "S256",
            "default_timeout": settings.timeout,
        },
    )


def _require_sound(metadata: dict[str, Any], settings: OidcSettings) -> None:
    if metadata.get("issuer") != settings.issuer or not all(metadata.get(key) for key in NEEDED):
        raise ProviderUnavailable(
            "Поставщик удостоверений описывает себя не так, как в [access.oidc] issuer: "
            "сообщите администратору."
        )


def _silent(error: Exception) -> ProviderUnavailable:
    return ProviderUnavailable(
        f"Поставщик удостоверений не отвечает ({type(error).__name__}): повторите позже."
    )
