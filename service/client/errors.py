"""What a call may end in, in the service's own words, by the four families."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import httpx

from service.domain.errors import Conflict, Missing, Rejected, ServiceError, Unavailable

SHOWN = 5  # faults told in a message


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
    """It cannot be done so, or not now."""

    code = "not-now"
    title = "Сейчас это сделать нельзя"


class ServiceSilent(Unavailable):
    """The service does not answer, or answers what its contract does not say."""

    code = "service-silent"
    title = "Служба не отвечает"


FAMILIES: Mapping[int, type[ServiceError]] = MappingProxyType(
    {
        HTTPStatus.NOT_FOUND: NotThere,
        HTTPStatus.CONFLICT: NotNow,
        HTTPStatus.PRECONDITION_FAILED: NotNow,
        HTTPStatus.TOO_MANY_REQUESTS: ServiceSilent,
        HTTPStatus.BAD_GATEWAY: ServiceSilent,
        HTTPStatus.SERVICE_UNAVAILABLE: ServiceSilent,
        HTTPStatus.GATEWAY_TIMEOUT: ServiceSilent,
    }
)


def refusal(answer: httpx.Response) -> ServiceError:
    """Return the error an answer stands for, with what the service said (RFC 9457)."""
    return FAMILIES.get(answer.status_code, ServiceRefused)(_said(answer))


def _said(answer: httpx.Response) -> str:
    try:
        problem = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
    except ValueError:
        problem = {}
    if not isinstance(problem, dict) or not (problem.get("detail") or problem.get("title")):
        return f"Ответ {answer.status_code} без объяснения: проверьте адрес."
    told = str(problem.get("detail") or problem["title"])
    return f"{told} {_faults(problem)}".strip()


def _faults(problem: Mapping[str, Any]) -> str:
    listed = problem.get("errors") or []
    return "; ".join(
        f"{one['pointer']}: {one['message']}"
        for one in listed[:SHOWN]
        if isinstance(one, dict) and "pointer" in one and "message" in one
    )
