"""Events on their way to one address each: waiting, claimed by a worker, arrived or given up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, delete, func, insert, select, update
from sqlalchemy.sql.expression import literal

from service.domain.errors import Missing
from service.domain.webhook_rules import DeliveryState
from service.ledger.columns import Moment
from service.ledger.moments import reached
from service.ledger.outgoing.tables import webhook_attempts as attempts
from service.ledger.outgoing.tables import webhook_deliveries as deliveries
from service.ledger.outgoing.tables import webhooks
from service.ledger.pages import Page, newest

_CLAIMED = deliveries.c.claimed_by > ""  # unlike «is not null» this is looked up in the index


class DeliveryMissing(Missing):
    """No delivery of this id to this address, or it was so long ago that it is forgotten."""

    code = "delivery-missing"
    title = "Доставка не найдена"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one address; `event` and `body` are the same at every attempt."""

    id: str
    webhook: str
    event: str
    number: int  # of the line of the audit log; 0: a test
    type: str
    body: str
    state: DeliveryState
    tries: int  # since it was begun, or begun anew
    due: datetime
    created_at: datetime
    claimed_by: str | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request; without `ms` nobody knows how it ended: it is under way, or its worker died."""

    delivery: str
    number: int
    at: datetime
    ms: int | None = None
    status: int | None = None
    trouble: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery a worker took upon itself, and the number of the attempt it is about to make."""

    delivery: Delivery
    attempt: int


def add(connection: Connection, webhook: str, made: Iterable[Delivery]) -> int:
    """Write down deliveries to an address that are not there yet; return how many were new."""
    rows = {one.event: asdict(one) for one in made}
    known = connection.execute(
        select(deliveries.c.event).where(
            deliveries.c.webhook == webhook, deliveries.c.event.in_(rows)
        )
    ).scalars()
    for event in known.all():
        del rows[event]
    if rows:
        connection.execute(insert(deliveries), list(rows.values()))
    return len(rows)


def get(connection: Connection, webhook: str, delivery: str) -> Delivery:
    """Return a delivery to an address by id."""
    row = connection.execute(
        select(deliveries).where(deliveries.c.id == delivery, deliveries.c.webhook == webhook)
    ).one_or_none()
    if row is None:
        raise DeliveryMissing(f"Доставки {delivery} нет: проверьте номер.")
    return _delivery(row)


def page(
    connection: Connection, webhook: str, state: DeliveryState | None, page: Page
) -> tuple[Delivery, ...]:
    """Return a page of the deliveries to an address, the newest first, and one more if there is."""
    chosen = select(deliveries).where(deliveries.c.webhook == webhook)
    if state is not None:
        chosen = chosen.where(deliveries.c.state == state)
    cut = newest(chosen, deliveries.c.created_at, deliveries.c.id, page)
    return tuple(_delivery(row) for row in connection.execute(cut))


def attempts_of(connection: Connection, names: Sequence[str]) -> dict[str, list[Attempt]]:
    """Return what was tried of some deliveries, in order."""
    rows = connection.execute(
        select(attempts)
        .where(attempts.c.delivery.in_(names))
        .order_by(attempts.c.delivery, attempts.c.number)
    )
    found: dict[str, list[Attempt]] = {name: [] for name in names}
    for row in rows:
        found[row.delivery].append(Attempt(**row._mapping))
    return found


def under_way(connection: Connection, at: datetime) -> Counter[str]:
    """Return how many deliveries are on their way now, by address."""
    claimed = select(deliveries.c.webhook).where(
        _CLAIMED,
        deliveries.c.due > at,
    )
    return Counter(connection.execute(claimed).scalars())


def due(connection: Connection, webhook: str, at: datetime, most: int) -> tuple[Delivery, ...]:
    """Return deliveries to an address that are due, among them those whose worker died."""
    rows = connection.execute(
        select(deliveries)
        .where(
            deliveries.c.webhook == webhook,
            deliveries.c.state == DeliveryState.PENDING,
            reached(deliveries.c.due, at),
        )
        .order_by(deliveries.c.due)
        .limit(most)
    )
    return tuple(_delivery(row) for row in rows)


def claim(
    connection: Connection, delivery: Delivery, worker: str, at: datetime, until: datetime
) -> Claimed:
    """Take a delivery upon a worker until a moment, after which it counts as lost."""
    last = connection.execute(
        select(func.max(attempts.c.number)).where(attempts.c.delivery == delivery.id)
    ).scalar()
    number = (last or 0) + 1
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery.id)
        .values(claimed_by=worker, due=until, tries=delivery.tries + 1)
    )
    connection.execute(insert(attempts).values(asdict(Attempt(delivery.id, number, at))))
    return Claimed(delivery, number)


def orphaned(connection: Connection, worker: str, at: datetime) -> int:
    """Have what a worker had claimed and never noted sent first; return how many there were."""
    return _let_go(connection, deliveries.c.claimed_by == worker, at)


def forsaken(connection: Connection, living: Collection[str]) -> bool:
    """Return whether a delivery is claimed by a worker that does not live."""
    chosen = select(deliveries.c.id).where(_dead(living)).limit(1)
    return connection.execute(chosen).first() is not None


def free(connection: Connection, living: Collection[str], at: datetime) -> int:
    """Have what workers that do not live had claimed sent first; return how many there were."""
    return _let_go(connection, _dead(living), at)


def note(connection: Connection, made: Attempt) -> Delivery | None:
    """Write down how an attempt ended; return its delivery unless it is gone.

    `claimed_by` of what is returned is set only if nobody has begun a later attempt.
    """
    row = connection.execute(
        select(deliveries).where(deliveries.c.id == made.delivery)
    ).one_or_none()
    if row is None:
        return None
    connection.execute(
        update(attempts)
        .where(attempts.c.delivery == made.delivery, attempts.c.number == made.number)
        .values(ms=made.ms, status=made.status, trouble=made.trouble, answer=made.answer)
    )
    later = connection.execute(
        select(func.max(attempts.c.number)).where(attempts.c.delivery == made.delivery)
    ).scalar()
    values = dict(row._mapping)
    return _delivery_of(values if later == made.number else values | {"claimed_by": None})


def settle(
    connection: Connection,
    delivery: str,
    state: DeliveryState,
    due: datetime,
    finished_at: datetime | None,
) -> None:
    """Write down how far a delivery has come; nobody is about it any more."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery)
        .values(state=state, due=due, finished_at=finished_at, claimed_by=None)
    )


def ended(
    connection: Connection, webhook: str, events: Sequence[str], states: Collection[DeliveryState]
) -> list[str]:
    """Return the ids of the deliveries of some events that ended in one of some ways."""
    chosen = select(deliveries.c.id).where(
        deliveries.c.webhook == webhook,
        deliveries.c.event.in_(events),
        deliveries.c.state.in_(states),
    )
    return list(connection.execute(chosen).scalars())


def begin_anew(connection: Connection, names: Sequence[str], at: datetime) -> None:
    """Have deliveries made again, as if for the first time; what was tried stays on record."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(names))
        .values(state=DeliveryState.PENDING, tries=0, due=at, claimed_by=None, finished_at=None)
    )


def hasten(connection: Connection, webhook: str, at: datetime) -> None:
    """Have all that waits for an address tried now: it is well again."""
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.webhook == webhook,
            deliveries.c.state == DeliveryState.PENDING,
            deliveries.c.claimed_by.is_(None),
            deliveries.c.due > at,
        )
        .values(due=at)
    )


def remind(connection: Connection, webhook: str) -> None:
    """Write down at an address when the first of what waits for it is due."""
    first = (
        select(func.min(deliveries.c.due))
        .where(deliveries.c.webhook == webhook, deliveries.c.state == DeliveryState.PENDING)
        .scalar_subquery()
    )
    connection.execute(update(webhooks).where(webhooks.c.id == webhook).values(next_due=first))


def forget(connection: Connection, before: datetime, most: int) -> int:
    """Forget so many deliveries that ended before a moment; return how many there were."""
    names = list(
        connection.execute(
            select(deliveries.c.id).where(deliveries.c.finished_at < before).limit(most)
        ).scalars()
    )
    connection.execute(delete(attempts).where(attempts.c.delivery.in_(names)))
    connection.execute(delete(deliveries).where(deliveries.c.id.in_(names)))
    return len(names)


def _let_go(connection: Connection, whose: ColumnElement[bool], at: datetime) -> int:
    """Make deliveries due as of when they were made: what came later waits behind them."""
    theirs = (whose, deliveries.c.state == DeliveryState.PENDING)
    addresses = select(deliveries.c.webhook).where(*theirs).distinct()
    found = connection.execute(addresses).scalars().all()
    by_now = literal(at, Moment)  # else it would be the database's own time, which this is not
    before = case((deliveries.c.created_at < at, deliveries.c.created_at), else_=by_now)
    freed = update(deliveries).where(*theirs).values(due=before, claimed_by=None)
    done = connection.execute(freed).rowcount
    for webhook in found:
        remind(connection, webhook)
    return done


def _dead(living: Collection[str]) -> ColumnElement[bool]:
    return _CLAIMED & deliveries.c.claimed_by.not_in(living)


def _delivery(row: Row[Any]) -> Delivery:
    return _delivery_of(dict(row._mapping))


def _delivery_of(values: dict[str, Any]) -> Delivery:
    return Delivery(**(values | {"state": DeliveryState(values["state"])}))
