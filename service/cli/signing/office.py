"""The signing office as its clients see it: addresses, requests, and refusals in Russian."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import httpx

from service.domain.errors import Conflict, Missing, Rejected, ServiceError, Unavailable

TIMEOUT = httpx.Timeout(600, connect=10)  # hundreds of documents are prepared in one request
API = "/v1/"


class AddressWrong(Rejected):
    """What was given is no address of a service, or not of what is wanted."""

    code = "address-wrong"
    title = "Адрес не годится"


class ServiceRefused(Rejected):
    """The service did not accept the request."""

    code = "service-refused"
    title = "Служба не приняла запрос"


class NotThere(Missing):
    """The service knows no such thing."""

    code = "not-there"
    title = "Не найдено"


class NotNow(Conflict):
    """It cannot be signed so, or not now."""

    code = "not-now"
    title = "Подписать сейчас нельзя"


class ServiceSilent(Unavailable):
    """The service does not answer."""

    code = "service-silent"
    title = "Служба не отвечает"


FAMILIES: Mapping[int, type[ServiceError]] = MappingProxyType(
    {
        HTTPStatus.NOT_FOUND: NotThere,
        HTTPStatus.CONFLICT: NotNow,
        HTTPStatus.SERVICE_UNAVAILABLE: ServiceSilent,
    }
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a service is (`base`), and a path of its API there."""

    base: str
    path: str

    @classmethod
    def read(cls, text: str) -> Address:
        """Take an address of the API apart, or raise AddressWrong that says what is missing."""
        example = "Нужен адрес вида https://служба/v1/signing-sessions/…"
        try:
            parts = urlsplit(text.strip())
            _ = parts.port
        except ValueError:
            raise AddressWrong(f"«{text}» — не адрес. {example}") from None
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise AddressWrong(f"«{text}»: адрес начинается с https:// или http://. {example}")
        before, slash, rest = parts.path.partition(API)
        path = f"{API}{rest.rstrip('/')}" if slash else ""
        return cls(f"{parts.scheme}://{parts.netloc}{before.rstrip('/')}", path)


@dataclass(frozen=True, slots=True)
class Office:
    """A service, asked with somebody's token. Raises the errors above and nothing of httpx."""

    http: httpx.Client

    @classmethod
    def at(cls, address: Address, token: str) -> Office:
        """Return the office at an address; nothing is asked yet."""
        headers = {"Authorization": f"Bearer {token}"}
        try:
            return cls(httpx.Client(base_url=address.base, headers=headers, timeout=TIMEOUT))
        except (httpx.InvalidURL, ValueError):
            raise AddressWrong(f"«{address.base}» — не адрес службы.") from None

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send a request and return the JSON that came back."""
        answer = self._sent(method, path, body)
        try:
            told = answer.json()
        except ValueError:
            raise _stranger(self.http) from None
        if not isinstance(told, dict):
            raise _stranger(self.http)
        return told

    def file(self, path: str) -> bytes:
        """Return the body of a file."""
        return self._sent("GET", path, None).content

    def _sent(self, method: str, path: str, body: Mapping[str, Any] | None) -> httpx.Response:
        if not path.startswith(API):  # the token must not follow an address to somebody else
            raise _stranger(self.http)
        try:
            answer = self.http.request(method, path, json=body)
        except httpx.TimeoutException:
            raise ServiceSilent(f"{self.http.base_url}: служба не ответила вовремя.") from None
        except (httpx.TransportError, httpx.InvalidURL, httpx.DecodingError):
            raise ServiceSilent(
                f"{self.http.base_url}: нет связи со службой. Проверьте адрес и сеть."
            ) from None
        if answer.is_success:
            return answer
        raise FAMILIES.get(answer.status_code, ServiceRefused)(_said(answer))


def _said(answer: httpx.Response) -> str:
    try:
        problem = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
    except ValueError:
        problem = {}
    told = problem.get("detail") or problem.get("title") if isinstance(problem, dict) else None
    return str(told or f"Ответ {answer.status_code} без объяснения: проверьте адрес.")


def _stranger(http: httpx.Client) -> ServiceSilent:
    return ServiceSilent(f"{http.base_url}: отвечает не служба vedomost. Проверьте адрес.")
