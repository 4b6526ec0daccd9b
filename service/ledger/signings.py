"""Signatures given and signing sessions opened."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from service.domain.approval import Role
from service.domain.errors import Conflict, Missing
from service.ledger.tables import signatures, signings


class SigningMissing(Missing):
    """No signing session of this id, or it is another school's."""

    code = "signing-missing"
    title = "Сеанс подписания не найден"


class SigningClosed(Conflict):
    """The session took another signature, or its time is over."""

    code = "signing-closed"
    title = "Сеанс подписания закрыт"


@dataclass(frozen=True, slots=True)
class Signing:
    """A session: a prepared file that waits for one signature made elsewhere."""

    id: str
    document: str
    generation: int
    role: Role
    signer: str
    certificate: str
    prepared: str
    to_sign: bytes
    state: bytes
    digest_algorithm: str
    opened_at: datetime
    expires_at: datetime
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that is in the document."""

    document: str
    role: Role
    generation: int
    signer: str
    certificate: str
    level: str
    valid: bool
    signed_at: datetime
    pdf: str


def open_session(connection: Connection, signing: Signing) -> None:
    """Write a session down."""
    connection.execute(insert(signings).values(asdict(signing)))


def session(connection: Connection, signing: str) -> Signing:
    """Return a session by id."""
    row = connection.execute(select(signings).where(signings.c.id == signing)).one_or_none()
    if row is None:
        raise SigningMissing(f"Сеанса подписания {signing} нет: начните подписание заново.")
    values = dict(row._mapping)
    return Signing(**(values | {"role": Role(values["role"])}))


def close_session(connection: Connection, signing: Signing, value: str) -> None:
    """Note the signature that closed a session; a closed one takes no other."""
    done = connection.execute(
        update(signings)
        .where(signings.c.id == signing.id, signings.c.value.is_(None))
        .values(value=value)
    )
    if done.rowcount != 1:
        raise SigningClosed("Этот сеанс подписания уже завершён.")


def add(connection: Connection, signature: Signature) -> None:
    """Write a signature down."""
    connection.execute(insert(signatures).values(asdict(signature)))


def of_document(connection: Connection, document: str) -> tuple[Signature, ...]:
    """Return a document's signatures in the order they were given."""
    rows = connection.execute(
        select(signatures)
        .where(signatures.c.document == document)
        .order_by(signatures.c.generation)
    )
    return tuple(
        Signature(**(dict(row._mapping) | {"role": Role(row.role), "valid": bool(row.valid)}))
        for row in rows
    )
