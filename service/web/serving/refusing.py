"""What is told whoever sends no request that a view could be asked: a problem, and a farewell."""

from __future__ import annotations

import errno
import logging
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from gunicorn.http import errors
from werkzeug.http import http_date

from service.domain.errors import Rejected
from service.observing.context import bound
from service.observing.watch import Watch
from service.web.http.problems import Interrupted, problem, surprise
from service.web.http.safe import safe
from service.web.http.unread import (
    AddressTooLong,
    CodingUnknown,
    ExpectationUnknown,
    HeadersTooLarge,
    Unread,
    VersionUnknown,
)

LOG = logging.getLogger("vedomost.web")

LINE = 8190  # bytes of the first line of a request
FIELD = 8190  # bytes of a header
FIELDS = 100  # headers
UNKNOWN = "-"  # instead of method and route
ONE = "Заголовок {} может стоять в запросе один раз."
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(:[0-9]*)?")
NO_HOST = "В запросе HTTP/1.1 нужен заголовок Host с именем и портом (RFC 9112, 3.2)."
SINGLE = frozenset(
    {"AUTHORIZATION", "IDEMPOTENCY-KEY", "CLIENT-CERT", "VEDOMOST-SCHOOL", "RANGE", "LAST-EVENT-ID"}
)
CHUNKS = (errors.InvalidChunkSize, errors.ChunkMissingTerminator, errors.InvalidChunkExtension)
LONG = AddressTooLong(f"Первая строка запроса длиннее {LINE} байт: сократите параметры адреса.")
LARGE = HeadersTooLarge(f"Принимается до {FIELDS} заголовков, каждый до {FIELD} байт.")
CODING = CodingUnknown(
    "В заголовке Transfer-Encoding принимается только chunked; сжатое тело называют "
    "в Content-Encoding."
)
TOLD: Mapping[type[Exception], Rejected] = MappingProxyType(
    {
        errors.LimitRequestLine: LONG,
        errors.LimitRequestHeaders: LARGE,
        errors.ExpectationFailed: ExpectationUnknown(
            "В заголовке Expect принимается только 100-continue."
        ),
        errors.UnsupportedTransferCoding: CODING,
        errors.InvalidHTTPVersion: VersionUnknown("Обращайтесь по HTTP/1.1 или HTTP/1.0."),
        errors.InvalidRequestLine: Unread(
            "В первой строке нужны метод, адрес и версия через один пробел, адрес — знаками ASCII."
        ),
        errors.InvalidRequestMethod: Unread("Такого метода нет: метод — прописные буквы."),
        errors.InvalidHeaderName: Unread(
            "В имени заголовка — недопустимый знак; буквы, цифры и дефис допустимы."
        ),
        errors.ObsoleteFolding: Unread("Заголовок должен умещаться в одну строку."),
        errors.InvalidHeader: Unread(
            "Заголовок не читается, прислан дважды или противоречит другому: проверьте "
            "Content-Length, Transfer-Encoding, Host, Content-Type и знаки конца строк."
        ),
        **dict.fromkeys(CHUNKS, Interrupted("Тело запроса разбито на части не по RFC 9112, 7.1.")),
        errors.ParseException: Unread("Запрос не соответствует RFC 9112."),
    }
)


def refused(error: Exception) -> Rejected | None:
    """Return what somebody is told whose request ended in an error; None: the fault is ours."""
    if isinstance(error, Rejected):
        return error
    ours = errors.InvalidResponseHeader | errors.InvalidResponseHeaderName
    if isinstance(error, ours | errors.ConfigurationProblem):
        return None
    return next((TOLD[one] for one in type(error).__mro__ if one in TOLD), None)


def farewell(error: Exception, watch: Watch, *, bodiless: bool = False) -> bytes:
    """Return the whole answer of a connection that ends with it, told in the log and counted.

    Neither tells a byte of what was sent. An answer to HEAD is `bodiless`.
    """
    found = refused(error)
    number = secrets.token_hex(8)
    with bound(request=number):
        response = safe(problem(found) if found else surprise(error))
        code = found.code if found else "internal-error"
        LOG.info("%s %s %d %s", UNKNOWN, UNKNOWN, response.status_code, code)
    watch.meters.request(UNKNOWN, UNKNOWN, response.status_code, 0.0)
    response.headers.update({"X-Request-Id": number, "Connection": "close", "Date": http_date()})
    body = response.get_data()
    response.headers["Content-Length"] = str(len(body))
    head = f"HTTP/1.1 {response.status}\r\n{_lines(response.headers)}\r\n"
    return head.encode("latin-1") + (b"" if bodiless else body)


def too_large(head: bytes) -> Rejected:
    """Return what somebody is told whose request's head has no end within what is read of it."""
    return LARGE if b"\n" in head[: LINE + 2] else LONG


def doubt(version: tuple[int, int], headers: Iterable[tuple[str, str]]) -> Rejected | None:
    """Return why a request that can be read may mean something else to another server, if so.

    Names of headers come in capitals.
    """
    sent = tuple(headers)
    said = dict(sent)
    if HOST.fullmatch(said.get("HOST", "" if version < (1, 1) else "?")) is None:
        return Unread(NO_HOST)
    if said.get("TRANSFER-ENCODING", "chunked").lower() != "chunked":
        return CODING
    times = Counter(name for name, _ in sent)
    twice = next((name for name in times if name in SINGLE and times[name] > 1), None)
    return None if twice is None else Unread(ONE.format(twice.title()))


class Chunks:
    """A body's reader that ends an ill-formed body as a broken connection would: OSError."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def read(self, size: int) -> bytes:
        """Return the next bytes."""
        try:
            return bytes(self._reader.read(size))
        except errors.ParseException as error:
            raise OSError(errno.EBADMSG, type(error).__name__) from None


def _lines(headers: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in headers)
