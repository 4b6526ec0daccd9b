"""The examples of the description, played against a running town in the order of an afternoon."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from counting import count
from sittings import announced, text
from town import Town

from service.web.openapi.examples import examples

SIGNER, AUTHORITY = (
    base64.b64encode(f"certificate of the {who}, DER".encode()).decode()
    for who in ("signer", "authority")
)
VALUE = base64.b64encode(b"signature made by the key").decode()
PDF = "application/pdf"
DETACHED = base64.b64encode(b"detached signature, DER").decode()
SHORT = {
    r"[A-Za-z0-9+/]{300,}={0,2}": base64.b64encode(b"bytes, DER").decode(),
    r"(vd_[a-z0-9]+)_[A-Za-z0-9_-]{16,}": r"\1_" + "0" * 43,
    r'"password": "[^"]+"': '"password": "k3vq-7fzm-w2hd-t9xn"',
    r"whsec_[A-Za-z0-9+/]{43}=": "whsec_" + base64.b64encode(bytes(32)).decode(),
}


@dataclass
class Story:
    """What has been told so far; `real` says what stands for what an example names."""

    town: Town
    document: dict[str, Any]
    tag: str = ""  # of the last answer
    real: dict[str, str] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)  # told as examples, by status

    def tell(
        self,
        name: str,
        who: str | None,
        headers: dict[str, str] | None = None,
        *,
        asking: str = "",
        file: bytes | None = None,
        **learns: str,
    ) -> Any:
        """Send an operation's example; learn from `parameter="key of the answer"` what is real."""
        method, path = self._placed(name)
        sent: dict[str, Any] = {"data": file, "content_type": PDF} if file is not None else {}
        if (request := examples().of(name).request) is not None:
            sent = {"json": json.loads(self._really(json.dumps(request)))}
        answer = self.town.ask(who, method, path + asking, headers=headers or {}, **sent)
        assert answer.status_code < 300, f"{name}: {answer.text}"
        for parameter, key in learns.items():
            self.real[examples().parameters[parameter]] = answer.json[key]
        told = self.answers.setdefault(name, {})
        told.setdefault(str(answer.status_code), self.exemplary(answer.json))
        self.tag = answer.headers.get("ETag", "")
        return answer.json

    def read(self, name: str, who: str) -> bytes:
        """Return the file an operation sends."""
        return self.town.ask(who, *self._placed(name)).data

    def sign(self, role: str, to_sign: str) -> None:
        """Have `value` of the examples be what a key makes of something."""
        key = self.town.key(role)
        self.real[VALUE] = text(key.sign(base64.b64decode(to_sign)))

    def announce(self, role: str) -> None:
        """Have the certificates of the examples be somebody's."""
        self.real[SIGNER], self.real[AUTHORITY] = announced(self.town.key(role))[:2]

    def exemplary(self, answer: Any) -> Any:
        """Return an answer as the examples would tell it."""
        told = json.dumps(answer, ensure_ascii=False)
        for example, real in self.real.items():
            told = told.replace(real, example)
        for long, short in SHORT.items():
            told = re.sub(long, short, told)
        return json.loads(told)

    def _really(self, told: str) -> str:
        for example, real in self.real.items():
            told = told.replace(example, real)
        return told

    def _placed(self, name: str) -> tuple[str, str]:
        method, path = next(
            (method.upper(), path)
            for path, item in self.document["paths"].items()
            for method, one in item.items()
            if one["operationId"] == name
        )
        for parameter, value in examples().parameters.items():
            path = path.replace(f"{{{parameter}}}", value)
        return method, self._really(path)


def afternoon(story: Story) -> None:
    """A journal sends a snapshot; a document is printed, signed by two, archived and packed."""
    town, tell = story.town, story.tell
    for name in ("get_live", "get_ready", "list_kinds"):
        tell(name, None)
    for _ in ("new", "the same"):
        tell("create_snapshot", "journal", snapshot="id")
    for name in ("get_snapshot", "list_snapshots"):
        tell(name, "journal")
    tell("order_document", "journal", job="id", document="document")
    town.work()
    for name in ("order_document", "get_job", "list_jobs"):
        tell(name, "journal")
    tell("get_audit", "director", asking="?limit=3")
    tell("get_audit_verification", "director")
    story.announce("deputy")
    story.sign("deputy", tell("begin_signature", "deputy", signing="id")["to_sign"])
    tell("complete_signature", "deputy")
    story.announce("director")
    tell("create_signing_session", "secretary", signing="id")
    (item,) = tell("join_signing_session", "director")["items"]
    tell("get_signing_session", "director")
    story.sign("director", item["parts"][0]["to_sign"])
    tell("sign_session_document", "director")
    tell("close_signing_session", "director")
    town.work()
    for name in ("get_document", "list_documents", "verify_document"):
        tell(name, "secretary")
    for name in ("list_document_copies", "check_document_copies"):
        tell(name, "secretary")
    tell("verify_paper", None)
    tell("verify_file", None, file=story.read("get_document_pdf", "secretary"))
    for _ in ("new", "the same"):
        tell("create_package", "secretary", package="id")
    for name in ("get_package", "get_package_manifest", "list_packages"):
        tell(name, "secretary")
    _sign_package(story)
    _runs(story)
    _tokens(tell)
    _webhooks(story)
    _people(tell)
    _spoiled(story)
    tell("create_school", "region")
    story.real[examples().parameters["school"]] = examples().of("create_school").request["id"]
    for name in ("list_schools", "get_settings"):
        tell(name, "region")
    tell("replace_settings", "region", {"If-Match": story.tag})
    tell("get_settings_history", "region")


def _sign_package(story: Story) -> None:
    town = story.town
    package = story.real[examples().parameters["package"]]
    opened = town.ask(
        "director",
        "POST",
        "/v1/signing-sessions",
        json={
            "role": "director",
            "packages": [package],
            "certificates": announced(town.key("director")),
        },
    ).json
    story.real[examples().parameters["signing"]] = opened["id"]
    story.sign("director", opened["items"][0]["parts"][0]["to_sign"])
    story.tell("sign_session_package", "director")
    path = f"/v1/packages/{package}/manifest.json"
    story.real[DETACHED] = text(town.ask("director", "GET", f"{path}.p7s").data)
    digest = examples().of("verify_detached").request["digests"]["sha256"]
    story.real[digest] = town.ask("director", "GET", f"/v1/packages/{package}").json[
        "manifest_sha256"
    ]
    story.tell("verify_detached", None)


def _runs(story: Story) -> None:
    """The calendar is looked over, a plan is asked for, a run begun, looked at and called off."""
    tell = story.tell
    tell("plan_snapshot", "secretary")
    count(story.town)
    tell("plan_snapshot", "secretary")
    for _ in ("new", "the same"):
        tell("create_run", "secretary", run="id")
    for name in ("list_runs", "get_run", "restart_run", "cancel_run"):
        tell(name, "secretary")
    tell("get_calendar", "secretary")
    tell("replace_calendar", "administrator")


def _tokens(tell: Callable[..., Any]) -> None:
    tell("create_token", "administrator", token="id")
    for name in ("list_tokens", "get_token", "rotate_token", "revoke_token"):
        tell(name, "administrator")


def _webhooks(story: Story) -> None:
    tell, ids = story.tell, examples().parameters
    story.real[examples().of("create_webhook").request["url"]] = "https://8.8.8.8/events"
    tell("create_webhook", "administrator", webhook="id")
    for name in ("list_webhooks", "get_webhook", "replace_webhook", "rotate_webhook_secret"):
        tell(name, "administrator")
    since = (story.town.clock() - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    tell("replay_webhook", "administrator", asking=f"?since={since}")
    story.real[ids["delivery"]] = tell("test_webhook", "administrator")["id"]
    for name in ("list_webhook_deliveries", "get_webhook_delivery", "replay_delivery"):
        tell(name, "administrator")
    tell("delete_webhook", "administrator")


def _people(tell: Callable[..., Any]) -> None:
    """A deputy is enrolled, logs in with a browser, changes her password and leaves."""
    page = {"Sec-Fetch-Site": "same-origin"}
    tell("create_account", "administrator", account="id")
    for name in ("list_accounts", "get_account", "replace_account"):
        tell(name, "administrator")
    tell("log_in", None)
    tell("get_me", None)
    tell("change_password", None, page)
    tell("log_out", None, page)
    tell("reset_password", "administrator")
    tell("close_account", "administrator")


def _spoiled(story: Story) -> None:
    """Another document, signed by the deputy among many; another one cancelled, taken up, back."""
    town, ids = story.town, examples().parameters
    snapshot = story.real[ids["snapshot"]]
    many = town.order(snapshot, "class-register")
    town.work()
    story.real[ids["document"]] = many["document"]
    session = town.ask(
        "deputy",
        "POST",
        "/v1/signing-sessions",
        json={
            "role": "deputy",
            "documents": [many["document"]],
            "certificates": announced(town.key("deputy")),
        },
    ).json
    story.real[ids["signing"]] = session["id"]
    story.sign("deputy", session["items"][0]["parts"][0]["to_sign"])
    story.tell("sign_session_items", "deputy")
    last = town.order(snapshot, "final-summary")
    story.real |= {ids["job"]: last["id"], ids["document"]: last["document"]}
    for name in ("cancel_job", "retry_job"):
        story.tell(name, "secretary")
    story.real[ids["document"]] = many["document"]
    story.tell("reject_document", "director")
