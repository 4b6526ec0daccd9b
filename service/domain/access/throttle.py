"""How long to wait after wrong passwords: the guesser long, everybody else hardly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Throttle:
    """So many free attempts, then a wait that doubles up to a longest one."""

    free: int
    first: timedelta
    longest: timedelta

    def wait(self, failures: int) -> timedelta:
        """Return how long nobody may try again after so many failures in a row."""
        if failures < self.free:
            return timedelta(0)
        doublings = min(failures - self.free, 20)
        return min(self.first * (1 << doublings), self.longest)


FROM_ONE_PLACE = Throttle(free=5, first=timedelta(seconds=30), longest=timedelta(minutes=15))
"""Of one login name from one address."""

FROM_ANYWHERE = Throttle(free=50, first=timedelta(seconds=5), longest=timedelta(minutes=1))
"""Of one login name from wherever: short, as whoever owns it waits as well."""

FORGOTTEN = timedelta(hours=24)
"""After this long without a failure it starts anew."""
