"""Arithmetic of webhooks: when to try again, when to give up, when to leave an address alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

FIRST = timedelta(seconds=10)
GROWS = 3  # times, from try to try
LAST = timedelta(hours=24)
LONGEST_REST = timedelta(minutes=15)
SLOW = 1000  # milliseconds: an address this slow is sent one event at a time
AT_ONCE = 4  # events on their way to one quick address
BUSY = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


class WebhookState(StrEnum):
    """Whether events are sent to an address."""

    ACTIVE = "active"
    PAUSED = "paused"  # by the school
    DISABLED = "disabled"  # by the service: see WhyDisabled


class WhyDisabled(StrEnum):
    """Why the service sends nothing there any more."""

    GONE = "gone"  # the receiver answered 410
    FAILING = "failing"  # for days


class DeliveryState(StrEnum):
    """How far an event has come on its way to one address."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"  # given up after the last try


class Verdict(StrEnum):
    """What an attempt means."""

    TAKEN = "taken"
    GONE = "gone"  # the receiver wants nothing any more
    REFUSED = "refused"  # this event; others may pass
    UNWELL = "unwell"  # the receiver as a whole: unreachable, overloaded


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the service goes on."""

    tries: int = 12  # of one event: with waits of 10 s to 24 h about three days
    failing: timedelta = timedelta(days=5)  # without one success before an address is disabled


def verdict(status: int | None) -> Verdict:
    """Return what an answer means (Standard Webhooks); None: there was none."""
    if status is None or status in BUSY:
        return Verdict.UNWELL
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Verdict.TAKEN
    return Verdict.GONE if status == HTTPStatus.GONE else Verdict.REFUSED


def wait(tries: int, chance: float, asked: timedelta = timedelta()) -> timedelta:
    """Return how long after so many tries of an event the next one is due: 10 s to 24 h.

    `chance` in [0, 1) takes up to a fifth away, so that what failed together does not come back
    together; what the receiver asked for (Retry-After) counts up to 24 h.
    """
    own = min(LAST, FIRST * int(GROWS ** min(tries - 1, 20))) * (1 - chance / 5)
    return max(own, min(asked, LAST))


def rest(failures: int, asked: timedelta = timedelta()) -> timedelta:
    """Return how long an address is left alone after so many failures in a row.

    At most a quarter of an hour, unless it asked for more: so soon is it noticed to be back, and
    one that is not is called a hundred times a day however many events wait for it.
    """
    own = min(LONGEST_REST, FIRST * (1 << min(failures - 1, 20)))
    return max(own, min(asked, LAST))


def width(failures: int, last_ms: int | None) -> int:
    """Return how many events may be on their way to an address at a time."""
    return 1 if failures or (last_ms or 0) > SLOW else AT_ONCE


def hopeless(failing_since: datetime, at: datetime, patience: Patience) -> bool:
    """Whether an address has failed for so long that it is to be disabled."""
    return at - failing_since >= patience.failing
