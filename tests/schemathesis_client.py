"""What one who integrates a journal has at hand: the answers so far, and keys of who signs."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from service.web.openapi.examples import examples
from signing.keys import Pkcs12Key

PASSPHRASE = "пароль"
OFFICE = ("deputy", "seal", "director")
KINDS = ("class-results", "final-summary")  # printed within a second
KEPT = 20  # addresses that are remembered of an operation


@dataclass
class Client:
    """Knows where to send a request, and what, so that it follows from the answers before it."""

    keys: Path | None
    login: str = ""  # of whoever is logged in
    password: str = ""
    untouched: str = ""  # the account he is logged in with
    real: dict[str, str] = field(default_factory=dict)
    leads: dict[str, list[dict[str, str]]] = field(default_factory=dict)  # newest last
    made: dict[str, list[dict[str, str]]] = field(default_factory=dict)  # those to what we made
    tags: dict[str, str] = field(default_factory=dict)  # by address
    documents: dict[str, Any] = field(default_factory=dict)
    jobs: dict[str, Any] = field(default_factory=dict)
    begun: dict[str, Any] = field(default_factory=dict)  # signatures of one document
    sessions: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)  # by operation
    numbers: count[int] = field(default_factory=count)

    def learn(self, operation: str, told: Any, content: bytes) -> None:
        """Keep what an answer tells."""
        self.files[operation] = content
        if not isinstance(told, dict):
            return
        for met in (told, *_listed(told)):
            if "retention_years" in met and "turn" in met:
                self.documents[met["id"]] = met
            elif "percent" in met and "document" in met:
                self.jobs[met["id"]] = met
        if operation.endswith("_snapshot") and "classes" in told:
            self.real["snapshot"] = told["id"]
        elif operation in {"get_package", "create_package"}:
            self.real["package"] = told["id"]
        elif operation == "begin_signature":
            self.begun[told["id"]] = told
        elif operation.endswith(("_signing_session", "_session_document", "_session_package")):
            if "items" in told:
                self.sessions[told["id"]] = told
        elif operation in {"create_account", "replace_account"} and told["login"]:
            self.real["login"] = told["login"]

    def follow(
        self, links: dict[str, Any], places: dict[str, Any], answer: Any, tag: str, *, made: bool
    ) -> None:
        """Keep where the links of an answer lead."""
        for link in links.values():
            if "operationId" not in link:  # Schemathesis adds some that it guesses
                continue
            given = {
                name: _resolved(where, places, answer, tag)
                for name, where in link["parameters"].items()
            }
            several = self.made if made else self.leads
            leads = several.setdefault(link["operationId"], [])
            known = all(isinstance(one, str) for one in given.values())
            if known and given not in leads and self.untouched not in given.values():
                leads.append(given)
                del leads[:-KEPT]

    def places(self, operation: str, ends: bool) -> dict[str, str]:
        """Return the parameters of an operation: of what can be asked for it, or of the newest.

        What ends a thing is done to the oldest one, so that there is always one left.
        """
        leads = self.made.get(operation) or self.leads.get(operation, [])
        known = leads.pop(0) if ends and len(leads) > 1 else leads[-1] if leads else {}
        own = getattr(self, f"_at_{operation}", None)
        return known | (next(own(), {}) if own else {})

    def asks(self, operation: str, places: dict[str, Any]) -> Any:
        """Return the body an operation's example becomes among what is real; None if none does.

        Raises KeyError, StopIteration if nothing is known yet to speak of.
        """
        body = copy.deepcopy(examples().of(operation).request)
        own: Callable[[Any, dict[str, Any]], Any] | None = getattr(self, f"_{operation}", None)
        return own(body, places) if own else body

    def _waiting(self, role: str = "") -> list[str]:
        return [
            one["id"]
            for one in self.documents.values()
            if one["turn"] and role in {"", one["turn"]}
        ]

    def _at_begin_signature(self) -> Iterator[dict[str, str]]:
        for one in self._waiting()[::-1]:
            yield {"document": one}

    def _at_reject_document(self) -> Iterator[dict[str, str]]:
        for one in self._waiting()[2:]:
            yield {"document": one}

    def _at_retry_job(self) -> Iterator[dict[str, str]]:
        for one in self.jobs.values():
            if one["state"] == "failed":
                yield {"job": one["id"]}

    def _at_get_document_pdf(self) -> Iterator[dict[str, str]]:
        for one in self.documents.values():
            if one["state"] == "archived":
                yield {"document": one["id"]}

    _at_get_document_docx = _at_verify_document = _at_get_document_pdf
    _at_check_document_copies = _at_verify_paper = _at_get_document_pdf

    def _at_complete_signature(self) -> Iterator[dict[str, str]]:
        for one in [*self.begun][::-1]:
            yield {"signing": one}

    def _items(self, name: str, states: set[str]) -> Iterator[dict[str, str]]:
        for session in [*self.sessions.values()][::-1]:
            for one in session["items"] if session["state"] == "open" else ():
                if one[name] and one["state"] in states:
                    yield {"signing": session["id"], name: one[name]}

    def _at_sign_session_document(self) -> Iterator[dict[str, str]]:
        return self._items("document", {"waiting"})

    def _at_sign_session_package(self) -> Iterator[dict[str, str]]:
        return self._items("package", {"waiting"})

    def _at_sign_session_items(self) -> Iterator[dict[str, str]]:
        for one in self._items("document", {"waiting"}):
            yield {"signing": one["signing"]}

    _at_get_prepared_pdf = _at_sign_session_document

    def _at_join_signing_session(self) -> Iterator[dict[str, str]]:
        for name in ("package", "document"):
            for one in self._items(name, {"unprepared"}):
                yield {"signing": one["signing"]}

    def _create_snapshot(self, body: Any, _: dict[str, Any]) -> Any:
        body["source"]["version"] = f"{next(self.numbers)}"  # a later one: documents have versions
        return body

    def _order_document(self, body: Any, _: dict[str, Any]) -> Any:
        kind = KINDS[next(self.numbers) % len(KINDS)]
        found = {"snapshot": self.real["snapshot"], "class": body["class"], "kind": kind}
        return found | ({"term": body["term"]} if kind == "class-results" else {})

    def _begin_signature(self, _: Any, places: dict[str, Any]) -> Any:
        turn = self.documents.get(places["document"], {}).get("turn") or "deputy"
        return {"role": turn, "certificates": self._announced(turn)}

    def _complete_signature(self, _: Any, places: dict[str, Any]) -> Any:
        begun = self.begun.pop(places["signing"])
        return {"value": self._value(begun["role"], begun["to_sign"])}

    def _create_signing_session(self, _: Any, __: dict[str, Any]) -> Any:
        number = next(self.numbers)
        roles = [role for role in OFFICE if self._waiting(role)]
        if "package" in self.real and (number % 2 or not roles):
            asked = {"role": "director", "packages": [self.real["package"]]}
        else:
            role = roles[number % len(roles)] if roles else "deputy"
            documents = self._waiting(role)[-2:] or [_first(self.documents)]
            asked = {"role": role, "documents": documents}
        joins = {"certificates": self._announced(str(asked["role"]))} if number % 3 else {}
        return asked | joins

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
                if one[name] and one["parts"]
            ]
        }

    def _answers(self, signing: str, name: str, which: str) -> Any:
        session = self.sessions[signing]
        (item,) = (one for one in session["items"] if one[name] == which)
        made = {
            part["file"]: {"value": self._value(session["role"], part["to_sign"])}
            for part in item["parts"]
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

    _replace_account = _create_account

    def _change_password(self, _: Any, __: dict[str, Any]) -> Any:
        return {"old": self.password, "new": f"долгий путь под номером {next(self.numbers)}"}

    def _log_in(self, body: Any, _: dict[str, Any]) -> Any:
        known = {"login": self.login, "password": self.password}  # who is there from the beginning
        return body | ({"login": self.real["login"]} if "login" in self.real else known)

    def _create_webhook(self, body: Any, _: dict[str, Any]) -> Any:
        return body | {"url": "http://127.0.0.1:9/events"}

    _replace_webhook = _create_webhook

    def _announced(self, role: str) -> list[str]:
        key = self._key(role)
        return [base64.b64encode(one.dump()).decode() for one in (key.certificate, *key.chain)]

    def _value(self, role: str, to_sign: str) -> str:
        return base64.b64encode(self._key(role).sign(base64.b64decode(to_sign))).decode()

    def _key(self, role: str) -> Pkcs12Key:
        if self.keys is None:
            raise KeyError(role)
        return Pkcs12Key.open((self.keys / f"{role}.p12").read_bytes(), PASSPHRASE)


def _listed(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for several in told.values():
        for one in several if isinstance(several, list) else ():
            if isinstance(one, dict):
                yield one


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
