"""One sitting of a signer: join a session, see what is in it, sign item by item."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from service.cli.signing import telling
from service.cli.signing.checking import Part, require_same, require_sound
from service.client.errors import NotThere, ServiceSilent
from service.client.following import every_document, every_package
from service.client.operations import Operations
from service.client.told import (
    AnswerAsked,
    AnswersAsked,
    AttorneyAsked,
    CertificatesAsked,
    ItemTold,
    SessionAsked,
    SessionTold,
)
from service.domain.errors import ServiceError
from signing.errors import SigningError, SigningUnavailable
from signing.keys import Key

SESSIONS = "/v1/signing-sessions/"

Role = Literal["deputy", "seal", "director"]
Awaiting = Literal["awaiting-deputy", "awaiting-seal", "awaiting-director"]

AWAITING: Mapping[Role, Awaiting] = MappingProxyType(
    {"deputy": "awaiting-deputy", "seal": "awaiting-seal", "director": "awaiting-director"}
)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A signer with a key at a service; `attorney` is the power of attorney, as it is sent."""

    service: Operations
    key: Key
    attorney: AttorneyAsked | None = None

    def open(self, role: Role, documents: list[str], packages: list[str]) -> str:
        """Open a session over some things and return its id."""
        asked = SessionAsked(role=role, documents=tuple(documents), packages=tuple(packages))
        return self.service.create_signing_session(asked).id

    def join(self, session: str) -> SessionTold:
        """Announce the certificate and return the session with all that is to be signed."""
        chain = tuple(_text(one.dump()) for one in (self.key.certificate, *self.key.chain))
        asked = CertificatesAsked(certificates=chain, attorney=self.attorney)
        return self.service.join_signing_session(session, asked)

    def awaiting(self, role: Role) -> tuple[list[str], list[str]]:
        """Return the ids of all documents and packages whose next signature is of a role."""
        documents = [
            one.id for one in every_document(self.service, state=AWAITING[role]) if one.turn == role
        ]
        packages = [
            package.id
            for one in self.service.list_documents(limit=1).documents
            for package in every_package(self.service, one.school)
            if package.turn == role
        ]
        return documents, packages

    def sign(
        self, session: str, items: list[ItemTold], checked: Path | None, *, check: bool
    ) -> int:
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

    def _sign(self, session: str, item: ItemTold, checked: Path | None, *, check: bool) -> None:
        parts = [Part.read(one) for one in item.parts or ()]
        for part in parts:
            require_sound(part, self.key.certificate, self.key.algorithm.digest)
            if check or checked is not None:
                body = self.service.wire.linked(part.content)
                require_same(part, body)
                if checked is not None:
                    checked.mkdir(parents=True, exist_ok=True)
                    name = f"{item.document or item.package}-{part.file}"
                    (checked / Path(name).name).write_bytes(body)
        answers = {one.file: AnswerAsked(value=_text(self.key.sign(one.to_sign))) for one in parts}
        asked = AnswersAsked(answers=answers)
        if item.document is not None:
            self.service.sign_session_document(session, item.document, asked)
        else:
            self.service.sign_session_package(session, item.package or "", asked)


def require_session(path: str) -> str:
    """Return the id of a session, or raise NotThere for any other address of the API."""
    name = path.removeprefix(SESSIONS)
    if name == path or not name or "/" in name:
        raise NotThere("Это не адрес сеанса: нужен вид https://служба/v1/signing-sessions/…")
    return name


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
