"""Signing sessions: what somebody is to sign in one sitting, and what was prepared for it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, insert, select, update

from service.domain.approving.approval import Role
from service.domain.errors import Conflict, Missing, Reason
from service.ledger.tables import documents, signatures, snapshots
from service.ledger.tables import signing_items as items_
from service.ledger.tables import signing_parts as parts_
from service.ledger.tables import signing_sessions as sessions


class SigningMissing(Missing):
    """No signing session of this id, or it is another school's."""

    code = "signing-missing"
    title = "Сеанс подписания не найден"


class ItemMissing(Missing):
    """The session is not about this document or package."""

    code = "signing-item-missing"
    title = "Этого в сеансе нет"


class SigningClosed(Conflict):
    """The session took another signature, was closed, or its time is over."""

    code = "signing-closed"
    title = "Сеанс подписания закрыт"


class Subject(StrEnum):
    """What sort of thing an item is about."""

    DOCUMENT = "document"
    PACKAGE = "package"


class ItemState(StrEnum):
    """How far an item has come; the last two are for ever."""

    UNPREPARED = "unprepared"
    WAITING = "waiting"
    SIGNED = "signed"
    REFUSED = "refused"


OPEN = (ItemState.UNPREPARED, ItemState.WAITING)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody's sitting; `signer` is unknown until a certificate is announced."""

    id: str
    school: str
    role: Role
    opened_by: str
    opened_at: datetime
    expires_at: datetime
    closed_at: datetime | None = None
    signer: str | None = None
    certificates: tuple[bytes, ...] = ()  # DER, the signer's first
    attorney: str | None = None  # the power of attorney behind the signatures, as it is dumped


@dataclass(frozen=True, slots=True)
class Item:
    """A document or package of a session."""

    session: str
    id: str
    subject: Subject
    place: int
    generation: int
    state: ItemState = ItemState.UNPREPARED
    problem: Reason | None = None
    answers: str | None = None  # SHA-256 of what it was signed with


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an item, prepared: what the key signs and what the signing library wants back."""

    file: str
    prepared: str | None  # the working file with the gap the signature goes into
    to_sign: bytes
    document_digest: bytes
    digest_algorithm: str
    signature_algorithm: str
    state: bytes


def add(connection: Connection, session: Session, held: Iterable[Item]) -> None:
    """Write a session and its items down."""
    connection.execute(insert(sessions).values(asdict(session) | {"certificates": []}))
    connection.execute(insert(items_), [asdict(one) | {"problem": one.problem} for one in held])
    if session.signer is not None:
        join(connection, session)


def get(connection: Connection, session: str) -> Session:
    """Return a session by id."""
    row = connection.execute(select(sessions).where(sessions.c.id == session)).one_or_none()
    if row is None:
        raise SigningMissing(f"Сеанса подписания {session} нет: начните подписание заново.")
    values = dict(row._mapping)
    values["role"] = Role(values["role"])
    values["certificates"] = tuple(base64.b64decode(one) for one in values["certificates"])
    return Session(**values)


def join(connection: Connection, session: Session) -> None:
    """Note who signs in a session, with which certificates, on whose behalf."""
    sent = [base64.b64encode(one).decode() for one in session.certificates]
    chosen = update(sessions).where(sessions.c.id == session.id)
    connection.execute(
        chosen.values(signer=session.signer, certificates=sent, attorney=session.attorney)
    )


def close(connection: Connection, session: str, at: datetime) -> bool:
    """Close a session; return whether it was open."""
    chosen = update(sessions).where(sessions.c.id == session, sessions.c.closed_at.is_(None))
    return connection.execute(chosen.values(closed_at=at)).rowcount == 1


def items(connection: Connection, session: str) -> tuple[Item, ...]:
    """Return the items of a session in their order."""
    chosen = select(items_).where(items_.c.session == session).order_by(items_.c.place)
    return tuple(_item(row) for row in connection.execute(chosen))


def item(connection: Connection, session: str, subject: Subject, name: str) -> Item:
    """Return the item about a document or package of this id."""
    chosen = select(items_).where(
        items_.c.session == session, items_.c.id == name, items_.c.subject == subject
    )
    row = connection.execute(chosen).one_or_none()
    if row is None:
        raise ItemMissing(f"В этом сеансе подписания нет {name}: проверьте адрес.")
    return _item(row)


def parts(connection: Connection, session: str) -> Mapping[str, tuple[Part, ...]]:
    """Return the prepared parts of a session by the ids of its items."""
    chosen = select(parts_).where(parts_.c.session == session).order_by(parts_.c.file.desc())
    found: dict[str, tuple[Part, ...]] = {}
    for row in connection.execute(chosen):
        found[row.id] = (*found.get(row.id, ()), _part(row))
    return found


def parts_of(connection: Connection, held: Item) -> tuple[Part, ...]:
    """Return the prepared parts of an item, the PDF before the DOCX."""
    chosen = select(parts_).where(parts_.c.session == held.session, parts_.c.id == held.id)
    rows = connection.execute(chosen.order_by(parts_.c.file.desc()))
    return tuple(_part(row) for row in rows)


def prepare(
    connection: Connection, held: Item, made: Iterable[Part], generation: int
) -> tuple[str, ...]:
    """Keep what was prepared for an item; return files prepared before that nothing names now."""
    if not _turn(connection, held, OPEN, state=ItemState.WAITING, generation=generation):
        raise SigningClosed("Пока шла подготовка, этот пункт сеанса уже подписали.")
    ours = (parts_.c.session == held.session, parts_.c.id == held.id)
    left = _forgotten(connection, *ours)
    about = {"session": held.session, "id": held.id}
    connection.execute(insert(parts_), [asdict(one) | about for one in made])
    return _unnamed(connection, left)


def trouble(connection: Connection, held: Item, state: ItemState, problem: Reason | None) -> bool:
    """Say why an item that is open is refused, or not prepared yet; return whether it was."""
    return _turn(connection, held, OPEN, state=state, problem=problem)


def sign(connection: Connection, held: Item, answers: str) -> None:
    """Note the answers an item was signed with; a signed one takes no others."""
    if not _turn(connection, held, (ItemState.WAITING,), state=ItemState.SIGNED, answers=answers):
        raise SigningClosed("Этот документ в сеансе уже подписан.")


def spent(connection: Connection, at: datetime) -> tuple[str, ...]:
    """Return the sessions whose time is over, or that were closed, and still hold parts."""
    over = (sessions.c.expires_at < at) | sessions.c.closed_at.is_not(None)
    ended = exists().where(sessions.c.id == parts_.c.session, over)
    return tuple(connection.execute(select(parts_.c.session).distinct().where(ended)).scalars())


def discard(connection: Connection, session: str) -> tuple[str, ...]:
    """Forget the parts of a session; return their prepared files that nothing else names."""
    return _unnamed(connection, _forgotten(connection, parts_.c.session == session))


def _forgotten(connection: Connection, *chosen: ColumnElement[bool]) -> tuple[str, ...]:
    """Delete parts and return the names of their prepared files."""
    names = connection.execute(select(parts_.c.prepared).where(*chosen)).scalars().all()
    connection.execute(delete(parts_).where(*chosen))
    return tuple({name for name in names if name is not None})


def _unnamed(connection: Connection, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of some working files that nothing in the ledger names any more."""
    columns = (
        parts_.c.prepared,
        documents.c.pdf,
        documents.c.printed,
        documents.c.docx,
        signatures.c.pdf,
        snapshots.c.sha256,
    )
    named: set[str] = set()
    for one in columns:
        named.update(connection.execute(select(one).where(one.in_(names))).scalars())
    return tuple(name for name in names if name not in named)


def _turn(connection: Connection, held: Item, before: tuple[ItemState, ...], **values: Any) -> bool:
    chosen = update(items_).where(
        items_.c.session == held.session, items_.c.id == held.id, items_.c.state.in_(before)
    )
    return connection.execute(chosen.values({"problem": None} | values)).rowcount == 1


def _item(row: Row[Any]) -> Item:
    values = dict(row._mapping)
    values["subject"] = Subject(values["subject"])
    values["state"] = ItemState(values["state"])
    return Item(**values)


def _part(row: Row[Any]) -> Part:
    values = dict(row._mapping)
    del values["session"], values["id"]
    return Part(**values)
