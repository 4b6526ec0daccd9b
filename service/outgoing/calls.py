"""One HTTP request to an address a school named: checked, pinned, bounded in time and size."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

import httpcore
import httpx

from service.domain.errors import Fault, Unavailable
from service.outgoing.addresses import (
    Address,
    AddressRefused,
    AddressUnknown,
    Allowance,
    NamesUnavailable,
    Resolve,
    resolve,
    unknown,
)

LONGEST = 2000  # characters of an address
PORTS = {"http": 80, "https": 443}
LAST_PORT = 65_535


class Trouble(StrEnum):
    """Why there is no answer."""

    REFUSED = "address-refused"
    NAME = "name-unknown"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    BROKEN = "broken"  # the connection, or what was said over it


class NoAnswer(Unavailable):
    """The other side could not be reached or did not answer in time; `trouble` says how."""

    code = "no-answer"
    title = "Сервер не ответил"

    def __init__(self, message: str, trouble: Trouble):
        super().__init__(message)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `body` is what was read of it, `cut` if there was more."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    cut: bool


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Calls addresses; each call resolves the host once and connects to what was checked.

    A name that turns to another address between check and call (DNS rebinding) gains nothing, and
    no redirect is followed. A call that takes longer than `whole` seconds is cut off, however
    slowly its bytes may drip.
    """

    allowance: Allowance
    context: ssl.SSLContext
    connect: float = 10
    whole: float = 15
    resolve: Resolve = resolve

    def check(self, url: str) -> None:
        """Pass if an address may be called; AddressRefused, AddressUnknown or NamesUnavailable."""
        self._addresses(self._target(url))

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        most: int = 1024,
    ) -> Reply:
        """Send a request and return the answer with at most so many bytes of its body.

        Raises AddressRefused, AddressUnknown, NamesUnavailable, NoAnswer. Proxies named in the
        environment are not used: what they connect to cannot be checked.
        """
        until = monotonic() + self.whole
        target = self._target(url)
        backend = _Pinned(self._addresses(target), until, self.connect)
        sent = {"Host": target.netloc.decode(), "Content-Length": str(len(body))} | dict(headers)
        where = httpcore.URL(
            scheme=target.raw_scheme,
            host=target.raw_host,
            port=target.port,
            target=target.raw_path,
        )
        try:
            with (
                httpcore.ConnectionPool(
                    ssl_context=self.context, network_backend=backend, max_connections=1
                ) as pool,
                pool.stream(method, where, headers=list(sent.items()), content=body) as answer,
            ):
                return _read(answer, most)
        except _FAILURES as error:
            trouble = _trouble(error)
            raise NoAnswer(_SAID[trouble], trouble) from None

    def _target(self, url: str) -> httpx.URL:
        try:
            target = httpx.URL(url)
        except (httpx.InvalidURL, UnicodeError):
            raise _refused("Это не адрес. Пример: https://journal.example.ru/hooks") from None
        if target.scheme != "https" and not (target.scheme == "http" and self.allowance.http):
            raise _refused("Адрес должен начинаться с https://.")
        if not target.raw_host or len(url) > LONGEST:
            raise _refused("В адресе нет имени сервера, или он слишком длинный.")
        if not 0 < (target.port or PORTS[target.scheme]) <= LAST_PORT:
            raise _refused("Такого порта не бывает: укажите от 1 до 65535.")
        if target.userinfo:
            raise _refused("Уберите из адреса имя и пароль.")
        if target.fragment:
            raise _refused("Уберите из адреса часть после знака «#».")
        return target

    def _addresses(self, target: httpx.URL) -> tuple[Address, ...]:
        """Return where a host is; one address that may not be called is one too many."""
        host = target.raw_host.decode("ascii")
        found = self.resolve(host, target.port or PORTS[target.scheme])
        for address in found:
            if kind := self.allowance.refusal(address):
                raise _refused(
                    f"Сервер {host} находится по адресу {address}: это {kind}. "
                    "Укажите адрес, доступный из интернета, или попросите администратора службы "
                    "разрешить эту сеть в настройках (outgoing.networks)."
                )
        if not found:
            raise unknown(host)
        return found


@cache
def trusting(more: Path | None = None) -> ssl.SSLContext:
    """Return what believes the certificates of the usual authorities, and of those in a file.

    The usual ones are Mozilla's and the system's.
    """
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    if more is not None:
        context.load_verify_locations(more)
    return context


class _TlsFailed(httpcore.ConnectError):
    """The connection stands, but nobody is believed to be at its other end."""


class _Pinned(httpcore.NetworkBackend):
    """Connects to addresses that were checked, whatever the host's name may mean by now."""

    def __init__(self, addresses: Iterable[Address], until: float, connect: float):
        self._addresses = tuple(addresses)
        self._until = until
        self._connect = connect
        self._beneath = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        last = min(self._until, monotonic() + self._connect)
        failed: Exception | None = None
        for address in self._addresses:
            try:
                stream = self._beneath.connect_tcp(
                    str(address), port, _left(last), local_address, socket_options or ()
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Hurried(stream, self._until)
        raise failed or httpcore.ConnectError("no address")


class _Hurried(httpcore.NetworkStream):
    """A stream that is over at a moment, not only after a silence."""

    def __init__(self, stream: httpcore.NetworkStream, until: float):
        self._stream = stream
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, _left(self._until))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, _left(self._until))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._until))
        except httpcore.ConnectError as error:
            raise _TlsFailed(str(error)) from error
        return _Hurried(stream, self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("time is over")
    return left


def _read(answer: httpcore.Response, most: int) -> Reply:
    pieces: list[bytes] = []
    room = most
    for piece in answer.iter_stream():
        pieces.append(piece[:room])
        room -= len(piece)
        if room < 0:
            break
    headers = {
        name.decode("latin-1").lower(): text.decode("latin-1") for name, text in answer.headers
    }
    return Reply(answer.status, headers, b"".join(pieces), cut=room < 0)


def _refused(message: str) -> AddressRefused:
    return AddressRefused(message, (Fault("/url", AddressRefused.code, message),))


_FAILURES = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
)
_SAID = {
    Trouble.CONNECT: "Соединиться с сервером не удалось.",
    Trouble.TLS: "Защищённое соединение не установлено: проверьте сертификат сервера.",
    Trouble.TIMEOUT: "Сервер не ответил вовремя.",
    Trouble.BROKEN: "Сервер оборвал соединение или ответил не по HTTP.",
}


def trouble_of(error: AddressRefused | AddressUnknown | NamesUnavailable | NoAnswer) -> Trouble:
    """Return what stood in the way of a call."""
    match error:
        case NoAnswer():
            return error.trouble
        case AddressRefused():
            return Trouble.REFUSED
        case _:
            return Trouble.NAME


def _trouble(error: Exception) -> Trouble:
    if isinstance(error, httpcore.TimeoutException):
        return Trouble.TIMEOUT
    if isinstance(error, _TlsFailed):
        return Trouble.TLS
    if isinstance(error, httpcore.ConnectError):
        return Trouble.CONNECT
    return Trouble.BROKEN
