"""Versions of one document and their volumes: which belong together, what takes whose place."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
)

from service.ledger.documents import Document, State, by_ids, document_of
from service.ledger.tables import documents

SAME = ("school", "year", "kind", "class_id", "term")  # of all versions of one document


def _same(one: FromClause, other: FromClause) -> list[ColumnElement[bool]]:
    return [one.c[name] == other.c[name] for name in SAME]


def _stands(one: FromClause) -> ColumnElement[bool]:
    """Say in SQL what `Document.stands` says."""
    failed_in = func.coalesce(one.c.failed_in, "")
    unprinted = and_(one.c.state == State.FAILED, failed_in == State.RENDERING)
    return not_(or_(one.c.state.in_([State.REJECTED, State.CANCELLED]), unprinted))


_NEWER, _PART, _HEIR = (documents.alias(name) for name in ("newer", "part", "heir"))
_FALLEN = exists().where(
    *_same(_PART, _NEWER), _PART.c.version == _NEWER.c.version, not_(_stands(_PART))
)
_TAKES_PLACE = (
    *_same(_NEWER, documents),
    _NEWER.c.version > documents.c.version,
    not_(_FALLEN),
)
_NEXT = (
    select(_NEWER.c.version)
    .where(*_TAKES_PLACE)
    .order_by(_NEWER.c.version)
    .limit(1)
    .correlate(documents)
    .scalar_subquery()
)
_SUCCESSORS = (
    select(documents.c.id, _HEIR.c.id)
    .join_from(documents, _HEIR, and_(*_same(_HEIR, documents), _HEIR.c.version == _NEXT))
    .where(documents.c.id.in_(bindparam("names", expanding=True)))
    .order_by(_HEIR.c.volume != documents.c.volume, _HEIR.c.volume)
)
_OTHER = documents.alias("other")
_OTHER_VOLUMES = (
    select(documents.c.id, _OTHER.c.id)
    .join_from(
        documents,
        _OTHER,
        and_(
            *_same(_OTHER, documents),
            _OTHER.c.version == documents.c.version,
            _OTHER.c.volume != documents.c.volume,
        ),
    )
    .where(documents.c.id.in_(bindparam("names", expanding=True)))
    .order_by(_OTHER.c.volume)
)

SUPERSEDED = exists().where(*_TAKES_PLACE)
"""Whether a later version of a document stands: printed or to be, and no volume sent back."""


def last(
    connection: Connection, school: str, year: str, kind: str, class_id: str, term: str
) -> tuple[int, str]:
    """Return number and first volume's id of the last version, (0, "") before there is one."""
    row = connection.execute(
        select(documents.c.version, documents.c.id)
        .where(
            documents.c.school == school,
            documents.c.year == year,
            documents.c.kind == kind,
            documents.c.class_id == class_id,
            documents.c.term == term,
            documents.c.volume == 1,
        )
        .order_by(documents.c.version.desc())
        .limit(1)
    ).one_or_none()
    return (0, "") if row is None else (row.version, row.id)


def volumes(connection: Connection, document: Document) -> tuple[Document, ...]:
    """Return every volume of a document's version in order, its own row among them."""
    rows = connection.execute(
        select(documents)
        .where(
            *(documents.c[name] == getattr(document, name) for name in SAME),
            documents.c.version == document.version,
        )
        .order_by(documents.c.volume)
    )
    return tuple(document_of(row) for row in rows)


def other_volumes(connection: Connection, found: Iterable[Document]) -> dict[str, list[str]]:
    """Return the ids of the other volumes, in order, of those documents that are bound in some."""
    thick = [one.id for one in found if one.volumes is not None and one.volumes > 1]
    bound: dict[str, list[str]] = {name: [] for name in thick}
    for name, other in connection.execute(_OTHER_VOLUMES, {"names": thick}) if thick else ():
        bound[name].append(other)
    return bound


def successor(connection: Connection, document: Document) -> Document | None:
    """Return what takes a document's place: the same volume of the next version, or its first.

    A version that could not be printed, or any volume of which was sent back, takes no place.
    """
    names = successors(connection, [document.id]).values()
    return next(iter(by_ids(connection, names)), None) if names else None


def successors(connection: Connection, names: Collection[str]) -> dict[str, str]:
    """Return the ids of what takes documents' places, by the ids of those whose place is taken."""
    rows = connection.execute(_SUCCESSORS, {"names": list(names)})
    found: dict[str, str] = {}
    for name, newer in rows:
        found.setdefault(name, newer)
    return found
