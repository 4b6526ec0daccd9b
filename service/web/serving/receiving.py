"""gunicorn's threads, given only requests that came whole: who sends slowly holds nobody up."""

from __future__ import annotations

import socket
import time
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any, ClassVar

from gunicorn.workers.gthread import TConn

from service.observing.watch import NOBODY, Watch
from service.web.http.unread import TooSlow
from service.web.http.wire import HandedOver, Received, Then
from service.web.serving.arriving import Arriving
from service.web.serving.leaving import Leaving
from service.web.serving.refusing import Chunks, doubt, farewell, too_large

PATIENCE = 20.0  # seconds a client may say nothing in the midst of a request
SLOWEST = 1024.0  # bytes a second, after that patience
AT_ONCE = 1 << 16  # bytes received in one go
TURNS = 16  # goes in a row, before it is another client's turn
LOOK = 0.5  # seconds between two looks at who is too slow
ROOM = 8  # largest bodies kept by a process at a time; beyond that threads wait as they used to
LEAVING = 2.0  # seconds for the client to read the last answer and close its end
SLOW = "Запрос не дошёл целиком за отведённое время: повторите его."
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Worker(Leaving):
    """Receives requests beside its threads, and hands them over once they are whole."""

    largest: ClassVar[int]  # bytes of the largest body the service takes
    patience: ClassVar[float] = PATIENCE
    slowest: ClassVar[float] = SLOWEST
    watch: Watch = NOBODY

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arriving: dict[TConn, Arriving] = {}
        self._leaving: dict[TConn, float] = {}
        self._looked = 0.0

    def enqueue_req(self, conn: TConn) -> None:
        """Receive the next request of a connection, then have a thread answer it."""
        if conn.parser is not None and conn.parser.unreader.buf.getvalue():
            super().enqueue_req(conn)  # sent behind the one before, and begun to be read
            return
        conn.sock.setblocking(False)
        self._arriving[conn] = Arriving(self.largest, time.monotonic())
        self.poller.register(conn.sock, EVENT_READ, partial(self._receive, conn))
        self._receive(conn, conn.sock)

    def handle(self, conn: TConn) -> Any:
        """Have a thread answer a request, or leave it to whoever holds its connection."""
        try:
            return super().handle(conn)
        except HandedOver as handed:
            return handed

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Have the application answer a request that every server would read alike."""
        if (found := doubt(req.version, req.headers)) is not None:
            raise found
        req.body.reader = Chunks(req.body.reader)
        return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: socket.socket, _addr: Any, exc: Exception) -> None:
        """Tell somebody why his request is not answered; the connection is closed after it."""
        bodiless = req is not None and req.method == "HEAD"
        with suppress(OSError):  # gone, or takes nothing
            client.sendall(farewell(exc, self.watch, bodiless=bodiless))

    def _keepalive_after(self, conn: TConn, keepalive: object) -> bool:
        """Whether another request can follow: not behind a body that is none.

        What the view left of a body is there already, and gunicorn alone would skip 64 KiB of it.
        """
        try:
            if keepalive and isinstance(conn.sock, Received) and conn.sock.complete:
                return bool(conn.parser.finish_body())
            return bool(super()._keepalive_after(conn, keepalive))
        except OSError:
            return False

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """Keep what was received behind the request that is answered: it is the next one's."""
        if not fs.cancelled() and not fs.exception() and isinstance(fs.result(), HandedOver):
            conn.sock.setblocking(False)
            fs.result().begin(conn.sock, partial(self.method_queue.defer, self._released, conn))
            return
        if isinstance(conn.sock, Received):
            conn.sock.again, conn.sock.finished = False, None
            if rest := conn.sock.forget():
                conn.parser.unreader.buf.seek(0, 2)
                conn.parser.unreader.buf.write(rest)
        if not fs.cancelled() and not fs.exception() and fs.result() is False:
            self._leave(conn)
        else:
            super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Send away who is too slow; called at every turn."""
        super().murder_pending()
        now = time.monotonic()
        if now - self._looked < LOOK:
            return
        self._looked = now
        for conn, arriving in tuple(self._arriving.items()):
            if arriving.late(now, self.patience, self.slowest):
                self._refuse(conn, arriving, TooSlow(SLOW))
            elif not self.alive and not arriving.received and now - arriving.last > LOOK:
                self._drop(conn)
        for conn, until in tuple(self._leaving.items()):
            if now > until:
                self._part(conn)

    def _released(self, conn: TConn, then: Then) -> None:
        if then is Then.ANSWER:
            conn.parser, conn.initialized = None, False  # it reads the same bytes once more
            conn.sock.kept.seek(0)
            conn.sock.again = True
            super().enqueue_req(conn)
        elif then is Then.KEEP:
            answered: Future[bool] = Future()
            answered.set_result(True)
            self.finish_request(conn, answered)
        else:
            self._close(conn)

    def _receive(self, conn: TConn, _sock: object) -> None:
        arriving = self._arriving[conn]
        try:
            for _ in range(TURNS):
                data = conn.sock.recv(AT_ONCE)
                if not data:  # half a request, and nobody who would read an answer
                    self._drop(conn)
                    return
                arriving.take(data, time.monotonic())
                if arriving.whole:
                    break
        except BlockingIOError:
            pass
        except OSError:
            self._drop(conn)
            return
        if arriving.endless:
            self._refuse(conn, arriving, too_large(arriving.endless))
        elif arriving.whole or self._is_full():
            self._hand_over(conn, arriving)
        elif arriving.expects:
            arriving.expects = False
            conn.sock.send(CONTINUE)  # the server says so again: RFC 9110, 15.2, allows it

    def _is_full(self) -> bool:
        return sum(one.received for one in self._arriving.values()) > ROOM * self.largest

    def _hand_over(self, conn: TConn, arriving: Arriving) -> None:
        self.poller.unregister(conn.sock)
        del self._arriving[conn]
        if not isinstance(conn.sock, Received):
            conn.sock = Received(fileno=conn.sock.detach())
        arriving.kept.seek(0)
        conn.sock.kept, conn.sock.complete = arriving.kept, arriving.complete
        conn.data_ready = True
        super().enqueue_req(conn)

    def _refuse(self, conn: TConn, arriving: Arriving, why: Exception) -> None:
        self.poller.unregister(conn.sock)
        self._arriving.pop(conn).kept.close()
        if arriving.received:
            with suppress(OSError):  # gone, or takes nothing either
                conn.sock.send(farewell(why, self.watch))
        self._leave(conn)

    def _drop(self, conn: TConn) -> None:
        self.poller.unregister(conn.sock)
        self._arriving.pop(conn).kept.close()
        self._close(conn)

    def _leave(self, conn: TConn) -> None:
        """Close a connection when its client has, or had the time to read the last answer.

        Closed at once with bytes unread it would be reset, and the answer be lost (RFC 9112, 9.6).
        """
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        conn.sock.setblocking(False)
        self._leaving[conn] = time.monotonic() + LEAVING
        self.poller.register(conn.sock, EVENT_READ, partial(self._throw_away, conn))

    def _throw_away(self, conn: TConn, _sock: object) -> None:
        try:
            if any(not conn.sock.recv(AT_ONCE) for _ in range(TURNS)):
                self._part(conn)
        except BlockingIOError:
            pass
        except OSError:
            self._part(conn)

    def _part(self, conn: TConn) -> None:
        del self._leaving[conn]
        self.poller.unregister(conn.sock)
        self._close(conn)

    def _close(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()


def receiving(largest: int, patience: float = PATIENCE) -> type[Worker]:
    """Return the worker for bodies of so many bytes and clients of so much patience."""
    return type("Receiving", (Worker,), {"largest": largest, "patience": patience})
