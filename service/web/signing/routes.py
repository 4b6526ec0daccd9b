"""Routes of a signature: open a session, bring the value made with the key."""

from __future__ import annotations

import base64

from sqlalchemy import Connection

from service.bootstrap.serving import Service
from service.domain.access.rights import Right
from service.domain.approving.approval import Role
from service.domain.errors import Conflict
from service.ledger import documents
from service.ledger.documents import Document
from service.ledger.signing import sessions
from service.ledger.signing.sessions import SigningMissing, Subject
from service.web.documents.models import DocumentTold
from service.web.documents.told import document_told
from service.web.http.access import Caller
from service.web.http.operations import Answer, Operation
from service.web.signing.answers import announced, answer
from service.web.signing.models import AnswerAsked, SignatureAsked, SigningTold
from service.workflow.keeping.deposit import PDF
from service.workflow.signing.document import signs_docx
from service.workflow.signing.prepare import SessionWanted


class SeveralFiles(Conflict):
    """There is more to sign than one value can be for."""

    code = "several-files"
    title = "Подписывать нужно несколько файлов"


class Signing:
    """The views."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        return (
            Operation(
                "POST",
                "/v1/documents/<document>/signatures",
                Right.SIGN,
                self.prepare,
                "Начать подписание: получить данные, которые подписывает ключ",
                {201: SigningTold},
                asked=SignatureAsked,
                changes="/v1/documents/<document>",
            ),
            Operation(
                "PUT",
                "/v1/signatures/<signing>",
                Right.SIGN,
                self.embed,
                "Завершить подписание: передать значение подписи",
                {200: DocumentTold},
                asked=AnswerAsked,
            ),
        )

    def prepare(self, document: str, caller: Caller, asked: SignatureAsked) -> Answer:
        """Open a session of one document."""
        caller.acts_as(asked.role)
        with self.service.database.reading() as connection:
            found = documents.find(connection, document)
            if found is not None and found.school == caller.school:
                self._require_one_file(connection, found)
        wanted = SessionWanted(caller.school, Role(asked.role), ((Subject.DOCUMENT, document),))
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

    def _require_one_file(self, connection: Connection, document: Document) -> None:
        if signs_docx(connection, self.service.schools, document):
            raise SeveralFiles(
                "Школа подписывает и PDF, и DOCX: откройте сеанс подписания "
                "(POST /v1/signing-sessions)."
            )

    def embed(self, signing: str, caller: Caller, asked: AnswerAsked) -> Answer:
        """Take a signature in."""
        with self.service.database.reading() as connection:
            session = sessions.get(connection, signing)
            items = sessions.items(connection, signing)
        if not caller.sees(session.school) or len(items) != 1:
            raise SigningMissing(f"Сеанса подписания {signing} нет: начните подписание заново.")
        caller.acts_as(session.role)
        (item,) = items
        given = {PDF: answer(asked.value, asked.cms)}
        clock = self.service.clock
        self.service.sign.answer(signing, item.subject, item.id, given, caller.id, clock())
        with self.service.database.reading() as connection:
            return Answer(document_told(connection, documents.get(connection, item.id)))
