"""Trees of evidence: which documents are in which, their timestamps, and by when to renew them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, exists, func, insert, select, update

from service.domain.errors import Conflict
from service.ledger.proof.tables import evidence_members as members
from service.ledger.proof.tables import evidence_timestamps as timestamps
from service.ledger.proof.tables import evidence_trees as trees
from service.ledger.tables import copies, detached, documents, signatures

ASKED = 500  # documents in one question to the database
CHUNK = 10_000  # rows taken at a time


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


class Held(NamedTuple):
    """A file of an archived document; both hashes are hexadecimal."""

    name: str
    sha256: str
    streebog256: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """A document's place in a tree and its files' hashes as they went in, end to end."""

    document: str
    tree: str
    place: int
    hashes: bytes
    superseded_by: str | None = None


def add(connection: Connection, tree: Tree, first: Timestamp, leaves: Iterable[Member]) -> None:
    """Write down a tree, its first timestamp and its documents."""
    connection.execute(insert(trees).values(asdict(tree)))
    connection.execute(insert(timestamps).values(asdict(first)))
    rest = iter(leaves)
    while some := [_row(one) for one in islice(rest, CHUNK)]:
        connection.execute(insert(members), some)


def require_unattested(connection: Connection, state: str, wanted: Iterable[str]) -> None:
    """Pass if none of some documents in a state is in a tree, or raise EvidenceOvertaken."""
    if not unattested(connection, state).issuperset(wanted):
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


def renew(connection: Connection, tree: Tree, stamped: Timestamp) -> Tree:
    """Put one more timestamp on a tree that still stands as it was read.

    Raises EvidenceOvertaken otherwise.
    """
    grown = replace(
        tree,
        timestamps=stamped.number,
        stamped_at=stamped.time,
        valid_until=stamped.valid_until,
    )
    done = connection.execute(
        update(trees)
        .where(trees.c.id == tree.id, trees.c.timestamps == tree.timestamps)
        .values(
            timestamps=grown.timestamps,
            stamped_at=grown.stamped_at,
            valid_until=grown.valid_until,
        )
    )
    if done.rowcount != 1:
        raise EvidenceOvertaken("Метка времени этого дерева только что продлена.")
    connection.execute(insert(timestamps).values(asdict(stamped)))
    return grown


def keep_longer(connection: Connection, tree: Tree, least: datetime | None = None) -> Tree:
    """Promise to keep a tree as long as its documents are locked now, and until `least`.

    A longer promise stays.
    """
    own = (members.c.tree == tree.id, members.c.superseded_by.is_(None))
    locked = connection.execute(
        select(func.max(copies.c.locked_until))
        .join(members, members.c.document == copies.c.document)
        .where(*own)
    ).scalar()
    until = max(one for one in (tree.keep_until, locked, least) if one is not None)
    connection.execute(update(trees).where(trees.c.id == tree.id).values(keep_until=until))
    return replace(tree, keep_until=until)


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


def ancestors(connection: Connection, tree: str) -> tuple[Tree, ...]:
    """Return the trees documents of this one were taken over from, and those before them."""
    found: set[str] = set()
    asked = {tree}
    while asked:
        rows = connection.execute(
            select(members.c.tree).where(members.c.superseded_by.in_(asked)).distinct()
        )
        asked = set(rows.scalars()) - found
        found |= asked
    rows = connection.execute(select(trees).where(trees.c.id.in_(found)).order_by(trees.c.id))
    return tuple(_tree(row) for row in rows)


def unattested(connection: Connection, state: str) -> frozenset[str]:
    """Return the documents in a state that are in no tree."""
    return frozenset(connection.execute(select(documents.c.id).where(*_free(state))).scalars())


def levels_below(
    connection: Connection, state: str, enough: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """Return the levels of signatures that are not `enough`, by unattested document.

    Signatures inside the PDF and those beside its DOCX count alike.
    """
    found: dict[str, set[str]] = {}
    for document, level in (
        (signatures.c.document, signatures.c.level),
        (detached.c.subject, detached.c.level),
    ):
        low = (
            select(documents.c.id, level)
            .join(documents, documents.c.id == document)
            .where(*_free(state), level.not_in(enough))
        )
        for row in connection.execute(low):
            found.setdefault(row.id, set()).add(row.level)
    return {document: frozenset(levels) for document, levels in found.items()}


def holdings(connection: Connection, state: str) -> Iterator[tuple[str, tuple[Held, ...]]]:
    """Yield the files of the unattested documents, by document and name."""
    rows = connection.execute(
        select(
            copies.c.document,
            copies.c.name,
            func.max(copies.c.sha256).label("sha256"),
            func.max(copies.c.streebog256).label("streebog256"),
        )
        .join(documents, documents.c.id == copies.c.document)
        .where(*_free(state))
        .group_by(copies.c.document, copies.c.name)
        .order_by(copies.c.document, copies.c.name)
        .execution_options(yield_per=CHUNK)
    )
    for document, held in groupby(rows, key=itemgetter(0)):
        yield document, tuple(Held(*row[1:]) for row in held)


def _free(state: str) -> tuple[ColumnElement[bool], ...]:
    there = exists().where(members.c.document == documents.c.id)
    return documents.c.state == state, ~there


def _tree(row: Row[Any]) -> Tree:
    return Tree(**{name: getattr(row, name) for name in Tree.__slots__})


def _row(one: Member) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Member.__slots__}
