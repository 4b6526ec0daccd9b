"""What a signer's key made is taken in: each item alone, checked before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.errors import Reason, ServiceError
from service.ledger import audit
from service.ledger.database import Database
from service.ledger.documents import Overtaken
from service.ledger.signing import sessions
from service.ledger.signing.sessions import Item, ItemState, Session, SigningClosed, Subject
from service.workflow.signing.attorney import require_in_term
from service.workflow.signing.desk import (
    REFUSAL,
    SILENCE,
    Answers,
    Desk,
    ItemRefused,
    NotPrepared,
    hash_of,
    require_answers,
    require_open,
)
from service.workflow.signing.signatory import Signatories, Signer
from signing.errors import SigningError


@dataclass(frozen=True, slots=True)
class Sign:
    """Takes answers in; what is refused changes nothing, and the item waits for another."""

    database: Database
    desks: Mapping[Subject, Desk]
    signatories: Signatories

    def answer(
        self, name: str, subject: Subject, thing: str, answers: Answers, by: str, at: datetime
    ) -> Item:
        """Take in what a client returned for an item; the same again is fine."""
        with self.database.reading() as connection:
            session = sessions.get(connection, name)
            item = sessions.item(connection, name, subject, thing)
            parts = sessions.parts_of(connection, item)
        if item.state is ItemState.SIGNED:
            return _same(item, answers)
        require_open(session, at)
        if item.state is ItemState.REFUSED:
            raise ItemRefused(item.problem.message if item.problem else ItemRefused.title)
        if not parts:
            raise NotPrepared("Сначала передайте в сеанс сертификат того, кто подписывает.")
        require_answers(parts, answers)
        try:
            signer = Signer.of(session)
            self.signatories.require(session.school, session.role, signer)
            if signer.power is not None:
                require_in_term(signer.power, at)
            self.desks[subject].take(session, item, parts, answers, by, at)
        except (Overtaken, SigningClosed) as error:
            now = self._item(item)
            if now.state is ItemState.SIGNED:
                return _same(now, answers)
            self._refused(session, item, error, by, at)
            raise
        except SILENCE:
            raise
        except REFUSAL as error:
            self._refused(session, item, error, by, at)
            raise
        return self._item(item)

    def close(self, name: str, by: str, at: datetime) -> None:
        """Take no more answers in a session; closed already, do nothing."""
        with self.database.writing() as connection:
            session = sessions.get(connection, name)
            if sessions.close(connection, name, at):
                details = {"role": session.role}
                event = audit.Event(at, session.school, name, by, "close-signing", details)
                audit.append(connection, event)

    def _item(self, item: Item) -> Item:
        with self.database.reading() as connection:
            return sessions.item(connection, item.session, item.subject, item.id)

    def _refused(
        self,
        session: Session,
        item: Item,
        error: ServiceError | SigningError,
        by: str,
        at: datetime,
    ) -> None:
        """Note a refusal; what has moved on will not be signed in this session any more."""
        details = {"session": session.id, "role": session.role, "code": error.code}
        event = audit.Event(at, session.school, item.id, by, "refuse-signature", details)
        with self.database.writing() as connection:
            audit.append(connection, event)
            if isinstance(error, Overtaken):
                sessions.trouble(connection, item, ItemState.REFUSED, Reason.of(error))


def _same(item: Item, answers: Answers) -> Item:
    if item.answers != hash_of(answers):
        raise SigningClosed("Этот документ в сеансе уже подписан другой подписью.")
    return item
