"""Every request is watched: its id is in every line of the log, its route in figures and traces."""

from __future__ import annotations

import logging
import re
import secrets
from contextlib import ExitStack
from http import HTTPStatus
from time import perf_counter

from flask import Flask, Response, g, request

from service.observing.context import bound
from service.observing.watch import Watch

LOG = logging.getLogger("vedomost.web")

NAMED = frozenset({"school", "job", "document", "run", "webhook", "delivery", "signing", "package"})
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
UNKNOWN = "-"  # instead of a route's template, where there is none


def watch_requests(app: Flask, watch: Watch) -> None:
    """Give each request an id and a span, and tell how it was answered."""

    def begin() -> None:
        g.began = perf_counter()
        sent = request.headers.get("X-Request-Id", "")
        g.request_id = sent if REQUEST_ID.fullmatch(sent) else secrets.token_hex(8)
        g.watched = ExitStack()
        g.watched.enter_context(bound(request=g.request_id))
        headers = {name.lower(): value for name, value in request.headers.items()}
        g.span = g.watched.enter_context(watch.tracer.span(f"{request.method} {_route()}", headers))

    def end(response: Response) -> Response:
        took, status = perf_counter() - g.began, response.status_code
        response.headers["X-Request-Id"] = g.request_id
        with bound(**(_named() if status < HTTPStatus.BAD_REQUEST else {})):
            LOG.info("%s %s %d %.0f ms", request.method, _route(), status, took * 1000)
        watch.meters.request(request.method, _route(), status, took)
        g.span.note(method=request.method, route=_route(), status=status)
        return response

    def leave(_error: BaseException | None) -> None:
        if "watched" in g:
            g.pop("watched").close()

    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(leave)


def _route() -> str:
    return request.url_rule.rule if request.url_rule else UNKNOWN


def _named() -> dict[str, str]:
    """Return the ids in the address of a request that found what they name."""
    return {name: str(one) for name, one in (request.view_args or {}).items() if name in NAMED}
