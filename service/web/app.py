"""The web application: routes, errors, headers, and nothing of the work itself."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time

from flask import Flask, Response, g, request

from service.bootstrap.serving import VERSION, Service
from service.domain.rights import Right
from service.domain.schema import schema
from service.web import office, openapi
from service.web.evidence import Evidence
from service.web.gate import Gate
from service.web.idempotency import Once
from service.web.models import Health
from service.web.operations import JSON, Answer, Operation, endpoint
from service.web.packages import Packages
from service.web.papers import Papers
from service.web.printing import Printing
from service.web.problems import answer_for
from service.web.readiness import Readiness, readiness
from service.web.signing import Signing
from service.web.signing_sessions import SigningSessions
from service.web.snapshots import Snapshots
from service.web.tokens import Tokens
from service.web.verifying import Verifying

LOG = logging.getLogger("vedomost.web")

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def create_app(service: Service) -> Flask:
    """Return the application over working parts."""
    app = Flask("vedomost", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    answer_for(app)
    known = (
        *Snapshots(service).operations(),
        *Printing(service).operations(),
        *Papers(service).operations(),
        *Evidence(service).operations(),
        *Packages(service).operations(),
        *Signing(service).operations(),
        *SigningSessions(service).operations(),
        *Verifying(service).operations(),
        *Tokens(service).operations(),
    )
    gate = Gate(
        {token.id: token for token in service.settings.tokens}, service.database, service.clock
    )
    once = Once(service.database, service.clock)
    for number, operation in enumerate((*known, *_about(service, known))):
        app.add_url_rule(
            operation.path,
            f"{number}",
            endpoint(operation, request, gate, once),
            methods=[operation.method],
        )
    office.serve(app, service.settings.web.plugin)
    app.before_request(_begin)
    app.after_request(_end)
    return app


def _about(service: Service, known: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """Return the routes that tell about the service itself."""

    def live() -> Answer:
        return Answer(Health(status="ok"))

    def ready() -> Answer:
        return readiness(service.health)

    def described() -> Response:
        return _json(described_once, "application/vnd.oai.openapi+json;version=3.1")

    def snapshot() -> Response:
        return _json(schema_once, "application/schema+json")

    def route(path: str, view: object, summary: str) -> Operation:
        told: dict[int, object] = {200: JSON if view in {described, snapshot} else Health}
        if view is ready:
            told = {200: Readiness, 503: Readiness}
        return Operation("GET", path, Right.PUBLIC, view, summary, told)  # type: ignore[arg-type]

    routes = (
        route("/livez", live, "Служба запущена"),
        route("/readyz", ready, "Служба готова"),
        route("/v1/openapi.json", described, "Это описание"),
        route("/v1/schemas/snapshot", snapshot, "Схема снимка журнала"),
    )
    described_once = json.dumps(openapi.description((*known, *routes), VERSION), ensure_ascii=False)
    schema_once = json.dumps(schema(), ensure_ascii=False)
    return routes


def _json(body: str, content_type: str) -> Response:
    return Response(body, content_type=content_type)


def _begin() -> None:
    g.began = time.monotonic()
    sent = request.headers.get("X-Request-Id", "")
    g.request_id = sent if REQUEST_ID.fullmatch(sent) else secrets.token_hex(8)


def _end(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = g.request_id
    response.headers.setdefault("Cache-Control", "no-store")
    rule = request.url_rule.rule if request.url_rule else "-"
    took = (time.monotonic() - g.began) * 1000
    LOG.info("%s %s %s %d %.0f ms", g.request_id, request.method, rule, response.status_code, took)
    return response
