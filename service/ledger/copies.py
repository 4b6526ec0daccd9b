"""Copies in the stores, as they were last read back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from service.ledger import rows
from service.ledger.database import Database
from service.ledger.tables import copies

_OF_DOCUMENTS = (
    select(copies)
    .where(copies.c.document.in_(bindparam("names", expanding=True)))
    .order_by(copies.c.store, copies.c.name)
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a document in one store; `checked` is when it was read back and found right."""

    document: str
    name: str
    store: str
    key: str
    version_id: str
    mode: str
    locked_until: datetime
    sha256: str
    size: int
    checked: datetime
    streebog256: str | None = None  # GOST R 34.11-2012, where it could be reckoned

    def seen(self, mode: str, locked_until: datetime, at: datetime) -> Kept:
        """Return the copy as it was found at a later reading."""
        return replace(self, mode=mode, locked_until=locked_until, checked=at)


def put(connection: Connection, kept: Kept) -> None:
    """Write down what a store holds now."""
    rows.put(connection, copies, asdict(kept))


def note(connection: Connection, kept: Kept) -> None:
    """Write down how a copy was found, unless a later reading or another version was noted."""
    connection.execute(
        update(copies)
        .where(
            copies.c.document == kept.document,
            copies.c.name == kept.name,
            copies.c.store == kept.store,
            copies.c.version_id == kept.version_id,
            copies.c.checked <= kept.checked,
        )
        .values(mode=kept.mode, locked_until=kept.locked_until, checked=kept.checked)
    )


def of_document(connection: Connection, document: str) -> tuple[Kept, ...]:
    """Return every copy of a document's files, by store and name."""
    return tuple(of_documents(connection, [document])[document])


def of_documents(connection: Connection, names: Collection[str]) -> dict[str, list[Kept]]:
    """Return every copy of some documents' files by document, each's by store and name."""
    found: dict[str, list[Kept]] = {name: [] for name in names}
    for row in connection.execute(_OF_DOCUMENTS, {"names": list(names)}):
        found[row.document].append(Kept(**row._mapping))
    return found


def count(connection: Connection) -> int:
    """Return how many copies there are of all documents."""
    return connection.execute(select(func.count()).select_from(copies)).scalar_one()


def all_by_document(database: Database) -> Iterator[tuple[Kept, ...]]:
    """Yield the copies of one document after another; no transaction is kept meanwhile."""
    last: str | None = ""
    while last is not None:
        following = select(func.min(copies.c.document)).where(copies.c.document > last)
        with database.reading() as connection:
            last = connection.execute(following).scalar()
            held = of_document(connection, last) if last is not None else ()
        if held:
            yield held
