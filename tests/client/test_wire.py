"""Requests on a real wire: sent again under one key, told of in words, never to strangers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from werkzeug import Request, Response
from werkzeug.serving import make_server

from service.client.errors import NotNow, NotThere, ServiceRefused, ServiceSilent
from service.client.shapes import Told
from service.client.told import RejectionAsked
from service.client.wire import PACKED, Wire, connect
from service.domain.errors import ServiceError

Answers = list[Response]
KIND = {"status": "ok", "later": "left alone"}


class Health(Told):
    status: str


class Far:
    """A service that answers what a test lays before it, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: Answers = []
        self.asked: list[Request] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        request = Request(environ)
        request.get_data()
        self.asked.append(request)
        return self.answers.pop(0)(environ, start)

    def lay(self, status: int, told: object, **headers: str) -> None:
        kind = "application/json" if status < 400 else "application/problem+json"
        self.answers.append(Response(json.dumps(told), status, headers, content_type=kind))


@pytest.fixture
def far() -> Far:
    return Far()


@pytest.fixture
def wire(far: Far) -> Iterator[Wire]:
    server = make_server("127.0.0.1", 0, far)
    thread = Thread(target=server.serve_forever)
    thread.start()
    with connect(f"http://127.0.0.1:{server.server_port}") as http:
        yield Wire(http, "vd_x_y", patience=5)
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_comes_to_nothing_is_sent_again_under_one_key(far: Far, wire: Wire) -> None:
    far.lay(503, {"title": "Занято"})
    far.lay(200, KIND)
    told = wire.told(
        Health, "POST", "/v1/documents/{document}/rejection", {"document": "d/1"}, asked=REASON
    )
    assert told.status == "ok"
    first, second = far.asked
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert first.environ["REQUEST_URI"] == "/v1/documents/d%2F1/rejection"
    assert json.loads(second.data) == {"reason": REASON.reason}
    far.lay(200, KIND)
    wire.told(Health, "POST", "/v1/kinds", asked=REASON)
    assert far.asked[2].headers["Idempotency-Key"] != first.headers["Idempotency-Key"]


REASON = RejectionAsked(reason="Нет подписи")


def test_patience_has_an_end(far: Far, wire: Wire) -> None:
    hurried = Wire(wire.http, wire.token)
    far.lay(429, {"title": "Слишком часто", "detail": "Подождите."})
    with pytest.raises(ServiceSilent, match="Подождите"):
        hurried.told(Health, "GET", "/v1/kinds")
    assert len(far.asked) == 1
    with connect("http://127.0.0.1:9") as http, pytest.raises(ServiceSilent, match="нет связи"):
        Wire(http, "vd_x_y").told(Health, "GET", "/v1/kinds")


@pytest.mark.parametrize(
    ("status", "error"), [(404, NotThere), (409, NotNow), (412, NotNow), (422, ServiceRefused)]
)
def test_problems_are_told_in_the_services_words(
    far: Far, wire: Wire, status: int, error: type[ServiceError]
) -> None:
    fault = {"pointer": "/class", "code": "unknown", "message": "Такого класса нет."}
    far.lay(status, {"title": "Нет", "detail": "Исправьте.", "errors": [fault]})
    with pytest.raises(error, match=r"Исправьте\. /class: Такого класса нет\."):
        wire.told(Health, "GET", "/v1/kinds")


def test_large_bodies_are_packed(far: Far, wire: Wire) -> None:
    far.lay(200, KIND)
    body = b'{"a": "' + b"x" * PACKED + b'"}'
    wire.told(Health, "POST", "/v1/schools/{school}/snapshots", {"school": "s"}, body=body)
    (asked,) = far.asked
    assert asked.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(asked.data) == body


def test_strangers_get_no_token(far: Far, wire: Wire) -> None:
    for link in ("//elsewhere.example/v1/x", "https://elsewhere.example/v1/x", "/else"):
        with pytest.raises(ServiceSilent, match="не служба"):
            wire.linked(link)
    far.answers.append(Response("<html>", 200))
    with pytest.raises(ServiceSilent, match="не служба"):
        wire.told(Health, "GET", "/v1/kinds")
    far.answers.append(Response(status=302, headers={"Location": "/v1/other"}))
    with pytest.raises(ServiceRefused, match="302"):
        wire.told(Health, "GET", "/v1/kinds")
    assert len(far.asked) == 2
