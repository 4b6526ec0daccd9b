"""Connections that wait for what happens to an order, and hold no thread meanwhile."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from service.ledger.printing.jobs import Job
from service.web.http.standing import Admitted
from service.web.http.wire import STALL, Received, Then
from service.web.jobs.news import News, Telling

LONGEST = 900.0  # seconds of a stream: then the client comes again, to whatever process
MOST_KEPT = 16 << 10  # bytes kept for a client that takes none
RETRY = (500, 3000)  # milliseconds: not all whose process ends come again at once


@dataclass(eq=False)
class Held:
    """A connection that no thread waits for, as the watcher of orders sees it."""

    job: Job
    admitted: Admitted
    first: News
    until: float  # by the monotonic clock
    _wire: Received = field(init=False)
    _released: Callable[[Then], None] = field(init=False)

    def begin(self, wire: Received, released: Callable[[Then], None]) -> None:
        """Take a connection, which does not block; give it back by `released`, once."""
        self._wire, self._released = wire, released

    def see(self, latest: News | None, now: float) -> bool:
        """Answer by what is known now. False: the connection was given back."""
        self.first = latest or self.first
        then = self.deserted() if self._has_gone() else self.answered(latest, now)
        if then is not None:
            self._released(then)
        return then is None

    def deserted(self) -> Then:
        """Return what is done when nobody waits any more: what is not finished is."""
        return Then.CLOSE if self._wire.finished is None else Then.ANSWER

    def answered(self, latest: News | None, now: float) -> Then | None:
        """Do what is to be done, and return what then; None: go on holding."""
        over = latest is None or latest.ended or now >= self.until
        return Then.ANSWER if over else None

    def _has_gone(self) -> bool:
        """Return whether the client has closed its end: nobody would read an answer."""
        try:
            sent = socket.socket.recv(self._wire, 1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return not sent


@dataclass(eq=False)
class Stream(Held):
    """Server-sent events: written as they happen, given up if the client takes nothing."""

    telling: Telling
    chunked: bool
    keeps: bool  # the connection, for another request
    kept: bytes = b""  # for a client that has not taken it yet
    _ends: bool = False
    _moved: float = 0.0

    def begin(self, wire: Received, released: Callable[[Then], None]) -> None:
        """See Held; the system gives a client up that answers nothing, or takes nothing."""
        super().begin(wire, released)
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(STALL * 1000))

    def answered(self, latest: News | None, now: float) -> Then | None:
        """Write what is new."""
        if not self._ends:
            self._say(latest, now)
        if not self.kept:
            self._moved = now
        else:
            try:
                sent = self._wire.send(self.kept)
            except BlockingIOError:
                sent = 0
            except OSError:
                return Then.CLOSE
            self.kept = self.kept[sent:]
            self._moved = now if sent else self._moved
        if self._ends and not self.kept:
            return Then.KEEP if self.keeps else Then.CLOSE
        stuck = len(self.kept) > MOST_KEPT or now - self._moved > STALL
        return Then.CLOSE if stuck or latest is None else None

    def _say(self, latest: News | None, now: float) -> None:
        text = "" if latest is None else self.telling.say(latest, now)
        ended = latest is not None and latest.ended
        self._ends = ended or latest is None or now >= self.until
        if self._ends and not ended:
            text += f"retry: {random.randint(*RETRY)}\n\n"  # noqa: S311 - no secret
        body = text.encode()
        if self.chunked:
            body = b"%X\r\n%b\r\n" % (len(body), body) if body else b""
            body += b"0\r\n\r\n" if self._ends else b""
        self.kept += body
