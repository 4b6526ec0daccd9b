"""Refusals of what no view is asked about: bytes that are no request, or one nobody takes whole."""

from __future__ import annotations

from service.domain.errors import Rejected, Unavailable


class Unread(Rejected):
    """It is no request (RFC 9112), or one that two servers may read differently."""

    code = "bad-request"
    title = "Запрос не разобран"


class AddressTooLong(Rejected):
    """The first line is longer than the server takes (RFC 9112, 3)."""

    code = "uri-too-long"
    title = "Адрес слишком длинный"


class HeadersTooLarge(Rejected):
    """The headers are too many, or one is too long (RFC 6585, 5)."""

    code = "headers-too-large"
    title = "Заголовки запроса слишком велики"


class TooSlow(Rejected):
    """The request did not come whole in the time given to it."""

    code = "request-timeout"
    title = "Запрос приходит слишком медленно"


class ExpectationUnknown(Rejected):
    """Expect asks for something other than 100-continue (RFC 9110, 10.1.1)."""

    code = "expectation-unknown"
    title = "Такого ожидания служба не знает"


class CodingUnknown(Rejected):
    """The body comes in a transfer coding other than chunked (RFC 9112, 6.1)."""

    code = "transfer-coding-unknown"
    title = "Такой передачи тела служба не знает"


class VersionUnknown(Rejected):
    """The request is of no version of HTTP/1 (RFC 9110, 15.6.6)."""

    code = "http-version-unknown"
    title = "Такой версии HTTP служба не знает"


class Away(Unavailable):
    """Told by the proxy in front, `deploy/nginx.conf`, when the service does not answer it."""

    code = "service-away"
    title = "Служба недоступна"
