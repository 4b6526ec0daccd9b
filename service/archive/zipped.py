"""A ZIP written as it is sent: one member in memory at a time, the same members the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

READABLE = 0o644 << 16
UNIX = 3
LARGEST = (1 << 32) - 1  # beyond it, or with more members, records of ZIP64 come in
MOST = (1 << 16) - 1
LOCAL, CENTRAL, END = 30, 46, 22  # bytes of the records besides the names


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a ZIP: its path in it («/» between folders), its size and how it is read."""

    path: str
    size: int
    read: Callable[[], bytes]


def zipped(members: Iterable[Member], at: datetime) -> Iterator[bytes]:
    """Yield a ZIP (stored, names in UTF-8) piece by piece; every member bears the time `at`.

    Documents are packed inside already, so packing them again would only cost time. The checksum
    stands before each body: readers that take the file from a stream can read it too.
    """
    window = _Window()
    time = at.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(window, "w", zipfile.ZIP_STORED) as archive:
        for member in members:
            entry = zipfile.ZipInfo(member.path, time)
            entry.create_system = UNIX
            entry.external_attr = READABLE
            archive.writestr(entry, member.read())
            yield window.taken()
    yield window.taken()


def size_of(members: Sequence[Member]) -> int | None:
    """Return how many bytes `zipped` yields, or None where only writing it would tell."""
    names = [len(member.path.encode()) for member in members]
    total = END + sum(member.size for member in members)
    total += sum(LOCAL + CENTRAL + 2 * name for name in names)
    return total if total < LARGEST and len(members) < MOST else None


class _Window(io.RawIOBase):
    """Where a ZIP is written: what was taken is gone, the rest may still be written over."""

    def __init__(self) -> None:
        super().__init__()
        self._gone = 0
        self._held = io.BytesIO()

    def taken(self) -> bytes:
        """Return all that is held and let it go."""
        body = self._held.getvalue()
        self._gone += len(body)
        self._held = io.BytesIO()
        return body

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._gone + self._held.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or offset < self._gone:
            raise io.UnsupportedOperation("only forward of what was taken")
        self._held.seek(offset - self._gone)
        return offset

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self._held.write(data)
