"""The connection of a request, and how it is handed over to whoever holds it without a thread."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from enum import Enum, auto
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from flask import Request

if TYPE_CHECKING:
    from typing_extensions import Buffer

STALL = 20.0  # seconds a thread waits for a client to send or take a byte


class Received(socket.socket):
    """A connection that is read from what was kept of its request first, then from the client.

    Nobody waits longer than STALL for the client to send or to take a further byte.
    """

    kept: SpooledTemporaryFile[bytes] | None = None
    complete = False  # what was kept is the whole request
    again = False  # its request was held, and is answered now from the same bytes
    finished: Callable[[], Any] | None = None  # how, if the work was done before

    def setblocking(self, flag: bool, /) -> None:
        """Block, but not for ever."""
        self.settimeout(STALL if flag else 0)

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Return the next bytes."""
        if self.kept is not None:
            if data := self.kept.read(size):
                return data
            self.forget()
        return super().recv(size, flags)

    def sendall(self, data: Buffer, flags: int = 0, /) -> None:
        """Send bytes for as long as the client takes some of them now and then."""
        left = memoryview(data).cast("B")
        try:
            while left:
                left = left[self.send(left, flags) :]
        except TimeoutError:
            raise BrokenPipeError(errno.EPIPE, "the client takes nothing any more") from None

    def forget(self) -> bytes:
        """Return what was kept and not read, and keep nothing."""
        if self.kept is None:
            return b""
        with self.kept as kept:
            self.kept = None
            return kept.read()

    def close(self) -> None:
        """Close the connection; what was kept is gone."""
        self.forget()
        super().close()


class Then(Enum):
    """What is done with a connection that is held no more."""

    CLOSE = auto()
    KEEP = auto()  # the answer is whole: for the next request
    ANSWER = auto()  # by a thread, with what the view says now


Hold = Callable[[Received, Callable[[Then], None]], None]
"""Takes a connection, which does not block, and gives it back by what it is told with it, once."""


class HandedOver(BaseException):
    """Ends the work of a thread on a request whose connection is held from now on.

    It is no error: nobody on the way may take it for one. A request that must not be worked at
    twice carries how it is to be `finished` once it is answered: whoever lets it by adds what is
    left to do.
    """

    def __init__(self, hold: Hold) -> None:
        super().__init__()
        self.finished: Callable[[], Any] | None = None
        self._hold = hold

    def then(self, more: Callable[[Any], Any]) -> None:
        """Do more with what the request is answered, if it is not asked anew."""
        if (before := self.finished) is not None:
            self.finished = lambda: more(before())

    def begin(self, wire: Received, released: Callable[[Then], None]) -> None:
        """Have the connection held, which does not block, until it is given back by `released`."""
        wire.finished = self.finished
        self._hold(wire, released)


def wire_of(request: Request) -> Received | None:
    """Return the connection of a request if it can be held: its server knows how, it is whole."""
    wire = request.environ.get("gunicorn.socket")
    return wire if isinstance(wire, Received) and wire.kept is not None else None


def finishing(request: Request) -> Callable[[], Any] | None:
    """Return how a request is finished that was worked at before it was held."""
    wire = request.environ.get("gunicorn.socket")
    return wire.finished if isinstance(wire, Received) and wire.again else None


def is_again(request: Request) -> bool:
    """Whether a request was held and is answered now: it is not another one."""
    wire = request.environ.get("gunicorn.socket")
    return isinstance(wire, Received) and wire.again
