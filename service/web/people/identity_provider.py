"""The school's identity provider as a client of it: what it says of itself, logins under way."""

from __future__ import annotations

import hashlib
import hmac
import logging
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from flask import Flask, g, redirect, request, session
from flask.sessions import SecureCookieSessionInterface
from joserfc.errors import BadSignatureError, ClaimError, JoseError
from requests import RequestException, Timeout

from service.domain.errors import Unavailable
from service.settings.access import OidcSettings
from service.web.http.html import OFFICE
from service.web.people.hurried import Hurried
from service.workflow.people.log_in import LoginRefused

LOG = logging.getLogger(__name__)

NAME = "school"
UNDER_WAY = 4  # logins one browser has begun and not ended: a cookie has 4 KiB
KNOWN = 300.0  # seconds for which counts what the provider says of itself
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
NONSENSE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading an answer raises that is JSON, and not what OpenID Connect says it is."""


class ProviderUnavailable(Unavailable):
    """The identity provider is silent, or says what none may say."""

    code = "identity-provider-unavailable"
    title = "Поставщик удостоверений не отвечает"


@dataclass(frozen=True, slots=True)
class Begun:
    """Where somebody who set out to log in wants to go, and as whose person."""

    next: str = OFFICE
    school: str | None = None


class IdentityProvider:
    """Sends browsers there and learns who came back.

    Between the two a signed cookie holds, of each login under way, state, nonce, the PKCE
    verifier, and what was wanted.
    """

    def __init__(self, app: Flask, settings: OidcSettings) -> None:
        self.settings = settings
        self._lock = Lock()
        self._client: _Client | None = None
        self._until = 0.0
        secret = settings.client_secret.get_secret_value()
        app.secret_key = hmac.digest(secret.encode(), b"vedomost login under way", hashlib.sha256)
        app.session_interface = _Cookie()

    def send(self, back: str, begun: Begun) -> Any:
        """Return the redirect to the provider, which sends the browser to `back`.

        Raises ProviderUnavailable.
        """
        try:
            client = self._known()
            made = client.create_authorization_url(back)
        except (RequestException, AuthlibBaseError) as error:
            raise _silent(error) from None
        except NONSENSE as error:
            raise _nonsense(error) from None
        _forget_oldest()
        told = {key: made[key] for key in ("state", "nonce", "code_verifier")}
        wanted = {"next": begun.next, "school": begun.school}
        client.save_authorize_data(redirect_uri=back, **told, **wanted)
        return redirect(made["url"])

    def begun(self, state: str | None) -> Begun:
        """Return what somebody wanted whom the provider sends back."""
        kept = _framework().get_state_data(session, state or "") or {}
        return Begun(kept.get("next", OFFICE), kept.get("school"))

    def recognised(self) -> str:
        """Return whom the provider has recognised and sent back with this request, once.

        Raises LoginRefused, ProviderUnavailable.
        """
        settings = self.settings
        wanted = {
            "iss": {"essential": True, "value": settings.issuer},
            "aud": {"essential": True, "value": settings.client_id},
        }
        try:
            token = self._known().authorize_access_token(claims_options=wanted)
            subject = token.get("userinfo", {}).get(settings.claim)
        except RequestException as error:
            raise _silent(error) from None
        except (AuthlibBaseError, JoseError) as error:
            self._forget()
            LOG.warning("a login is not confirmed: %s", _kind(error))
            raise LoginRefused(
                "Вход не подтверждён: он начат в другом браузере, слишком давно или уже "
                "использован. Начните заново."
            ) from None
        except NONSENSE as error:
            self._forget()
            raise _nonsense(error) from None
        if not isinstance(subject, str) or not subject:
            raise LoginRefused(f"Поставщик не назвал поле {settings.claim}: войти нельзя.")
        return subject

    def _known(self) -> _Client:
        """Return a client that knows what the provider says of itself, lately and soundly."""
        with self._lock:
            client = self._client if monotonic() < self._until else None
        if client is None:
            client = self._made()
            _require_sound(client.load_server_metadata(), self.settings)
            with self._lock:
                self._client, self._until = client, monotonic() + KNOWN
        return client

    def _forget(self) -> None:
        """Ask the provider anew next time: what it said of itself may be what was wrong."""
        with self._lock:
            self._client = None

    def _made(self) -> _Client:
        settings = self.settings
        return _Client(
            _framework(),
            NAME,
            server_metadata_url=f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_id=settings.client_id,
            client_secret=settings.client_secret.get_secret_value(),
            client_kwargs={
                "scope": settings.scope,
                "code_challenge_method": "S256",
                "default_timeout": settings.timeout,
            },
        )


class _Client(FlaskOAuth2App):  # type: ignore[misc]  # the library carries no types
    def parse_id_token(self, *said: Any, **more: Any) -> Any:
        """Return what a token says; keys that changed under their names are asked for again."""
        try:
            return super().parse_id_token(*said, **more)
        except BadSignatureError:
            self.fetch_jwk_set(force=True)
            return super().parse_id_token(*said, **more)

    def _get_session(self) -> Any:
        return _hurried(super()._get_session())

    def _get_oauth_client(self, **metadata: Any) -> Any:
        return _hurried(super()._get_oauth_client(**metadata))


class _Cookie(SecureCookieSessionInterface):
    """The cookie of logins under way; over https it is sent over https only."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        return request.is_secure


def _hurried(made: Any) -> Any:
    """Return a session that is over when one request's time for the provider is."""
    until = g.setdefault("provider_until", monotonic() + made.default_timeout)
    made.default_timeout = until - monotonic()
    if made.default_timeout <= 0:
        raise Timeout
    for scheme in ("https://", "http://"):
        made.mount(scheme, Hurried(until))
    return made


def _framework() -> Any:
    return FlaskIntegration(NAME)


def _forget_oldest() -> None:
    """Leave room for one more login under way: browsers keep no cookie beyond 4 KiB."""
    kept = [key for key in session if key.startswith(f"_state_{NAME}_")]
    kept.sort(key=lambda key: float(session[key]["exp"]))
    for key in kept[: -(UNDER_WAY - 1)]:
        session.pop(key)


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


def _nonsense(error: Exception) -> ProviderUnavailable:
    LOG.error("the identity provider's answer is none: %s", type(error).__name__)
    return ProviderUnavailable(
        "Поставщик удостоверений ответил не так, как велит OpenID Connect: сообщите администратору."
    )


def _kind(error: Exception) -> str:
    """Return what kind of error this is, and nothing of what was said."""
    claim = f" {error.claim}" if isinstance(error, ClaimError) else ""
    return f"{type(error).__name__}{claim}"
