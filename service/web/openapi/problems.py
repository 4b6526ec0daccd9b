"""Which problems an operation may answer with: statuses, stable codes, their titles."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from service.domain.errors import ServiceError
from service.web.http.cursors import Paged
from service.web.http.html import HTML
from service.web.http.operations import Operation
from service.web.http.problems import MEDIA_TYPE, STATUS, TITLES
from service.web.openapi.headers import named
from service.web.openapi.lexicon import lexicon
from service.web.openapi.models import REF
from service.web.openapi.names import path_of
from signing.errors import SigningError

HTTP = (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
ANYWHERE = (  # besides any operation's own
    *("expectation-unknown", "http-version-unknown", "method-not-allowed", "missing", "not-found"),
    *("rejected", "service-away", "transfer-coding-unknown"),
)
REMEDIES = Path(__file__).with_name("remedies.toml")
EXTRA = {
    HTTPStatus.CONFLICT: ("Retry-After",),
    HTTPStatus.UNAUTHORIZED: ("WWW-Authenticate",),
    HTTPStatus.FORBIDDEN: ("WWW-Authenticate",),
    HTTPStatus.TOO_MANY_REQUESTS: ("Retry-After",),
    HTTPStatus.SERVICE_UNAVAILABLE: ("Retry-After",),
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: ("Content-Range",),
}
SECURED = ("unauthorized", "forbidden", "not-found", "password-change-required")
BODY = (
    "malformed-json",
    "malformed-gzip",
    "body-interrupted",
    "too-large",
    "unsupported-media-type",
)
ONCE = ("idempotency-key-malformed", "idempotency-key-reused", "idempotency-in-progress")
ASIDE = ("crowded", "work-broke")  # of what is checked or drawn in processes of its own
ALWAYS = (
    *("bad-request", "headers-too-large", "request-timeout", "uri-too-long"),
    *("internal-error", "database-unavailable", "unavailable", "too-many-requests"),
)
INTERNAL = "internal-error"


def codes(one: Operation) -> list[str]:
    """Return the codes an operation may answer with, as far as known."""
    said = lexicon().of_operation(one.method, path_of(one.path))
    found = {*ALWAYS}
    if one.secured:
        found |= {*SECURED}
    if one.secured and "<school>" in one.path:
        found.add("school-missing")
    if one.asked is not None or one.takes:
        found |= {*BODY, "conflict"}
    if one.once:
        found |= {*ONCE}
    if one.asked is not None or one.strict:
        found.add("request-invalid")
    if one.arriving is not None or one.also:
        found |= {*ASIDE}
    if one.query is not None and issubclass(one.query, Paged):
        found.add("cursor-wrong")
    if (one.reads and not one.streams) or (one.compares and not one.reads):
        found.add("precondition-failed")
    if said.matched:
        found.add("precondition-required")
    if not one.reads and one.secured:
        found |= {"conflict", "cross-site", "disk-refuses"}
    if one.sends_file:
        found.add("conflict")
        if not said.whole:
            found.add(_http_code(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE))
    found |= {*said.problems}
    return sorted(found & known().keys(), key=lambda code: (known()[code][0], code))


def statuses(found: Iterable[str]) -> list[HTTPStatus]:
    """Return the statuses some codes come with."""
    return sorted({known()[code][0] for code in found})


def catalogue(found: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what some codes mean and what to do about them, by code; and those of any address."""
    every = known()
    return {
        code: {
            "status": every[code][0].value,
            "title": every[code][1],
            "remedy": remedy(code, every[code][0]),
        }
        for code in sorted({*found, *ANYWHERE})
    }


def remedy(code: str, status: HTTPStatus) -> str:
    """Return in Russian what whoever got a problem should do."""
    said = remedies()
    return said["code"].get(code) or said["status"][str(status.value)]


@cache
def remedies() -> dict[str, dict[str, str]]:
    """Return what to do by code, and by status where no code says it better."""
    return tomllib.loads(REMEDIES.read_text(encoding="utf-8"))


def responses() -> dict[str, Any]:
    """Return the answers with a problem, one for each status, as components."""
    return {
        component(status): _response(status)
        for status in sorted({status for status, _ in known().values()})
    }


def answers(one: Operation, found: Iterable[str]) -> dict[str, Any]:
    """Return an operation's answers with a problem, by status; a person may get it as a page."""
    pages = {HTML: {"schema": {"type": "string", "contentMediaType": HTML}}}
    return {
        str(status.value): _response(status, pages)
        if HTML in one.also
        else {"$ref": f"#/components/responses/{component(status)}"}
        for status in statuses(found)
        if status not in one.told
    }


def _response(status: HTTPStatus, besides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    problem = {MEDIA_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}}
    return {
        "description": lexicon().statuses[str(status.value)],
        "headers": named(*EXTRA.get(status, ())),
        "content": {**problem, **(besides or {})},
    }


def component(status: HTTPStatus) -> str:
    """Return the name of the answer of a status."""
    return status.phrase.removeprefix("Request-").title().replace(" ", "")


@cache
def known() -> dict[str, tuple[HTTPStatus, str]]:
    """Return status and title of every code that this process can answer with."""
    http = {_http_code(one): (one, TITLES[one]) for one in HTTP}
    internal = {INTERNAL: (HTTPStatus.INTERNAL_SERVER_ERROR, "Внутренняя ошибка")}
    families = (*_below(ServiceError), *_below(SigningError))
    return {one.code: (_status(one), one.title) for one in families} | http | internal


def _below(family: type[Any]) -> Iterator[type[Any]]:
    for one in family.__subclasses__():
        yield one
        yield from _below(one)


def _status(error: type[Exception]) -> HTTPStatus:
    given = (STATUS[one] for one in error.__mro__ if one in STATUS)
    return next(given, HTTPStatus.INTERNAL_SERVER_ERROR)


def _http_code(status: HTTPStatus) -> str:
    return status.phrase.lower().replace(" ", "-")
