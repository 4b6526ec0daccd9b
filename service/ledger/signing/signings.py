"""Signatures that are in documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from service.domain.approving.approval import Role
from service.ledger.tables import signatures

_OF_DOCUMENTS = (
    select(signatures)
    .where(signatures.c.document.in_(bindparam("names", expanding=True)))
    .order_by(signatures.c.generation)
)


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


def replace_all(connection: Connection, document: str, given: Iterable[Signature]) -> None:
    """Write down which signatures a document has instead of those it had."""
    connection.execute(delete(signatures).where(signatures.c.document == document))
    for signature in given:
        add(connection, signature)


def of_document(connection: Connection, document: str) -> tuple[Signature, ...]:
    """Return a document's signatures in the order they were given."""
    return tuple(of_documents(connection, [document])[document])


def of_documents(connection: Connection, names: Collection[str]) -> dict[str, list[Signature]]:
    """Return the signatures of some documents by document, each's in the order they were given."""
    found: dict[str, list[Signature]] = {name: [] for name in names}
    for row in connection.execute(_OF_DOCUMENTS, {"names": list(names)}):
        typed = {"role": Role(row.role), "valid": bool(row.valid)}
        found[row.document].append(Signature(**(dict(row._mapping) | typed)))
    return found
