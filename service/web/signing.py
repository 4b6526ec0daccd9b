"""Routes of a signature: open a session, bring the value made with the key; verify any file."""

from __future__ import annotations

import base64
import binascii
import time
from collections import deque
from threading import Lock

from flask import request

from service.bootstrap.serving import Service
from service.domain.approval import Role
from service.domain.errors import Fault
from service.ledger import documents, signings
from service.ledger.documents import DocumentMissing
from service.ledger.signings import SigningMissing
from service.settings import Duty
from service.web import bodies
from service.web.access import Caller
from service.web.models import (
    DocumentTold,
    FileVerified,
    SignatureAsked,
    SigningTold,
    ValueAsked,
)
from service.web.operations import Answer, Operation
from service.web.problems import TooMany
from service.web.told import document_told
from service.web.verified import file_verified

PDF = "application/pdf"


class Signing:
    """The views; `door` lets so many strangers' files in a minute."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.door = Door(service.settings.web.verify_per_minute)

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        return (
            Operation(
                "POST",
                "/v1/documents/<document>/signatures",
                self.prepare,
                "Начать подписание: получить данные, которые подписывает ключ",
                {201: SigningTold},
                asked=SignatureAsked,
            ),
            Operation(
                "PUT",
                "/v1/signatures/<signing>",
                self.embed,
                "Завершить подписание: передать значение подписи",
                {200: DocumentTold},
                asked=ValueAsked,
            ),
            Operation(
                "POST",
                "/v1/verify",
                self.verify,
                "Проверить подписи файла PDF, без токена",
                {200: FileVerified},
                takes=PDF,
                secured=False,
            ),
        )

    def prepare(self, document: str, caller: Caller, asked: SignatureAsked) -> Answer:
        """Open a session."""
        caller.may(Duty(asked.role))
        with self.service.database.reading() as connection:
            found = documents.get(connection, document)
        if found.school != caller.school:
            raise DocumentMissing(f"Документа {document} нет: проверьте адрес.")
        sent = [_decoded(one, f"/certificates/{n}") for n, one in enumerate(asked.certificates)]
        opened = self.service.sign.prepare(
            document, Role(asked.role), sent, caller.id, self.service.clock()
        )
        told = SigningTold(
            id=opened.id,
            role=opened.role,
            to_sign=base64.b64encode(opened.to_sign).decode(),
            digest_algorithm=opened.digest_algorithm,
            expires_at=opened.expires_at,
        )
        return Answer(told, 201, {"Location": f"/v1/signatures/{opened.id}"})

    def embed(self, signing: str, caller: Caller, asked: ValueAsked) -> Answer:
        """Take a signature in."""
        with self.service.database.reading() as connection:
            session = signings.session(connection, signing)
            found = documents.get(connection, session.document)
        if found.school != caller.school:
            raise SigningMissing(f"Сеанса подписания {signing} нет: начните подписание заново.")
        caller.may(Duty(session.role.value))
        value = _decoded(asked.value, "/value")
        signed = self.service.sign.embed(signing, value, caller.id, self.service.clock())
        with self.service.database.reading() as connection:
            return Answer(document_told(connection, signed))

    def verify(self) -> Answer:
        """Check a file somebody has."""
        self.door.enter(request.remote_addr or "", time.monotonic())
        pdf = bodies.read(request, self.service.settings.web.verify_limit, PDF)
        return Answer(file_verified(self.service.verify.file(pdf, self.service.clock())))


class Door:
    """Counts who came in the last minute; forgets everybody else."""

    MINUTE = 60.0
    REMEMBERED = 10_000

    def __init__(self, most: int) -> None:
        self._most = most
        self._came: dict[str, deque[float]] = {}
        self._turn = Lock()

    def enter(self, who: str, now: float) -> None:
        """Pass, or raise TooMany."""
        with self._turn:
            if len(self._came) > self.REMEMBERED:
                self._came.clear()
            came = self._came.setdefault(who, deque())
            while came and came[0] <= now - self.MINUTE:
                came.popleft()
            if len(came) >= self._most:
                raise TooMany("Слишком много проверок с вашего адреса: подождите минуту.")
            came.append(now)


def _decoded(text: str, pointer: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        message = "Нужна строка base64 (с дополнением «=» до кратной четырём длины)."
        raise bodies.Invalid(message, (Fault(pointer, "bad-base64", message),)) from None
