"""Trees of evidence: which documents are in which, their timestamps, and by when to renew them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, func, insert, select, update

from service.domain.errors import Conflict
from service.ledger.copies import Kept
from service.ledger.evidence_tables import evidence_members as members
from service.ledger.evidence_tables import evidence_timestamps as timestamps
from service.ledger.evidence_tables import evidence_trees as trees
from service.ledger.tables import copies, documents, signatures

ASKED = 500  # documents in one question to the database


class EvidenceOvertaken(Conflict):
    """Another process was faster; nothing was written."""

    code = "evidence-overtaken"
    title = "Это уже сделал другой обработчик"


@dataclass(frozen=True, slots=True)
class Tree:
    """One hash tree over documents; of its chain of timestamps the newest counts."""

    id: str
    made_at: datetime
    algorithm: str
    count: int
    root: str
    leaves: str
    timestamps: int
    stamped_at: datetime
    valid_until: datetime
    keep_until: datetime
    superseded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Timestamp:
    """One timestamp of a tree's chain; `archived` is an ArchiveTimeStamp (RFC 4998), DER."""

    tree: str
    number: int
    time: datetime
    valid_until: datetime
    archived: bytes


@dataclass(frozen=True, slots=True)
class Member:
    """A document's place in a tree and its files' hashes as they went in, end to end."""

    document: str
    tree: str
    place: int
    hashes: bytes
    superseded_by: str | None = None


def add(connection: Connection, tree: Tree, first: Timestamp, leaves: Sequence[Member]) -> None:
    """Write down a tree, its first timestamp and its documents."""
    connection.execute(insert(trees).values(asdict(tree)))
    connection.execute(insert(timestamps).values(asdict(first)))
    connection.execute(insert(members), [asdict(one) for one in leaves])


def require_unattested(connection: Connection, state: str, wanted: Iterable[str]) -> None:
    """Pass if none of some documents in a state is in a tree, or raise EvidenceOvertaken."""
    free = {row.id for row in unattested(connection, state)}
    if not free.issuperset(wanted):
        raise EvidenceOvertaken("Доказательство этих документов только что составлено.")


def supersede(connection: Connection, tree: str, taken: Sequence[str], by: str) -> None:
    """Have another tree take documents over; a tree that keeps none is superseded as a whole.

    Raises EvidenceOvertaken if somebody else took one of them.
    """
    current_ = (members.c.tree == tree, members.c.superseded_by.is_(None))
    for start in range(0, len(taken), ASKED):
        some = taken[start : start + ASKED]
        done = connection.execute(
            update(members).where(*current_, members.c.document.in_(some)).values(superseded_by=by)
        )
        if done.rowcount != len(some):
            raise EvidenceOvertaken("Эти документы только что перенесены в другое дерево.")
    if connection.execute(select(members.c.document).where(*current_).limit(1)).first() is None:
        connection.execute(update(trees).where(trees.c.id == tree).values(superseded_by=by))


def renew(connection: Connection, tree: Tree, stamped: Timestamp, keep_until: datetime) -> Tree:
    """Put one more timestamp on a tree that still stands as it was read.

    Raises EvidenceOvertaken otherwise. The lock of its documents only ever grows longer.
    """
    grown = replace(
        tree,
        timestamps=stamped.number,
        stamped_at=stamped.time,
        valid_until=stamped.valid_until,
        keep_until=max(tree.keep_until, keep_until),
    )
    done = connection.execute(
        update(trees)
        .where(trees.c.id == tree.id, trees.c.timestamps == tree.timestamps)
        .values(
            timestamps=grown.timestamps,
            stamped_at=grown.stamped_at,
            valid_until=grown.valid_until,
            keep_until=grown.keep_until,
        )
    )
    if done.rowcount != 1:
        raise EvidenceOvertaken("Метка времени этого дерева только что продлена.")
    connection.execute(insert(timestamps).values(asdict(stamped)))
    return grown


def keep_longer(connection: Connection, tree: str, until: datetime) -> None:
    """Lengthen what is promised of a tree's lock; a longer promise stays."""
    connection.execute(
        update(trees).where(trees.c.id == tree, trees.c.keep_until < until).values(keep_until=until)
    )


def standing(connection: Connection) -> tuple[Tree, ...]:
    """Return the trees no other took over, the first to end first."""
    rows = connection.execute(
        select(trees)
        .where(trees.c.superseded_by.is_(None))
        .order_by(trees.c.valid_until, trees.c.id)
    )
    return tuple(_tree(row) for row in rows)


def every(connection: Connection) -> tuple[Tree, ...]:
    """Return all trees, the oldest first."""
    rows = connection.execute(select(trees).order_by(trees.c.made_at, trees.c.id))
    return tuple(_tree(row) for row in rows)


def chain(connection: Connection, tree: str) -> tuple[Timestamp, ...]:
    """Return a tree's timestamps, the first first."""
    rows = connection.execute(
        select(timestamps).where(timestamps.c.tree == tree).order_by(timestamps.c.number)
    )
    return tuple(Timestamp(**row._mapping) for row in rows)


def newest(connection: Connection, tree: Tree) -> Timestamp:
    """Return a tree's newest timestamp."""
    row = connection.execute(
        select(timestamps).where(
            timestamps.c.tree == tree.id, timestamps.c.number == tree.timestamps
        )
    ).one()
    return Timestamp(**row._mapping)


def of_document(connection: Connection, document: str) -> tuple[tuple[Tree, Member], ...]:
    """Return the trees a document is in, the first first, with its place in each."""
    rows = connection.execute(
        select(trees, members.c.place, members.c.hashes, members.c.superseded_by.label("left_for"))
        .join(members, members.c.tree == trees.c.id)
        .where(members.c.document == document)
        .order_by(trees.c.made_at, trees.c.id)
    )
    return tuple(
        (_tree(row), Member(document, row.id, row.place, row.hashes, row.left_for)) for row in rows
    )


def current(connection: Connection, tree: str) -> tuple[Member, ...]:
    """Return a tree's documents that no other took over, in their places."""
    rows = connection.execute(
        select(members)
        .where(members.c.tree == tree, members.c.superseded_by.is_(None))
        .order_by(members.c.place)
    )
    return tuple(Member(**row._mapping) for row in rows)


def listing(connection: Connection, tree: str) -> Iterator[tuple[str, bytes]]:
    """Yield every document that was put into a tree, in its place, and its files' hashes."""
    rows = connection.execute(
        select(members.c.document, members.c.hashes)
        .where(members.c.tree == tree)
        .order_by(members.c.place)
    )
    yield from ((row.document, row.hashes) for row in rows)


def longest_lock(connection: Connection, tree: str) -> datetime | None:
    """Return until when the files of a tree's current documents are locked, the longest."""
    latest: datetime | None = connection.execute(
        select(func.max(copies.c.locked_until))
        .join(members, members.c.document == copies.c.document)
        .where(members.c.tree == tree, members.c.superseded_by.is_(None))
    ).scalar()
    return latest


def ancestors(connection: Connection, tree: str) -> tuple[str, ...]:
    """Return the trees that were superseded by this one, and those before them."""
    found: list[str] = []
    asked = [tree]
    while asked:
        rows = connection.execute(
            select(members.c.tree).where(members.c.superseded_by.in_(asked)).distinct()
        )
        asked = [one for one in rows.scalars() if one not in found]
        found += asked
    return tuple(found)


def unattested(connection: Connection, state: str) -> Iterator[Row[Any, Any]]:
    """Yield the documents in a state that are in no tree, by id: columns `id` and `route`."""
    yield from connection.execute(
        select(documents.c.id, documents.c.route).where(*_free(state)).order_by(documents.c.id)
    )


def levels(connection: Connection, state: str) -> Mapping[str, Mapping[str, str]]:
    """Return the levels of signatures, by role, of the documents `unattested` yields."""
    found: dict[str, dict[str, str]] = {}
    for row in connection.execute(
        select(signatures.c.document, signatures.c.role, signatures.c.level)
        .join(documents, documents.c.id == signatures.c.document)
        .where(*_free(state))
    ):
        found.setdefault(row.document, {})[row.role] = row.level
    return found


def holdings(connection: Connection, state: str) -> Iterator[tuple[str, tuple[Kept, ...]]]:
    """Yield the copies of the documents `unattested` yields, by document, name and store."""
    rows = connection.execute(
        select(copies)
        .join(documents, documents.c.id == copies.c.document)
        .where(*_free(state))
        .order_by(copies.c.document, copies.c.name, copies.c.store)
        .execution_options(yield_per=10_000)
    )
    for document, held in groupby(rows, key=attrgetter("document")):
        yield document, tuple(Kept(**row._mapping) for row in held)


def _free(state: str) -> tuple[ColumnElement[bool], ...]:
    there = exists().where(members.c.document == documents.c.id)
    return documents.c.state == state, ~there


def _tree(row: Row[Any]) -> Tree:
    return Tree(**{name: getattr(row, name) for name in Tree.__slots__})
