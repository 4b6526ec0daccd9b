"""What went wrong, as RFC 9457 tells it: families to statuses, once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from service.domain.errors import Conflict, Missing, Rejected, ServiceError, Unavailable
from service.domain.intake.parsing import SnapshotMalformed
from service.jobs.aside import Crowded
from service.jobs.traces import frames
from service.ledger.schools import SettingsMoved
from service.web.http.models import FaultShown, Problem
from service.web.http.unread import (
    AddressTooLong,
    CodingUnknown,
    ExpectationUnknown,
    HeadersTooLarge,
    TooSlow,
    Unread,
    VersionUnknown,
)
from service.workflow.people.log_in import AccountUnknown, LoginRefused, PasswordOver
from service.workflow.people.patience import LoginThrottled
from service.workflow.printing.order import QuotaExceeded
from signing.errors import (
    GostNotInstalled,
    KeyUnavailable,
    SigningError,
    SigningRefused,
    SigningUnavailable,
)

LOG = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPE = "/v1/docs#problem-{code}"  # RFC 9457, 3.1.1: it can be opened, and says what to do
RETRY_AFTER = 30  # seconds


class Malformed(Rejected):
    """The body is not JSON at all."""

    code = "malformed-json"
    title = "Тело запроса — не JSON"


class BrokenGzip(Malformed):
    """The body is called gzip, but cannot be unpacked to its end."""

    code = "malformed-gzip"
    title = "Сжатое тело запроса повреждено"


class Interrupted(Malformed):
    """The body stopped coming, or did not come as its Transfer-Encoding promised."""

    code = "body-interrupted"
    title = "Тело запроса оборвано"


class TooLarge(Rejected):
    """The body is larger than this service takes, packed or unpacked."""

    code = "too-large"
    title = "Тело запроса слишком велико"


class WrongEncoding(Rejected):
    """The body came in a media type or encoding that is not taken here."""

    code = "unsupported-media-type"
    title = "Формат тела запроса не поддерживается"


class Denied(Rejected):
    """Whoever asks is not let in; `lacks` is what is wrong with a token (RFC 6750, 3.1)."""

    def __init__(self, message: str, lacks: str = "") -> None:
        super().__init__(message)
        self.lacks = lacks


class Unknown(Denied):
    """No token, or one that is not known here."""

    code = "unauthorized"
    title = "Нужен токен доступа"


class Unconditional(Rejected):
    """The change would take the place of what nobody says to have read."""

    code = "precondition-required"
    title = "Нужен заголовок If-Match"


class Forbidden(Denied):
    """The token is good, but not for this."""

    code = "forbidden"
    title = "Недостаточно прав"


class TooMany(Unavailable):
    """Too many requests from one address."""

    code = "too-many-requests"
    title = "Слишком много запросов"

    def __init__(self, message: str, wait: int = RETRY_AFTER) -> None:
        super().__init__(message)
        self.wait = wait


class InProgress(Conflict):
    """The same request is being done at this very moment; it may be asked for again in `wait` s."""

    code = "idempotency-in-progress"
    title = "Запрос уже выполняется"

    def __init__(self, message: str, wait: int) -> None:
        super().__init__(message)
        self.wait = wait


class PreconditionFailed(Conflict):
    """What was to be changed, or sent in part, is not what the client believes it to be."""

    code = "precondition-failed"
    title = "Уже изменилось"


STATUS: Mapping[type[Exception], HTTPStatus] = MappingProxyType(
    {
        SnapshotMalformed: HTTPStatus.BAD_REQUEST,
        Malformed: HTTPStatus.BAD_REQUEST,
        Unread: HTTPStatus.BAD_REQUEST,
        AddressTooLong: HTTPStatus.REQUEST_URI_TOO_LONG,
        HeadersTooLarge: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        TooSlow: HTTPStatus.REQUEST_TIMEOUT,
        ExpectationUnknown: HTTPStatus.EXPECTATION_FAILED,
        CodingUnknown: HTTPStatus.NOT_IMPLEMENTED,
        VersionUnknown: HTTPStatus.HTTP_VERSION_NOT_SUPPORTED,
        Unknown: HTTPStatus.UNAUTHORIZED,
        Forbidden: HTTPStatus.FORBIDDEN,
        TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        WrongEncoding: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        TooMany: HTTPStatus.TOO_MANY_REQUESTS,
        QuotaExceeded: HTTPStatus.TOO_MANY_REQUESTS,
        LoginThrottled: HTTPStatus.TOO_MANY_REQUESTS,
        LoginRefused: HTTPStatus.UNAUTHORIZED,
        PasswordOver: HTTPStatus.FORBIDDEN,
        AccountUnknown: HTTPStatus.FORBIDDEN,
        Unconditional: HTTPStatus.PRECONDITION_REQUIRED,
        SettingsMoved: HTTPStatus.PRECONDITION_FAILED,
        PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
        Rejected: HTTPStatus.UNPROCESSABLE_ENTITY,
        Missing: HTTPStatus.NOT_FOUND,
        Conflict: HTTPStatus.CONFLICT,
        Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
        SigningRefused: HTTPStatus.CONFLICT,
        SigningUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
        KeyUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
        GostNotInstalled: HTTPStatus.NOT_IMPLEMENTED,
    }
)

TITLES: Mapping[int, str] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: Unread.title,
        HTTPStatus.NOT_FOUND: "Такого адреса нет",
        HTTPStatus.METHOD_NOT_ALLOWED: "Этот метод здесь не поддерживается",
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: "Такой части файла нет",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Тело запроса слишком велико",
    }
)

DETAILS: Mapping[int, str] = MappingProxyType(
    {
        HTTPStatus.NOT_FOUND: "Проверьте адрес: все адреса перечислены на странице /v1/docs.",
        HTTPStatus.METHOD_NOT_ALLOWED: "Возьмите метод из заголовка Allow.",
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: "Длина файла названа в Content-Range: "
        "попросите часть внутри неё.",
    }
)


def answer_for(app: Flask) -> None:
    """Have every expected error, and every surprise, answered as a problem."""
    for family, status in STATUS.items():
        app.register_error_handler(family, partial(_expected, status))
    app.register_error_handler(HTTPException, http_problem)
    app.register_error_handler(Exception, surprise)


def status_of(error: ServiceError | SigningError) -> HTTPStatus:
    """Return the status an expected error is answered with."""
    return next(STATUS[family] for family in type(error).__mro__ if family in STATUS)


def wait_of(error: ServiceError | SigningError) -> int | None:
    """Return after how many seconds it is worth asking again, None if that is not the trouble."""
    if isinstance(error, InProgress | TooMany | LoginThrottled | Crowded):
        return error.wait
    passes = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}
    return RETRY_AFTER if status_of(error) in passes else None


def problem(error: ServiceError | SigningError) -> Response:
    """Return how an expected error is told."""
    return _expected(status_of(error), error)


def _expected(status: HTTPStatus, error: ServiceError | SigningError) -> Response:
    told = Problem(
        type=TYPE.format(code=error.code),
        title=error.title,
        status=status,
        detail=(error.outside if isinstance(error, ServiceError) else "") or str(error),
        code=error.code,
    )
    if isinstance(error, Rejected) and error.faults:
        shown = [
            FaultShown(pointer=f.pointer, code=f.code, message=f.message) for f in error.faults
        ]
        told = told.model_copy(update={"errors": shown, "errors_total": error.total})
    response = _answer(told)
    if (wait := wait_of(error)) is not None:
        response.headers["Retry-After"] = str(wait)
    lacks = f', error="{error.lacks}"' if isinstance(error, Denied) and error.lacks else ""
    if status == HTTPStatus.UNAUTHORIZED or lacks:
        response.headers["WWW-Authenticate"] = f'Bearer realm="vedomost"{lacks}'
    return response


def http_problem(error: HTTPException) -> Response:
    """Return how an error of the way to a view is told."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    code = HTTPStatus(status).phrase.lower().replace(" ", "-")
    told = Problem(
        type=TYPE.format(code=code),
        title=TITLES.get(status, HTTPStatus(status).phrase),
        status=status,
        detail=DETAILS.get(status),
        code=code,
    )
    response = _answer(told)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "content-range"}:
            response.headers[name] = value
    return response


def surprise(error: Exception) -> Response:
    """Return how an error of our own is told; what it was, the log says."""
    LOG.error("unforeseen: %s", frames(error))
    return _answer(
        Problem(
            type=TYPE.format(code="internal-error"),
            title="Внутренняя ошибка",
            status=HTTPStatus.INTERNAL_SERVER_ERROR,
            detail="Повторите запрос; если не поможет, сообщите администратору номер запроса "
            "из заголовка X-Request-Id.",
            code="internal-error",
        )
    )


def _answer(told: Problem) -> Response:
    head: dict[str, Any] = {"status": told.status, "content_type": MEDIA_TYPE}
    return Response(told.model_dump_json(exclude_none=True), **head)
