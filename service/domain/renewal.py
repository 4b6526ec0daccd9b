"""By when evidence must be renewed: long enough before it can no longer be checked."""

from __future__ import annotations

from datetime import datetime, timedelta

AHEAD = timedelta(days=365)


def due(stamped_at: datetime, valid_until: datetime) -> datetime:
    """Return the moment a timestamp is to be renewed from: a year before it ends.

    One that was given for less than two years is renewed at half of its life: its authority
    will hardly have another certificate earlier.
    """
    return valid_until - min(AHEAD, (valid_until - stamped_at) / 2)


def weakens(deprecated: datetime) -> datetime:
    """Return the moment from which trees of a digest algorithm are to be built anew."""
    return deprecated - AHEAD
