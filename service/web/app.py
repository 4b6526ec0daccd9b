"""The web application: routes, errors, headers, and nothing of the work itself."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.routing import BaseConverter

from service.bootstrap.serving import Service
from service.domain.access.rights import Right
from service.web.docs.routes import Docs
from service.web.documents.copies import Copies
from service.web.documents.packages import Packages
from service.web.documents.routes import Documents
from service.web.documents.snapshots import Snapshots
from service.web.http.addresses import require_plain
from service.web.http.deprecation import announced
from service.web.http.gate import Gate, origin, pinned
from service.web.http.idempotency import Once
from service.web.http.limits import Limits, tell
from service.web.http.lives import Life
from service.web.http.lost import answer_the_lost
from service.web.http.models import Health
from service.web.http.operations import Answer, Operation, endpoint
from service.web.http.problems import answer_for
from service.web.http.proxied import Proxied
from service.web.http.safe import safe
from service.web.jobs.routes import Jobs
from service.web.people.accounts import Accounts
from service.web.people.login_page import LoginPage
from service.web.people.oidc import Oidc
from service.web.people.password_page import PasswordPage
from service.web.people.routes import People
from service.web.people.tokens import Tokens
from service.web.readiness import Readiness, readiness
from service.web.runs.calendar import RunCalendar
from service.web.runs.plan import Plans
from service.web.runs.routes import Runs
from service.web.schools.audit import Audit
from service.web.schools.routes import Schools
from service.web.signing.office import Office
from service.web.signing.routes import Signing
from service.web.signing.sessions import SigningSessions
from service.web.verifying.evidence import Evidence
from service.web.verifying.routes import Verifying
from service.web.watching import watch_requests
from service.web.webhooks.routes import Webhooks


class Part(BaseConverter):
    """A part of an address that names a thing: never a word another address has in its place."""

    part_isolating = True
    regex = "(?!detached$)[^/]+"


def create_app(service: Service) -> Flask:
    """Return the application over working parts."""
    app = Flask("vedomost", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.converters["default"] = Part
    app.url_map.merge_slashes = False  # `//v1` is no `/v1`, and nobody is sent there
    answer_for(app)
    limits = Limits(service.settings)
    access = service.settings.access
    gate = Gate(
        given={token.id: token for token in service.settings.tokens},
        pinned=pinned(service.settings),
        database=service.database,
        clock=service.clock,
        log_in=service.log_in,
        limits=limits,
        origin=origin(service.settings.web.public_url),
    )
    login = LoginPage(service, limits, gate)
    known = (
        *Snapshots(service).operations(),
        *Schools(service).operations(),
        *Audit(service).operations(),
        *Jobs(service).operations(),
        *Documents(service).operations(),
        *Copies(service).operations(),
        *Evidence(service).operations(),
        *Packages(service).operations(),
        *Signing(service).operations(),
        *SigningSessions(service).operations(),
        *Verifying(service, limits).operations(),
        *Tokens(service).operations(),
        *Runs(service).operations(),
        *RunCalendar(service).operations(),
        *Plans(service).operations(),
        *Webhooks(service).operations(),
        *Accounts(service).operations(),
        *People(service, limits).operations(),
        *Oidc(service, limits, app, login).operations(),
        *_health(service),
    )
    once = Once(service.database, service.clock, Life(service.settings.data))
    operations = (*known, *Docs(known).operations())
    readable = {one.path: one for one in operations if one.reads}
    for number, operation in enumerate(operations):
        view = endpoint(operation, request, gate, once, readable)
        app.add_url_rule(
            operation.path,
            f"{number}",
            announced(view, operation.deprecated),
            methods=[operation.method],
        )
    login.serve(app)
    PasswordPage(service, gate).serve(app)
    Office(service, gate).serve(app, service.settings.web.plugin)
    answer_the_lost(app)
    proxies = access.proxy.addresses if access.proxy else ()
    app.wsgi_app = Proxied(app.wsgi_app, proxies)  # type: ignore[method-assign]
    watch_requests(app, service.watch)
    app.before_request(lambda: require_plain(request))
    app.after_request(_safe)
    return app


def _health(service: Service) -> tuple[Operation, ...]:
    """Return the routes that tell how the service is."""

    def live() -> Answer:
        return Answer(Health(status="ok"))

    def ready() -> Answer:
        return readiness(service.health)

    return (
        Operation("GET", "/livez", Right.PUBLIC, live, "Служба запущена", {200: Health}),
        Operation(
            "GET",
            "/readyz",
            Right.PUBLIC,
            ready,
            "Служба готова",
            {200: Readiness, 503: Readiness},
        ),
    )


def _safe(response: Response) -> Response:
    tell(response)
    return safe(response)
