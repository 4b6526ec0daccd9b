"""A document for whoever may see it; to all others it does not exist."""

from __future__ import annotations

from sqlalchemy import Connection

from service.ledger import documents
from service.ledger.documents import Document, DocumentMissing
from service.web.http.access import Caller


def seen(connection: Connection, document: str, caller: Caller) -> Document:
    """Return a document of a school and class the caller sees, or raise DocumentMissing."""
    found = documents.get(connection, document)
    if not (caller.sees(found.school) and caller.sees_class(found.class_id)):
        raise DocumentMissing(f"Документа {document} нет: проверьте адрес.")
    return found
