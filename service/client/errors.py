"""What a call may end in, in the service's own words, by the four families."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import httpx

from service.domain.errors import Conflict, Fault, Missing, Rejected, Unavailable

SHOWN = 5  # faults told in a message


class Answered:
    """What the service itself says of its refusal: status and stable code (RFC 9457).

    Without an answer, or with one that is no problem, they are 0 and empty.
    """

    status = 0
    problem = ""


class AddressWrong(Rejected):
    """What was given is no address of a service, or not of what is wanted."""

    code = "address-wrong"
    title = "Адрес не годится"


class ServiceRefused(Answered, Rejected):
    """The service did not accept the request."""

    code = "service-refused"
    title = "Служба не приняла запрос"


class NotThere(Answered, Missing):
    """The service knows no such thing."""

    code = "not-there"
    title = "Не найдено"


class NotNow(Answered, Conflict):
    """It cannot be done so, or not now."""

    code = "not-now"
    title = "Сейчас это сделать нельзя"


class ServiceSilent(Answered, Unavailable):
    """The service does not answer, or answers what its contract does not say."""

    code = "service-silent"
    title = "Служба не отвечает"


Refusal = ServiceRefused | NotThere | NotNow | ServiceSilent
FAMILIES: Mapping[int, type[Refusal]] = MappingProxyType(
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


def refusal(answer: httpx.Response) -> Refusal:
    """Return the error an answer stands for, with what the service said (RFC 9457)."""
    problem = _problem(answer)
    error = FAMILIES.get(answer.status_code, ServiceRefused)(_said(answer.status_code, problem))
    error.status = answer.status_code
    error.problem = str(problem.get("code", ""))
    if isinstance(error, ServiceRefused):
        error.faults = tuple(_faults(problem))
        error.total = int(problem.get("errors_total") or len(error.faults))
    return error


def _problem(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        told = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _said(status: int, problem: Mapping[str, Any]) -> str:
    if not (problem.get("detail") or problem.get("title")):
        return f"Ответ {status} без объяснения: проверьте адрес."
    told = str(problem.get("detail") or problem["title"])
    shown = "; ".join(f"{one.pointer}: {one.message}" for one in list(_faults(problem))[:SHOWN])
    return f"{told} {shown}".strip()


def _faults(problem: Mapping[str, Any]) -> Iterator[Fault]:
    for one in problem.get("errors") or ():
        if isinstance(one, dict) and "pointer" in one and "message" in one:
            yield Fault(one["pointer"], str(one.get("code", "")), one["message"])
