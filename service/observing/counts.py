"""Counts of one process in a file others read, without a page of it in memory.

The library maps its files: where the disk is full, the first touch of a page that has no block yet
kills the process (SIGBUS). Here a disk that refuses costs no count: it is written later.
"""

from __future__ import annotations

import logging
import os
import struct
from contextlib import suppress
from pathlib import Path

from prometheus_client.mmap_dict import MmapedDict

LOG = logging.getLogger(__name__)

HEAD = struct.Struct("ii")  # bytes in use, of the head too; padding
LENGTH = struct.Struct("i")
PAIR = struct.Struct("dd")  # a value and its moment
ALIGNED = 8


class KeptCounts:
    """A file as `prometheus_client.mmap_dict.MmapedDict` lays it out, and in its place.

    What is in use was written before the head says so: a reader never meets half an entry. Like the
    library's, it is not safe for threads: its caller has a lock.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._file: int | None = None
        self._bytes = bytearray(HEAD.pack(HEAD.size, 0))
        self._written = 0  # bytes of which the file's head says that they are in use
        self._places: dict[str, int] = {}
        self._refused = False
        if is_begun(self._path):  # by a process that is gone, whose number this one has
            self._go_on()

    def read_value(self, key: str) -> tuple[float, float]:
        """Return a value and its moment; one that is new is nought."""
        if key not in self._places:
            self._add(key)
            self._write(self._places[key])
        value, moment = PAIR.unpack_from(self._bytes, self._places[key])
        return value, moment

    def write_value(self, key: str, value: float, moment: float) -> None:
        """Let a key have a value."""
        if key not in self._places:
            self._add(key)
        place = self._places[key]
        PAIR.pack_into(self._bytes, place, value, moment)
        self._write(place)

    def close(self) -> None:
        """Give the file back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _go_on(self) -> None:
        for key, _, _, place in MmapedDict.read_all_values_from_file(self._path):  # type: ignore[no-untyped-call]
            self._places[key] = place
            self._written = place + PAIR.size
        with self._path.open("rb") as file:
            self._bytes[:] = file.read(self._written)

    def _add(self, key: str) -> None:
        name = key.encode()
        name += b" " * (ALIGNED - (len(name) + LENGTH.size) % ALIGNED)
        self._bytes += LENGTH.pack(len(key.encode())) + name
        self._places[key] = len(self._bytes)
        self._bytes += PAIR.pack(0, 0)
        HEAD.pack_into(self._bytes, 0, len(self._bytes), 0)

    def _write(self, place: int) -> None:
        """Have a pair in the file, and all before it; a disk that refuses is asked again."""
        try:
            if self._file is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o640)
            if place < self._written:
                self._put(self._file, place, place + PAIR.size)
            else:
                self._put(self._file, self._written, len(self._bytes))
                self._put(self._file, 0, HEAD.size)
                self._written = len(self._bytes)
                self._refused = False
        except OSError as error:
            if not self._refused:
                LOG.warning("figures are kept in memory: %s", error.strerror)
            self._refused = True

    def _put(self, file: int, place: int, end: int) -> None:
        while place < end:
            place += os.pwrite(file, self._bytes[place:end], place)


def is_begun(file: Path) -> bool:
    """Return whether a file has its head: one made on a full disk may be empty."""
    with suppress(FileNotFoundError):
        return file.stat().st_size >= HEAD.size
    return False
