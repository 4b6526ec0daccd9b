"""Requests on their way to the service: signed with a token, safe to send again, answers typed."""

from __future__ import annotations

import gzip
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from service.client.errors import AddressWrong, ServiceSilent, refusal
from service.client.shapes import Told

API = "/v1/"
JSON = "application/json"
TIMEOUT = httpx.Timeout(600, connect=10)  # hundreds of documents are prepared in one request
NOT_NOW = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
FIRST_PAUSE = 0.25  # seconds before the second try, doubled for each further one
LONGEST_PAUSE = 10.0
PACKED = 1 << 16  # bytes of a body from which on it is sent gzipped

Model = TypeVar("Model", bound=Told)


@dataclass(frozen=True, slots=True)
class Wire:
    """A service at an address, asked with one token.

    What comes to nothing for the moment (no connection, 429, 502–504) is sent again for `patience`
    seconds: every POST carries an Idempotency-Key, so that the service does it once.
    """

    http: httpx.Client
    token: str
    patience: float = 0.0

    def told(
        self,
        wanted: type[Model],
        method: str,
        path: str,
        places: Mapping[str, str] | None = None,
        *,
        query: Mapping[str, Any] | None = None,
        asked: BaseModel | None = None,
        body: bytes | None = None,
        media_type: str = JSON,
        if_match: str = "",
    ) -> Model:
        """Send a request and return the model that came back, or raise `service.client.errors`."""
        content = body if asked is None else _written(asked)
        answer = self._send(method, _filled(path, places), query, content, media_type, if_match)
        try:
            told = wanted.model_validate_json(answer.content)
        except ValidationError:
            raise self._stranger() from None
        told.came_with(answer.headers.get("ETag", ""))
        return told

    def file(
        self,
        method: str,
        path: str,
        places: Mapping[str, str] | None = None,
        *,
        query: Mapping[str, Any] | None = None,
        asked: BaseModel | None = None,
        body: bytes | None = None,
        media_type: str = JSON,
    ) -> bytes:
        """Send a request and return the bytes of the file that came back."""
        content = body if asked is None else _written(asked)
        return self._send(method, _filled(path, places), query, content, media_type).content

    def linked(self, link: str) -> bytes:
        """Return the file behind a link the service gave, an address of its own API."""
        return self._send("GET", link, None, None, "").content

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        content: bytes | None,
        media_type: str,
        if_match: str = "",
    ) -> httpx.Response:
        if not path.startswith(API):  # the token must not follow an address to somebody else
            raise self._stranger()
        headers = {"Authorization": f"Bearer {self.token}"}
        if method == "POST":
            headers["Idempotency-Key"] = f'"{secrets.token_hex(16)}"'
        if if_match:
            headers["If-Match"] = if_match
        if content is not None:
            headers["Content-Type"] = media_type
            if media_type == JSON and len(content) >= PACKED:
                content = gzip.compress(content, compresslevel=6, mtime=0)
                headers["Content-Encoding"] = "gzip"
        given = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        return self._answered(
            self.http.build_request(method, path, params=given, content=content, headers=headers)
        )

    def _answered(self, request: httpx.Request) -> httpx.Response:
        """Send a request until it is answered, or patience has run out."""
        until = time.monotonic() + self.patience
        pause = FIRST_PAUSE
        while True:
            try:
                answer = self._answer(request)
            except ServiceSilent:
                if time.monotonic() + pause > until:
                    raise
            else:
                if answer.is_success:
                    return answer
                if answer.status_code not in NOT_NOW or time.monotonic() + pause > until:
                    raise refusal(answer)
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        try:
            return self.http.send(request)
        except httpx.TimeoutException:
            raise ServiceSilent(f"{self.http.base_url}: служба не ответила вовремя.") from None
        except (httpx.TransportError, httpx.InvalidURL, httpx.DecodingError):
            raise ServiceSilent(
                f"{self.http.base_url}: нет связи со службой. Проверьте адрес и сеть."
            ) from None

    def _stranger(self) -> ServiceSilent:
        return ServiceSilent(
            f"{self.http.base_url}: отвечает не служба vedomost или не той версии. Проверьте адрес."
        )


def connect(address: str) -> httpx.Client:
    """Return connections to the service at `address` (http://host:port), for all its clients."""
    try:
        return httpx.Client(base_url=address, timeout=TIMEOUT)
    except (httpx.InvalidURL, ValueError):
        raise AddressWrong(f"«{address}» — не адрес службы.") from None


def _filled(path: str, places: Mapping[str, str] | None) -> str:
    quoted = {name: quote(value, safe="") for name, value in (places or {}).items()}
    return path.format(**quoted)


def _written(asked: BaseModel) -> bytes:
    return asked.model_dump_json(by_alias=True, exclude_unset=True).encode()


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
