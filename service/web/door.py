"""A door for strangers: so many a minute from one address, and no more."""

from __future__ import annotations

from collections import deque
from ipaddress import IPv6Address, ip_address
from threading import Lock

from service.web.problems import TooMany

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


class Door:
    """Counts who came in the last minute, process by process; forgets everybody else."""

    MINUTE = 60.0
    REMEMBERED = 10_000

    def __init__(self, most: int) -> None:
        self._most = most
        self._came: dict[str, deque[float]] = {}
        self._turn = Lock()

    def enter(self, address: str, now: float) -> None:
        """Pass, or raise TooMany."""
        with self._turn:
            if len(self._came) > self.REMEMBERED:
                self._came.clear()
            came = self._came.setdefault(key_of(address), deque())
            while came and came[0] <= now - self.MINUTE:
                came.popleft()
            if len(came) >= self._most:
                raise TooMany("Слишком много проверок с вашего адреса: подождите минуту.")
            came.append(now)
