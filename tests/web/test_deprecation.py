"""An operation that goes says so in its headers, in the description and on its page."""

from __future__ import annotations

import copy
from datetime import date

import pytest
from flask import Flask, Response

from service.domain.access.rights import Right
from service.domain.errors import Missing
from service.web.docs.page import page
from service.web.http.deprecation import Deprecation, announced
from service.web.http.models import Health
from service.web.http.operations import Answer, Operation
from service.web.http.problems import answer_for
from service.web.openapi import description
from service.web.openapi.compatible import breaks

GOING = Deprecation(date(2027, 6, 1), date(2028, 8, 1), "/v2/kinds")
HEADERS = {
    "Deprecation": "@1811808000",
    "Sunset": "Tue, 01 Aug 2028 00:00:00 GMT",
    "Link": '</v2/kinds>; rel="successor-version"',
}


def view(what: str = "") -> Response:
    if what:
        raise Missing("Такого нет.")
    return Response("здесь")


def test_every_answer_says_it() -> None:
    app = Flask("leaving")
    answer_for(app)
    app.add_url_rule("/<what>", "lost", announced(view, GOING))
    app.add_url_rule("/", "here", announced(view, GOING))
    app.add_url_rule("/stays/", "stays", announced(view, None))
    client = app.test_client()
    for path, status in (("/", 200), ("/lost", 404)):
        answer = client.get(path)
        assert answer.status_code == status
        assert HEADERS.items() <= dict(answer.headers).items()
    assert not HEADERS.keys() & dict(client.get("/stays/").headers).keys()


def test_description_says_it_and_lets_it_go_in_time() -> None:
    leaving = Operation(
        "GET",
        "/v1/kinds",
        Right.PUBLIC,
        lambda: Answer(Health(status="ok")),
        "Виды документов",
        {200: Health},
        deprecated=GOING,
    )
    document = description([leaving], "1")
    told = document["paths"]["/v1/kinds"]["get"]
    assert (told["deprecated"], told["x-sunset"]) == (True, "2028-08-01")
    assert {*HEADERS} <= told["responses"]["200"]["headers"].keys()
    assert "Операция устарела и исчезнет 2028-08-01; вместо неё — <code>/v2/kinds" in page(document)
    gone = copy.deepcopy(document) | {"paths": {}}
    assert breaks(document, gone, date(2028, 7, 31)) == ["GET /v1/kinds: is gone"]
    assert breaks(document, gone, date(2028, 8, 1)) == []


def test_nobody_is_hurried() -> None:
    with pytest.raises(ValueError, match="365"):
        Deprecation(date(2027, 6, 1), date(2027, 12, 1))
