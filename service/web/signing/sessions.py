"""Routes of signing sessions: open over many documents, join, see, answer in any order, close."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from flask import Response
from pydantic import Field

from service.bootstrap.serving import Service
from service.domain.access.rights import Duty, Right
from service.domain.approving.approval import Role
from service.domain.errors import Fault, Reason
from service.ledger.signing import sessions
from service.ledger.signing.sessions import Item, ItemState, Session, SigningMissing, Subject
from service.web.http.access import Caller
from service.web.http.bodies import Invalid
from service.web.http.models import Told
from service.web.http.operations import Answer, Operation, Query
from service.web.http.sending import send
from service.web.signing.answers import announced, answers, subject
from service.web.signing.models import (
    MOST_ITEMS,
    AnswersAsked,
    BatchAsked,
    CertificatesAsked,
    ItemTold,
    OutcomesTold,
    OutcomeTold,
    SessionAsked,
    SessionTold,
)
from service.web.signing.told import SESSIONS, Shown, items_told, session_told
from service.workflow.keeping.deposit import MEDIA_TYPES, PDF
from service.workflow.signing.desk import REFUSAL, NotPrepared
from service.workflow.signing.prepare import SessionWanted

BATCH_LIMIT = 16 << 20  # bytes of many answers together


class ChosenItems(Query):
    """Which items of a session; `parts=false` leaves out what is to be signed."""

    state: ItemState | None = None
    offset: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=1, le=MOST_ITEMS)] = MOST_ITEMS
    parts: bool = True


class SigningSessions:
    """The views."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def operations(self) -> tuple[Operation, ...]:
        """Return the routes."""
        one = f"{SESSIONS}/<signing>"
        return (
            Operation(
                "POST",
                SESSIONS,
                Right.OPEN,
                self.open,
                "Открыть сеанс подписания многих документов и пакетов",
                {201: SessionTold},
                asked=SessionAsked,
            ),
            Operation(
                "GET", one, Right.OPEN, self.session, "Сеанс", {200: SessionTold}, query=ChosenItems
            ),
            Operation(
                "PUT",
                f"{one}/certificates",
                Right.SIGN,
                self.join,
                "Присоединиться к сеансу: передать сертификат, получить данные к подписанию",
                {200: SessionTold},
                asked=CertificatesAsked,
                changes=one,
            ),
            Operation(
                "GET",
                f"{one}/documents/<document>/pdf",
                Right.OPEN,
                self.prepared,
                "Подготовленный к подписанию файл PDF",
                {200: MEDIA_TYPES[PDF]},
            ),
            *(
                Operation(
                    "PUT",
                    f"{one}/{name}s/<{name}>",
                    Right.SIGN,
                    view,
                    summary,
                    {200: ItemTold},
                    asked=AnswersAsked,
                    changes=one,
                )
                for name, view, summary in (
                    ("document", self.document, "Передать подписи одного документа"),
                    ("package", self.package, "Передать подписи одного пакета"),
                )
            ),
            Operation(
                "POST",
                f"{one}/answers",
                Right.SIGN,
                self.answers,
                "Передать подписи многих документов: негодная не мешает остальным",
                {200: OutcomesTold},
                asked=BatchAsked,
                changes=one,
                limit=BATCH_LIMIT,
            ),
            Operation("DELETE", one, Right.OPEN, self.close, "Закрыть сеанс", {200: SessionTold}),
        )

    def open(self, caller: Caller, asked: SessionAsked) -> Answer:
        """Open a session; whoever only opens it need not be the one who signs."""
        if asked.certificates or Duty.SECRETARY not in caller.duties:
            caller.acts_as(asked.role)
        named = [
            *((Subject.DOCUMENT, one) for one in asked.documents),
            *((Subject.PACKAGE, one) for one in asked.packages),
        ]
        if not 1 <= len(named) <= MOST_ITEMS or len(set(named)) != len(named):
            message = f"Назовите от 1 до {MOST_ITEMS} документов и пакетов, каждый один раз."
            raise Invalid(message, (Fault("/documents", "wrong-number", message),))
        if asked.certificates is None and asked.attorney is not None:
            message = "Доверенность передают вместе с сертификатом."
            raise Invalid(message, (Fault("/attorney", "no-certificate", message),))
        lasts = timedelta(minutes=asked.minutes) if asked.minutes else None
        wanted = SessionWanted(caller.school, Role(asked.role), tuple(named), lasts)
        certificates = asked.certificates
        signer = announced(certificates, asked.attorney) if certificates else None
        opened = self.service.prepare_signing.open(wanted, signer, caller.id, self.service.clock())
        return Answer(self._told(opened.id), 201, {"Location": f"{SESSIONS}/{opened.id}"})

    def session(self, signing: str, caller: Caller, query: ChosenItems) -> Answer:
        """Tell about a session."""
        shown = Shown(query.state, query.offset, query.limit, query.parts)
        return Answer(self.told(signing, caller, shown))

    def told(self, signing: str, caller: Caller, shown: Shown) -> SessionTold:
        """Return a session as it is told to somebody who may see it."""
        self._seen(signing, caller)
        return self._told(signing, shown)

    def join(self, signing: str, caller: Caller, asked: CertificatesAsked) -> Answer:
        """Prepare what the caller is going to sign."""
        self._signed(signing, caller)
        signer = announced(asked.certificates, asked.attorney)
        self.service.prepare_signing.join(signing, signer, caller.id, self.service.clock())
        return Answer(self._told(signing))

    def prepared(self, signing: str, document: str, caller: Caller) -> Response:
        """Send the file a signature will be put into."""
        session = self._seen(signing, caller)
        with self.service.database.reading() as connection:
            item = sessions.item(connection, session.id, Subject.DOCUMENT, document)
            parts = sessions.parts_of(connection, item)
        name = next((one.prepared for one in parts if one.file == PDF), None)
        if item.state is not ItemState.WAITING or name is None:
            raise NotPrepared("Этот документ в сеансе сейчас подписи не ждёт.")
        return send(self.service.files, name, MEDIA_TYPES[PDF], f"{document}-to-sign.pdf")

    def document(self, signing: str, document: str, caller: Caller, asked: AnswersAsked) -> Answer:
        """Take in the signatures of a document."""
        return self._answer(signing, Subject.DOCUMENT, document, caller, asked)

    def package(self, signing: str, package: str, caller: Caller, asked: AnswersAsked) -> Answer:
        """Take in the signatures of a package."""
        return self._answer(signing, Subject.PACKAGE, package, caller, asked)

    def answers(self, signing: str, caller: Caller, asked: BatchAsked) -> Answer:
        """Take in the signatures of many."""
        self._signed(signing, caller)
        sent = [
            (*subject(one, "items", n), answers(one.answers, "items", n))
            for n, one in enumerate(asked.items)
        ]
        outcomes = []
        for what, name, given in sent:
            try:
                item = self.service.sign.answer(
                    signing, what, name, given, caller.id, self.service.clock()
                )
            except REFUSAL as error:
                outcomes.append(self._refused(signing, what, name, Reason.of(error)))
            else:
                outcomes.append(_outcome(what, name, item.state))
        return Answer(OutcomesTold(items=outcomes))

    def close(self, signing: str, caller: Caller) -> Answer:
        """Close a session."""
        self._seen(signing, caller)
        self.service.sign.close(signing, caller.id, self.service.clock())
        return Answer(self._told(signing))

    def _answer(
        self, signing: str, what: Subject, name: str, caller: Caller, asked: AnswersAsked
    ) -> Answer:
        session = self._signed(signing, caller)
        item = self.service.sign.answer(
            signing, what, name, answers(asked.answers), caller.id, self.service.clock()
        )
        return Answer(self._item(session, item))

    def _item(self, session: Session, item: Item) -> Told:
        with self.service.database.reading() as connection:
            return items_told(connection, session, [item], self.service.kinds)[0]

    def _refused(self, signing: str, what: Subject, name: str, problem: Reason) -> OutcomeTold:
        with self.service.database.reading() as connection:
            held = sessions.items(connection, signing)
        state = next((one.state for one in held if (one.subject, one.id) == (what, name)), None)
        return _outcome(what, name, state or ItemState.REFUSED, problem)

    def _told(self, signing: str, shown: Shown | None = None) -> SessionTold:
        with self.service.database.reading() as connection:
            session = sessions.get(connection, signing)
            return session_told(
                connection, session, self.service.kinds, self.service.clock(), shown
            )

    def _seen(self, signing: str, caller: Caller) -> Session:
        """Return a session the caller may see: its signer's or the secretary's."""
        session = self._own(signing, caller)
        if Duty.SECRETARY not in caller.duties:
            caller.acts_as(session.role)
        return session

    def _signed(self, signing: str, caller: Caller) -> Session:
        """Return a session the caller may sign in."""
        session = self._own(signing, caller)
        caller.acts_as(session.role)
        return session

    def _own(self, signing: str, caller: Caller) -> Session:
        with self.service.database.reading() as connection:
            session = sessions.get(connection, signing)
        if not caller.sees(session.school):
            raise SigningMissing(f"Сеанса подписания {signing} нет: начните подписание заново.")
        return session


def _outcome(
    what: Subject, name: str, state: ItemState, problem: Reason | None = None
) -> OutcomeTold:
    document, package = (name, None) if what is Subject.DOCUMENT else (None, name)
    return OutcomeTold(document=document, package=package, state=state.value, problem=problem)
