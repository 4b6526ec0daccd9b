"""What Schemathesis cannot think of by itself: a PDF, ids that exist, what a key makes, a login.

Where one request follows another, requests are the examples of the description, told of what is
real: so the afternoon of the examples is walked in any order. Every call is written to `$WALKED`.
"""

from __future__ import annotations

import base64
import copy
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.generation.meta import TestPhase

from service.web.openapi.examples import examples
from signing.keys import Pkcs12Key

PDF = st.one_of(
    st.sampled_from((b"%PDF-1.7\n%%EOF\n", b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\n%%EOF")),
    st.binary(max_size=200).map(b"%PDF-1.7\n".__add__),
)
PASSPHRASE = "пароль"
OFFICE = ("deputy", "seal", "director")
KINDS = ("class-results", "final-summary", "class-register")

schemathesis.openapi.media_type("application/pdf", PDF)


@dataclass
class Client:
    """What one who integrates a journal has at hand: answers so far, and keys of who signs."""

    keys: Path | None
    real: dict[str, str] = field(default_factory=dict)  # ids, by parameter
    leads: dict[str, dict[str, str]] = field(default_factory=dict)  # by operation: what to put in
    documents: dict[str, Any] = field(default_factory=dict)
    sessions: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)  # by operation
    cookie: str = ""
    numbers: count[int] = field(default_factory=count)

    def learn(self, operation: str, told: Any, content: bytes) -> None:
        """Keep what an answer tells."""
        self.files[operation] = content
        if not isinstance(told, dict):
            return
        for listed in ("documents", "packages"):
            for one in told.get(listed, ()):
                self._meet(listed, one)
        if "turn" in told and "id" in told:
            self._meet("documents", told)
        if operation.endswith("_snapshot") and "classes" in told:
            self.real["snapshot"] = told["id"]
        if operation in {"get_package", "create_package"}:
            self.real["package"] = told["id"]
        if operation == "begin_signature" or "_signing_session" in operation:
            self.sessions[told["id"]] = told
        if operation == "create_account":
            self.real["login"] = told["login"] or self.real.get("login", "")

    def follow(self, links: dict[str, Any], places: dict[str, Any], answer: Any, tag: str) -> None:
        """Keep where the links of an answer lead."""
        for link in links.values():
            given = {
                name: _resolved(where, places, answer, tag)
                for name, where in link["parameters"].items()
            }
            told_by_us = "operationId" in link  # Schemathesis adds links it guesses
            if told_by_us and all(isinstance(one, str) for one in given.values()):
                self.leads[link["operationId"]] = given

    def _meet(self, listed: str, one: Any) -> None:
        if listed == "packages":
            self.real["package"] = one["id"]
        elif isinstance(one, dict) and "turn" in one:
            self.documents[one["id"]] = one

    def asks(self, operation: str, places: dict[str, Any]) -> Any:
        """Return the body an operation's example becomes among what is real; None if none does."""
        body = copy.deepcopy(examples().of(operation).request)
        own: Callable[[Any, dict[str, Any]], Any] | None = getattr(self, f"_{operation}", None)
        return own(body, places) if own else body

    def _order_document(self, body: Any, _: dict[str, Any]) -> Any:
        kind = KINDS[next(self.numbers) % len(KINDS)]
        found = {"snapshot": self.real["snapshot"], "class": body["class"], "kind": kind}
        return found | ({"term": body["term"]} if kind == "class-results" else {})

    def _begin_signature(self, _: Any, places: dict[str, Any]) -> Any:
        turn = self.documents.get(places["document"], {}).get("turn") or "deputy"
        return {"role": turn, "certificates": self._announced(turn)}

    def _complete_signature(self, _: Any, places: dict[str, Any]) -> Any:
        begun = self.sessions[places["signing"]]
        return {"value": self._value(begun["role"], begun["to_sign"])}

    def _create_signing_session(self, _: Any, __: dict[str, Any]) -> Any:
        role = OFFICE[next(self.numbers) % len(OFFICE)]
        waiting = [one["id"] for one in self.documents.values() if one["turn"] == role]
        if not waiting and "package" in self.real:
            return {"role": "director", "packages": [self.real["package"]]}
        return {
            "role": role,
            "documents": waiting[:2] or [_first(self.documents)],
            "certificates": self._announced(role),
        }

    def _join_signing_session(self, _: Any, places: dict[str, Any]) -> Any:
        return {"certificates": self._announced(self.sessions[places["signing"]]["role"])}

    def _sign_session_document(self, _: Any, places: dict[str, Any]) -> Any:
        return self._answers(places["signing"], "document", places["document"])

    def _sign_session_package(self, _: Any, places: dict[str, Any]) -> Any:
        return self._answers(places["signing"], "package", places["package"])

    def _sign_session_items(self, _: Any, places: dict[str, Any]) -> Any:
        session = self.sessions[places["signing"]]
        return {
            "items": [
                {name: one[name]} | self._answers(session["id"], name, one[name])
                for one in session["items"]
                for name in ("document", "package")
                if one[name]
            ]
        }

    def _answers(self, signing: str, name: str, which: str) -> Any:
        session = self.sessions[signing]
        (item,) = (one for one in session["items"] if one[name] == which)
        made = {
            part["file"]: {"value": self._value(session["role"], part["to_sign"])}
            for part in item["parts"] or ()
        }
        if not made:
            raise KeyError(which)
        return {"answers": made}

    def _create_package(self, _: Any, __: dict[str, Any]) -> Any:
        every = self.documents.values()
        return {"documents": [_first(one["id"] for one in every if one["state"] == "archived")]}

    def _verify_file(self, _: Any, __: dict[str, Any]) -> Any:
        return self.files["get_document_pdf"]

    def _verify_detached(self, _: Any, __: dict[str, Any]) -> Any:
        signed = self.files["get_package_manifest"]
        signature = base64.b64encode(self.files["get_package_signature"]).decode()
        return {"signature": signature, "digests": {"sha256": sha256(signed).hexdigest()}}

    def _create_school(self, body: Any, _: dict[str, Any]) -> Any:
        return body | {"id": f"sosh{100 + next(self.numbers)}"}

    def _create_account(self, body: Any, _: dict[str, Any]) -> Any:
        number = next(self.numbers)
        return body | {"login": f"gromova{number}", "subject": f"{number}"}

    def _replace_account(self, body: Any, _: dict[str, Any]) -> Any:
        return self._create_account(body, _)

    def _log_in(self, body: Any, _: dict[str, Any]) -> Any:
        return body | {"login": self.real["login"]}

    def _create_webhook(self, body: Any, _: dict[str, Any]) -> Any:
        return body | {"url": "http://127.0.0.1:9/events"}

    def _replace_webhook(self, body: Any, _: dict[str, Any]) -> Any:
        return self._create_webhook(body, _)

    def _announced(self, role: str) -> list[str]:
        key = self._key(role)
        return [base64.b64encode(one.dump()).decode() for one in (key.certificate, *key.chain)]

    def _value(self, role: str, to_sign: str) -> str:
        return base64.b64encode(self._key(role).sign(base64.b64decode(to_sign))).decode()

    def _key(self, role: str) -> Pkcs12Key:
        if self.keys is None:
            raise KeyError(role)
        return Pkcs12Key.open((self.keys / f"{role}.p12").read_bytes(), PASSPHRASE)


CLIENT = Client(Path(os.environ["KEYS"]) if "KEYS" in os.environ else None)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Where requests follow one another, send what somebody would who remembers the answers."""
    meta = case.meta
    if meta is None or meta.phase.name is not TestPhase.STATEFUL:
        return
    if meta.generation.mode is not GenerationMode.POSITIVE:
        return
    needed = {one.name for one in case.operation.iter_parameters() if one.is_required}
    case.headers = {name: told for name, told in case.headers.items() if name in needed}
    case.query = {name: told for name, told in case.query.items() if name in needed}
    for name, value in CLIENT.leads.get(_name(case), {}).items():
        place = case.headers if name.startswith("header.") else case.path_parameters
        place[name.removeprefix("header.")] = value
    try:
        body = CLIENT.asks(_name(case), case.path_parameters or {})
    except (KeyError, ValueError):  # nothing known yet to speak of
        return
    if body is not None:
        case.body = body


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Remember the answer, and write down that the call was made."""
    name = _name(case)
    kind = response.headers.get("content-type", [""])[0]
    told = json.loads(response.content) if kind.endswith("json") else {}
    if response.status_code < 300:
        CLIENT.learn(name, told, response.content)
        answers = case.operation.definition.raw["responses"]
        links = answers.get(str(response.status_code), {}).get("links", {})
        tag = response.headers.get("etag", [""])[0]
        CLIENT.follow(links, case.path_parameters or {}, told, tag)
    code = told.get("code", "") if response.status_code >= 400 else ""
    if "WALKED" in os.environ and case.meta is not None:
        call = {"phase": case.meta.phase.name.value, "operation": name}
        call |= {"status": response.status_code, "code": code}
        with Path(os.environ["WALKED"]).open("a", encoding="utf-8") as walked:
            walked.write(json.dumps(call) + "\n")


def _resolved(where: str, places: dict[str, Any], answer: Any, tag: str) -> Any:
    """Return what a runtime expression of a link stands for (OpenAPI 3.1, 4.8.20.4)."""
    source, _, pointer = where.partition("#/")
    if source == "$response.header.ETag":
        return tag
    if source.startswith("$request.path."):
        return places.get(source.removeprefix("$request.path."))
    for step in pointer.split("/"):
        try:
            answer = answer[int(step) if isinstance(answer, list) else step]
        except (IndexError, KeyError, TypeError):
            return None
    return answer


def _first(several: Iterable[str]) -> str:
    for one in several:
        return one
    raise KeyError("none")


def _name(case: Any) -> str:
    return str(case.operation.definition.raw["operationId"])
