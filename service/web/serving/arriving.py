"""A request on its way: its bytes are kept until it is whole, so that no thread waits for them."""

from __future__ import annotations

import re
from tempfile import SpooledTemporaryFile

MEMORY = 256 << 10  # bytes of a request kept in memory, more in a file without a name
HEAD = 64 << 10  # bytes in which every head ends that is read at all
LINE = 4 << 10  # bytes of the longest line between chunks
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,19})[ \t]*\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r]*\bchunked\b", re.IGNORECASE)
EXPECTING = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")


class Arriving:
    """The bytes of one request so far, of at most `largest` in the body.

    `whole` once nothing more is to be waited for: the request is complete, or it is one that is
    refused anyway. What a request is and says the server's parser judges from the same bytes; a
    mistake here costs a thread's patience and nothing else.
    """

    def __init__(self, largest: int, at: float) -> None:
        self.whole = False
        self.complete = False  # to the last byte of its body
        self.endless = b""  # the head so far, if it has no end that anybody would read to
        self.expects = False  # the client waits for «100 Continue» before it sends the body
        self.received = 0
        self.began = self.last = at
        self.kept = SpooledTemporaryFile(max_size=MEMORY)  # noqa: SIM115 - read by the request
        self._largest = largest
        self._head = bytearray()
        self._left: int | _Chunks | None = None  # None: the head is not complete

    def take(self, data: bytes, at: float) -> None:
        """Take the next bytes, received at a moment."""
        self.kept.write(data)
        self.received += len(data)
        self.last = at
        if self._left is None:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                self.whole = b"\n\n" in self._head  # ends that are none (RFC 9112, 2.2)
                if len(self._head) > HEAD:
                    self.whole, self.endless = True, bytes(self._head)
                return
            data = bytes(self._head[end + 4 :])
            self._begin(bytes(self._head[: end + 2]))
            self._head.clear()
        self._body(data)
        if self.received > self._largest + HEAD:
            self.whole = True

    def late(self, now: float, patience: float, slowest: float) -> bool:
        """Whether the client stalls, or sends fewer bytes a second than the slowest may."""
        stalls = now - self.last > patience
        return stalls or now - self.began > patience + self.received / slowest

    def _begin(self, head: bytes) -> None:
        length = LENGTH.search(head)
        if CHUNKED.search(head):
            self._left = _Chunks()
        else:
            self._left = int(length[1]) if length else 0
        self.expects = EXPECTING.search(head) is not None

    def _body(self, data: bytes) -> None:
        if isinstance(self._left, _Chunks):
            self._left.take(data)
            self.whole = self.complete = self._left.ended
        elif self._left is not None:
            self.complete = len(data) >= self._left
            self.whole = self.complete or self._left > self._largest
            self._left -= len(data)


class _Chunks:
    """Where a chunked body ends (RFC 9112, 7.1); what is no chunk ends it too."""

    def __init__(self) -> None:
        self.ended = False
        self._left = 0  # bytes of the chunk still to come
        self._line = b""
        self._trailers = False

    def take(self, data: bytes) -> None:
        at = 0
        while at < len(data) and not self.ended:
            if self._left:
                step = min(self._left, len(data) - at)
                self._left -= step
                at += step
                continue
            end = data.find(b"\n", at) + 1
            self._line += data[at : end or len(data)]
            at = end or len(data)
            if end:
                self._next(self._line.strip())
                self._line = b""
            elif len(self._line) > LINE:
                self.ended = True

    def _next(self, line: bytes) -> None:
        if self._trailers:
            self.ended = not line
        elif line:  # an empty one ends a chunk's bytes
            size = SIZE.match(line)
            self._left = int(size[0], 16) if size else 0
            self._trailers = self._left == 0
            self.ended = size is None
