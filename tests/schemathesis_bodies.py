"""What Schemathesis cannot think of by itself: a PDF, ids that exist, what a key makes, a login.

Where one request follows another, requests are the examples of the description, told of what is
real: so the afternoon of the examples is walked in any order. Every call is written to `$WALKED`.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import httpx
import schemathesis
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.generation.meta import TestPhase
from schemathesis_client import Client

PDF = st.one_of(
    st.sampled_from((b"%PDF-1.7\n%%EOF\n", b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\n%%EOF")),
    st.binary(max_size=200).map(b"%PDF-1.7\n".__add__),
)
CLIENT = Client(Path(os.environ["KEYS"]) if "KEYS" in os.environ else None)
if "PASSWORD" in os.environ:
    CLIENT.login = os.environ["LOGIN"]
    CLIENT.password = Path(os.environ["PASSWORD"]).read_text(encoding="utf-8")
TAG = "If-Match"
OF_THE_REGION = {"create_school"}  # what is made there is not seen from the school
OF_A_PERSON = {"change_password", "log_out"}  # there is nothing of the kind for a token
BY_COOKIE = bool(os.environ.get("BY_COOKIE"))
COOKIE = "vedomost"
NOBODY = "0" * 16
SHOWN = ("Authorization", "Sec-Fetch-Site")  # what says who asks, besides

schemathesis.openapi.media_type("application/pdf", PDF)


@schemathesis.auth(refresh_interval=None)
class Introduced:
    """Says who asks: by a token, or by the cookie of a person where that is wanted or needed."""

    def get(self, case: Any, _: Any) -> dict[str, str] | None:
        """Return what is sent; None where nobody has to say who asks."""
        told = case.operation.definition.raw.get("security")
        if not told or case.operation.schema.is_security_param_negated(case):
            return None
        name = _name(case)
        if name in OF_A_PERSON or (BY_COOKIE and name not in OF_THE_REGION):
            kept = _login() if name == "log_out" else _person()  # leaving ends no other login
            return {COOKIE: kept, "Sec-Fetch-Site": "same-origin"}
        return {"Authorization": f"Bearer {_token(name)}"}

    def set(self, case: Any, data: dict[str, str], _: Any) -> None:
        """Send it, and nothing made up in its place."""
        for name in (*SHOWN, COOKIE):
            place = case.cookies if name == COOKIE else case.headers
            place.pop(name, None)
            if name in data:
                place[name] = data[name]


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Where requests follow one another, send what somebody would who remembers the answers."""
    kwargs["allow_redirects"] = False  # where they lead, a browser goes
    _person()  # before a walk can come upon that account
    if case.method != "GET" and (case.path_parameters or {}).get("account") == CLIENT.untouched:
        case.path_parameters["account"] = NOBODY
    meta = case.meta
    if meta is None or meta.generation.mode is not GenerationMode.POSITIVE:
        return
    name, ends = _name(case), case.method == "DELETE"
    if meta.phase.name is not TestPhase.STATEFUL:
        if name == "log_in" and isinstance(case.body, dict):  # whoever guesses again, waits
            case.body = case.body | {"login": f"guest{uuid4().hex}"}
        elif name == "change_password" and isinstance(case.body, dict):
            case.body = case.body | {"old": CLIENT.password}
        return
    _look_around()
    needed = {one.name for one in case.operation.iter_parameters() if one.is_required}
    case.headers = {name: told for name, told in case.headers.items() if name in {*needed, *SHOWN}}
    case.query = {name: told for name, told in case.query.items() if name in needed}
    for parameter, value in CLIENT.places(name, ends).items():
        place = case.headers if parameter.startswith("header.") else case.path_parameters
        place[parameter.removeprefix("header.")] = value
    if name == "finish_oidc_login":
        case.query, case.cookies = _recognised()
    if TAG in needed:
        case.headers[TAG] = CLIENT.tags.get(case.formatted_path, case.headers.get(TAG, "*"))
    try:
        body = CLIENT.asks(name, case.path_parameters or {})
    except (KeyError, ValueError):  # nothing known yet to speak of
        return
    if body is not None:
        case.body = body


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Remember the answer, and write down that the call was made."""
    if case.meta is None or case.method != case.operation.method.upper():
        return  # a method that is not of this address
    name = _name(case)
    kind = response.headers.get("content-type", [""])[0]
    told = json.loads(response.content) if kind.endswith("json") else {}
    if response.status_code < 300 and name not in OF_THE_REGION:
        if name == "change_password":
            CLIENT.password = case.body["new"]
            Path(os.environ["PASSWORD"]).write_text(CLIENT.password, encoding="utf-8")
        CLIENT.learn(name, told, response.content)
        answers = case.operation.definition.raw["responses"]
        links = answers.get(str(response.status_code), {}).get("links", {})
        tag = response.headers.get("etag", [""])[0]
        if tag:
            CLIENT.tags[case.formatted_path] = tag
        made = case.method == "POST"
        CLIENT.follow(links, case.path_parameters or {}, told, tag, made=made)
    code = told.get("code", "") if response.status_code >= 400 else ""
    if "WALKED" in os.environ:
        call = {"phase": case.meta.phase.name.value, "operation": name}
        call |= {"status": response.status_code, "code": code, "path": case.formatted_path}
        with Path(os.environ["WALKED"]).open("a", encoding="utf-8") as walked:
            walked.write(json.dumps(call) + "\n")


def _look_around() -> None:
    """See how the documents are: the worker prints and keeps them meanwhile."""
    answer = _own().get("/v1/documents")
    if answer.is_success:
        CLIENT.learn("list_documents", answer.json(), answer.content)


@cache
def _own() -> httpx.Client:
    headers = {"Authorization": f"Bearer {os.environ['TOKEN']}"}
    return httpx.Client(base_url=os.environ["ADDRESS"], headers=headers)


@cache
def _person() -> str:
    """Return the cookie of whoever has every duty, and see to it that nobody ends that account."""
    kept = _login()
    told = httpx.get(f"{os.environ['ADDRESS']}/v1/me", cookies={COOKIE: kept}, timeout=60)
    CLIENT.untouched = told.json()["id"]
    return kept


def _login() -> str:
    asked = {"school": os.environ["SCHOOL"], "login": os.environ["LOGIN"]}
    told = httpx.post(
        f"{os.environ['ADDRESS']}/v1/login",
        json=asked | {"password": CLIENT.password},
        timeout=60,
    )
    assert told.is_success, told.text
    return str(told.cookies[COOKIE])


def _recognised() -> tuple[dict[str, str], dict[str, str]]:
    """Begin a login and be known to the provider; return how it sends the browser back."""
    begun = httpx.get(f"{os.environ['ADDRESS']}/v1/login/oidc", timeout=60)
    back = httpx.get(begun.headers["Location"], timeout=60).headers["Location"]
    return dict(parse_qsl(urlsplit(back).query)), dict(begun.cookies)


def _token(name: str) -> str:
    return os.environ["REGIONAL" if name in OF_THE_REGION else "TOKEN"]


def _name(case: Any) -> str:
    return str(case.operation.definition.raw["operationId"])
