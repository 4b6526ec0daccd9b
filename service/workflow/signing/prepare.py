"""A signing session is opened and joined: what can be signed is prepared, the rest refused."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.domain.approving.approval import Role
from service.domain.errors import Fault, Reason, Rejected
from service.ledger import audit
from service.ledger.database import Database
from service.ledger.files import Files
from service.ledger.signing import sessions
from service.ledger.signing.sessions import (
    OPEN,
    Item,
    ItemState,
    Part,
    Session,
    SigningClosed,
    Subject,
)
from service.workflow.signing.attorney import Attorneys, Sent
from service.workflow.signing.desk import REFUSAL, SILENCE, Desk, require_open
from service.workflow.signing.signatory import Signatories, Signer


class LastsTooLong(Rejected):
    """A session was wanted for longer than the settings allow."""

    code = "session-too-long"
    title = "Слишком долгий сеанс"


@dataclass(frozen=True, slots=True)
class SessionWanted:
    """What a session is to be about, and for how long; None: as long as usual."""

    school: str
    role: Role
    subjects: tuple[tuple[Subject, str], ...]
    lasts: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """The certificates of whoever signs, in DER, their own first, and their power of attorney."""

    certificates: tuple[bytes, ...]
    attorney: Sent | None = None


@dataclass(frozen=True, slots=True)
class PrepareSigning:
    """Opens sessions and prepares their items for whoever announces a certificate."""

    database: Database
    files: Files
    desks: Mapping[Subject, Desk]
    signatories: Signatories
    attorneys: Attorneys
    usual: timedelta  # how long a session lasts
    longest: timedelta

    def open(
        self, wanted: SessionWanted, announced: Announcement | None, by: str, at: datetime
    ) -> Session:
        """Open a session; what cannot be signed is refused in it with the reason.

        With `announced` everything else is prepared too. A certificate that may not sign opens
        nothing: NotSignatory, whatever `Trust.check` and `Attorneys` raise, LastsTooLong.
        """
        session = self._new(wanted, by, at)
        items = [
            self._looked_at(session, place, subject, name)
            for place, (subject, name) in enumerate(wanted.subjects)
        ]
        signer = self._signer(session, items, announced, at) if announced else None
        with self.database.writing() as connection:
            sessions.add(connection, session, items)
            audit.append(connection, _event(session, by, at, "open-signing", _ids(items)))
        if signer is not None:
            self._prepare(session, items, signer, by, at)
        return session

    def begin(
        self, wanted: SessionWanted, announced: Announcement, by: str, at: datetime
    ) -> tuple[Session, tuple[Part, ...]]:
        """Open a session about one thing, prepared; if it cannot be signed nothing is opened."""
        ((subject, name),) = wanted.subjects
        desk = self.desks[subject]
        matter = desk.look(name, wanted.school, wanted.role)
        session = self._new(wanted, by, at)
        item = Item(session.id, name, subject, 0, matter.generation)
        signer = self._signer(session, [item], announced, at)
        parts = desk.prepare(matter, wanted.role, signer, at)
        joined = signer.signed_into(session)
        with self.database.writing() as connection:
            sessions.add(connection, joined, [item])
            sessions.prepare(connection, item, parts, matter.generation)
            audit.append(connection, _event(session, by, at, "open-signing", _ids([item])))
            audit.append(connection, _joined(joined, signer, by, at))
        return joined, parts

    def join(self, name: str, announced: Announcement, by: str, at: datetime) -> Session:
        """Prepare a session for whoever announced a certificate; the same again goes on with it.

        Another certificate, or power of attorney, takes the place of the first until something is
        signed with that.
        """
        with self.database.reading() as connection:
            session = sessions.get(connection, name)
            items = sessions.items(connection, name)
        require_open(session, at)
        signer = self._signer(session, items, announced, at)
        same = signer.signed_into(session) == session
        if not same and any(one.state is ItemState.SIGNED for one in items):
            raise SigningClosed(
                "В этом сеансе уже подписывают другим сертификатом: откройте новый сеанс."
            )
        wanted = (ItemState.UNPREPARED,) if same else OPEN
        self._prepare(session, [one for one in items if one.state in wanted], signer, by, at)
        return signer.signed_into(session)

    def _new(self, wanted: SessionWanted, by: str, at: datetime) -> Session:
        lasts = wanted.lasts or self.usual
        if lasts > self.longest:
            most = f"Сеанс может длиться не дольше {self.longest // timedelta(minutes=1)} мин."
            raise LastsTooLong(most, (Fault("/minutes", "too-long", most),))
        return Session(secrets.token_hex(16), wanted.school, wanted.role, by, at, at + lasts)

    def _looked_at(self, session: Session, place: int, subject: Subject, name: str) -> Item:
        item = Item(session.id, name, subject, place, 0)
        try:
            matter = self.desks[subject].look(name, session.school, session.role)
        except SILENCE:
            raise
        except REFUSAL as error:
            return replace(item, state=ItemState.REFUSED, problem=Reason.of(error))
        return replace(item, generation=matter.generation)

    def _signer(
        self, session: Session, items: Iterable[Item], announced: Announcement, at: datetime
    ) -> Signer:
        """Return who announced certificates, if they may sign here, now and with these."""
        signer = Signer.announced(announced.certificates)
        self.signatories.require(session.school, session.role, signer)
        self.signatories.require_good(signer, at)
        power = self.attorneys(
            announced.attorney,
            session.school,
            session.role,
            signer.certificate,
            self._timezone(session, items),
            at,
        )
        return replace(signer, power=power)

    def _timezone(self, session: Session, items: Iterable[Item]) -> str:
        """Return the time zone of the first thing in a session that can be signed."""
        for item in items:
            if item.state in OPEN:
                try:
                    desk = self.desks[item.subject]
                    return desk.look(item.id, session.school, session.role).timezone
                except SILENCE:
                    raise
                except REFUSAL:
                    continue
        return "UTC"

    def _prepare(
        self, session: Session, items: Iterable[Item], signer: Signer, by: str, at: datetime
    ) -> None:
        """Note who joined and prepare items; each that cannot be is refused and stops no other."""
        joined = signer.signed_into(session)
        with self.database.writing() as connection:
            sessions.join(connection, joined)
            audit.append(connection, _joined(joined, signer, by, at))
        for item in items:
            if item.state in OPEN:
                self._prepare_one(joined, item, signer, at)

    def _prepare_one(self, session: Session, item: Item, signer: Signer, at: datetime) -> None:
        desk = self.desks[item.subject]
        try:
            matter = desk.look(item.id, session.school, session.role)
            parts = desk.prepare(matter, session.role, signer, at)
        except REFUSAL as error:
            silent = isinstance(error, SILENCE)
            state = ItemState.UNPREPARED if silent else ItemState.REFUSED
            with self.database.writing() as connection:
                sessions.trouble(connection, item, state, Reason.of(error))
            return
        with self.database.writing() as connection:
            if sessions.get(connection, session.id) != session:
                raise SigningClosed("К этому сеансу тем временем присоединились иначе.")
            for name in sessions.prepare(connection, item, parts, matter.generation):
                self.files.forget(name)


def _ids(items: Iterable[Item]) -> dict[str, list[str]]:
    return {"items": [one.id for one in items]}


def _joined(session: Session, signer: Signer, by: str, at: datetime) -> audit.Event:
    return _event(session, by, at, "join-signing", {"certificate": signer.hash})


def _event(
    session: Session, by: str, at: datetime, action: str, details: Mapping[str, object]
) -> audit.Event:
    whole = {"role": session.role} | dict(details)
    return audit.Event(at, session.school, session.id, by, action, whole)
