"""One sitting of a signer: join a session, see what is in it, sign item by item."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.cli.signing import telling
from service.cli.signing.checking import Part, require_same, require_sound
from service.cli.signing.office import NotThere, Office, ServiceSilent
from service.domain.errors import ServiceError
from signing.errors import SigningError, SigningUnavailable
from signing.keys import Key

SESSIONS = "/v1/signing-sessions"
MOST = 500
LISTED = 1000

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sitting:
    """A signer with a key at an office; `attorney` is the power of attorney, as it is sent."""

    office: Office
    key: Key
    attorney: Told | None = None

    def open(self, role: str, documents: list[str], packages: list[str]) -> str:
        """Open a session over some things and return its path."""
        body = {"role": role, "documents": documents, "packages": packages}
        told = self.office.ask("POST", SESSIONS, body)
        return f"{SESSIONS}/{told['id']}"

    def join(self, session: str) -> dict[str, Any]:
        """Announce the certificate and return the session with all that is to be signed."""
        sent: dict[str, Any] = {
            "certificates": [_text(one.dump()) for one in (self.key.certificate, *self.key.chain)]
        }
        if self.attorney is not None:
            sent["attorney"] = dict(self.attorney)
        return self.office.ask("PUT", f"{session}/certificates", sent)

    def awaiting(self, role: str) -> tuple[list[str], list[str]]:
        """Return the ids of all documents and packages whose next signature is of a role."""
        listed = self.office.ask("GET", f"/v1/documents?state=awaiting-{role}&limit={LISTED}")
        documents = [str(one["id"]) for one in listed["documents"] if one["turn"] == role]
        schools = self.office.ask("GET", "/v1/documents?limit=1")["documents"]
        packages: list[str] = []
        for one in schools:
            path = f"/v1/schools/{one['school']}/packages?limit={LISTED}"
            told = self.office.ask("GET", path)["packages"]
            packages += [str(each["id"]) for each in told if each["turn"] == role]
        return documents, packages

    def sign(self, session: str, items: list[Told], checked: Path | None, *, check: bool) -> int:
        """Sign items one after another and return how many were signed; a failure stops no other.

        With `check` every file is downloaded and its digest reckoned before; `checked` keeps it.
        Raises SigningUnavailable when the key is gone and ServiceSilent when nobody answers.
        """
        signed = 0
        with telling.progress(len(items)) as bar:
            for item in items:
                try:
                    self._sign(session, item, checked, check=check)
                    signed += 1
                except (ServiceSilent, SigningUnavailable):
                    raise
                except (ServiceError, SigningError) as error:
                    telling.failed(item, str(error))
                bar.advance(bar.task_ids[0])
        return signed

    def _sign(self, session: str, item: Told, checked: Path | None, *, check: bool) -> None:
        parts = [Part.read(one) for one in item["parts"]]
        for part in parts:
            require_sound(part, self.key.certificate, self.key.algorithm.digest)
            if check or checked is not None:
                body = self.office.file(part.content)
                require_same(part, body)
                if checked is not None:
                    checked.mkdir(parents=True, exist_ok=True)
                    name = f"{item.get('document') or item.get('package')}-{part.file}"
                    (checked / Path(name).name).write_bytes(body)
        answers = {one.file: {"value": _text(self.key.sign(one.to_sign))} for one in parts}
        self.office.ask("PUT", f"{session}/{_place(item)}", {"answers": answers})


def require_session(path: str) -> str:
    """Return the path of a session, or raise NotThere for any other address of the API."""
    if not path.startswith(f"{SESSIONS}/") or path.count("/") != SESSIONS.count("/") + 1:
        raise NotThere("Это не адрес сеанса: нужен вид https://служба/v1/signing-sessions/…")
    return path


def _place(item: Told) -> str:
    if item.get("document"):
        return f"documents/{item['document']}"
    return f"packages/{item['package']}"


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
