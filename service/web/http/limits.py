"""How often one may ask: every caller for himself, strangers by address; process by process."""

from __future__ import annotations

import time
from ipaddress import IPv6Address, ip_address
from math import ceil

from flask import Response, g, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from service.settings import Settings
from service.web.http.problems import TooMany
from service.web.http.wire import is_again

MINUTE = 60
NETWORK = 64  # bits: what one household or hoster is given of IPv6, to change within at will


def key_of(address: str) -> str:
    """Return whom an address stands for: itself, or its network in IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(IPv6Address(int(known) >> NETWORK << NETWORK))


class _Counts(MemoryStorage):
    """The library's counts, without the thread it begins, and waits for, at nearly each request.

    What nobody asks for any more is forgotten once in so many requests.
    """

    SWEPT = 1000
    _since = 0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add to a count that ends after so many seconds; return it."""
        self.get(key)
        with self.locks[key]:
            self.storage[key] += amount
            if self.storage[key] == amount:
                self.expirations[key] = time.time() + expiry
        self._since += 1
        if self._since >= self.SWEPT:
            self._since = 0
            for each in tuple(self.expirations):
                self.get(each)
        return self.get(key)


class Limits:
    """Counts in memory: two processes allow twice as much, and a restart forgets."""

    def __init__(self, settings: Settings) -> None:
        limits = settings.access.limits
        self._window = SlidingWindowCounterRateLimiter(_Counts())
        self._most = {
            "caller": RateLimitItemPerMinute(limits.per_minute),
            "stranger": RateLimitItemPerMinute(limits.strangers_per_minute),
            "login": RateLimitItemPerMinute(limits.logins_per_minute),
            "verification": RateLimitItemPerMinute(settings.web.verify_per_minute),
        }

    def caller(self, school: str, name: str) -> None:
        """Count a request of somebody known, or raise TooMany."""
        self._count("caller", f"{school}/{name}")

    def stranger(self, address: str) -> None:
        """Count a request of somebody unknown, or raise TooMany."""
        self._count("stranger", key_of(address))

    def login(self, address: str) -> None:
        """Count an attempt to log in, or raise TooMany."""
        self._count("login", key_of(address))

    def verification(self, address: str) -> None:
        """Count a check at the door that is open to strangers, or raise TooMany."""
        self._count("verification", key_of(address))

    def _count(self, policy: str, who: str) -> None:
        most = self._most[policy]
        passed = is_again(request) or self._window.hit(most, policy, who)
        standing = self._window.get_window_stats(most, policy, who)
        wait = max(1, ceil(standing.reset_time - time.time()))
        g.limit = (policy, most.amount, standing.remaining, wait)
        if not passed:
            raise TooMany(f"Не больше {most.amount} запросов в минуту: подождите {wait} с.", wait)


def tell(response: Response) -> None:
    """Say how much is left (draft-ietf-httpapi-ratelimit-headers-10)."""
    if "limit" in g:
        policy, most, left, wait = g.limit
        response.headers["RateLimit-Policy"] = f'"{policy}";q={most};w={MINUTE}'
        response.headers["RateLimit"] = f'"{policy}";r={left};t={wait}'
