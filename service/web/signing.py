"""Routes of a signature: open a session, bring the value made with the key; verify any file."""

from __future__ import annotations

import base64
import time
from collections import deque
from threading import Lock

from flask import request

from service.bootstrap.serving import Service
from service.domain.approval import Role
from service.domain.errors import Conflict
from service.ledger import documents, sessions
from service.ledger.sessions import SigningMissing, Subject
from service.settings import Duty
from service.web import bodies
from service.web.access import Caller
from service.web.answers import announced, answer
from service.web.models import DocumentTold, FileVerified
from service.web.operations import Answer, Operation
from service.web.problems import TooMany
from service.web.signing_models import AnswerAsked, SignatureAsked, SigningTold
from service.web.told import document_told
from service.web.verified import file_verified
from service.workflow.deposit import MEDIA_TYPES, PDF
from service.workflow.sign_prepare import Wanted


class SeveralFiles(Conflict):
    """There is more to sign than one value can be for."""

    code = "several-files"
    title = "Подписывать нужно несколько файлов"


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
                asked=AnswerAsked,
            ),
            Operation(
                "POST",
                "/v1/verify",
                self.verify,
                "Проверить подписи файла PDF, без токена",
                {200: FileVerified},
                takes=MEDIA_TYPES[PDF],
                secured=False,
            ),
        )

    def prepare(self, document: str, caller: Caller, asked: SignatureAsked) -> Answer:
        """Open a session of one document."""
        caller.may(Duty(asked.role))
        if self.service.settings.schools[caller.school].sign_docx:
            raise SeveralFiles(
                "Школа подписывает и PDF, и DOCX: откройте сеанс подписания "
                "(POST /v1/signing-sessions)."
            )
        wanted = Wanted(caller.school, Role(asked.role), ((Subject.DOCUMENT, document),))
        session, (part,) = self.service.prepare_signing.begin(
            wanted, announced(asked.certificates), caller.id, self.service.clock()
        )
        told = SigningTold(
            id=session.id,
            role=session.role,
            to_sign=base64.b64encode(part.to_sign).decode(),
            digest_algorithm=part.digest_algorithm,
            expires_at=session.expires_at,
        )
        return Answer(told, 201, {"Location": f"/v1/signatures/{session.id}"})

    def embed(self, signing: str, caller: Caller, asked: AnswerAsked) -> Answer:
        """Take a signature in."""
        with self.service.database.reading() as connection:
            session = sessions.get(connection, signing)
            items = sessions.items(connection, signing)
        if session.school != caller.school or len(items) != 1:
            raise SigningMissing(f"Сеанса подписания {signing} нет: начните подписание заново.")
        caller.may(Duty(session.role.value))
        (item,) = items
        given = {PDF: answer(asked.value, asked.cms)}
        clock = self.service.clock
        self.service.sign.answer(signing, item.subject, item.id, given, caller.id, clock())
        with self.service.database.reading() as connection:
            return Answer(document_told(connection, documents.get(connection, item.id)))

    def verify(self) -> Answer:
        """Check a file somebody has."""
        self.door.enter(request.remote_addr or "", time.monotonic())
        pdf = bodies.read(request, self.service.settings.web.verify_limit, MEDIA_TYPES[PDF])
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
