"""Signatures that are in documents."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from service.domain.approval import Role
from service.ledger.tables import signatures


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
