"""What of many printing documents changes as they go on, read in one query for all."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from service.ledger.documents import State
from service.ledger.tables import documents, steps

_LATER = steps.alias("later")
_NEWEST = (
    select(func.max(_LATER.c.generation))
    .where(_LATER.c.document == documents.c.id, _LATER.c.state == State.RENDERING)
    .scalar_subquery()
)
_MARKS = (
    select(
        documents.c.id,
        documents.c.generation,
        steps.c.generation,
        steps.c.due,
        steps.c.tries,
        steps.c.starts,
        steps.c.percent,
        steps.c.doing,
        steps.c.pages,
        steps.c.pages_total,
    )
    .select_from(documents)
    .outerjoin(
        steps,
        (steps.c.document == documents.c.id)
        & (steps.c.state == State.RENDERING)
        & (steps.c.generation == _NEWEST),
    )
    .where(documents.c.id.in_(bindparam("names", expanding=True)))
)


def marks(connection: Connection, names: Collection[str]) -> dict[str, tuple[Any, ...]]:
    """Return of each of some documents that is there what differs once its printing went on."""
    rows = connection.execute(_MARKS, {"names": list(names)})
    return {row[0]: tuple(row) for row in rows}
