"""HTTP calls that are over at a moment, however slowly what they wait for may drip.

A timeout of `requests` is of a silence: a byte now and then, in the handshake of TLS, the headers
or the body, holds whoever waits for as long as it comes.
"""

from __future__ import annotations

from contextlib import suppress
from socket import SHUT_RDWR, socket
from threading import Timer
from time import monotonic
from typing import Any

from requests import PreparedRequest, Response, Timeout
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection


class Hurried(HTTPAdapter):
    """Carries what a session sends; its connections are cut off at a moment of `monotonic`.

    The caller meets a RequestException then, as if the other side had gone away.
    """

    def __init__(self, until: float) -> None:
        self._until = until
        super().__init__()

    def send(self, *sent: Any, **more: Any) -> Response:
        """Return the answer, its body not yet read; raises Timeout if time is over."""
        answer = super().send(*sent, **more)
        if monotonic() >= self._until:  # headers that were cut off look whole
            answer.close()
            raise Timeout
        return answer

    def get_connection_with_tls_context(
        self, request: PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """Return the pool whose connections carry a request; see `HTTPAdapter`."""
        pool: Any = super().get_connection_with_tls_context(request, verify, proxies, cert)
        pool.ConnectionCls = _Tls if pool.scheme == "https" else _Plain
        pool.conn_kw["until"] = self._until
        return pool


class _Plain(HTTPConnection):
    _ends: _End | None = None

    def __init__(self, *args: Any, until: float, **more: Any) -> None:
        super().__init__(*args, **more)
        self._until = until

    def _new_conn(self) -> socket:
        made = super()._new_conn()
        self._ends = _End(made, self._until)
        return made

    def close(self) -> None:
        super().close()
        if self._ends is not None:
            self._ends.off()


class _Tls(_Plain, HTTPSConnection):
    pass


class _End:
    """The end of a connection at a moment; TLS may take the socket over meanwhile."""

    def __init__(self, of: socket, until: float) -> None:
        self._beside = of.dup()
        self._timer = Timer(max(0.0, until - monotonic()), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def off(self) -> None:
        self._timer.cancel()
        self._beside.close()

    def _cut(self) -> None:
        with suppress(OSError):  # it is over already
            self._beside.shutdown(SHUT_RDWR)
