"""A JSON text that lies in a file: read as a whole or in parts, and not held."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import BinaryIO

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class JsonFile:
    """The text of a file; bytes are counted from where it begins, after a byte order mark."""

    file: BinaryIO
    begins: int

    @classmethod
    def of(cls, file: BinaryIO) -> JsonFile:
        """Return the text of an open file that nobody changes meanwhile."""
        file.seek(0)
        return cls(file, len(BOM) if file.read(len(BOM)) == BOM else 0)

    def whole(self) -> bytes:
        """Return all of it."""
        return self.part(0, self.file.seek(0, os.SEEK_END) - self.begins)

    def part(self, start: int, end: int) -> bytes:
        """Return its bytes from a place to another."""
        self.file.seek(self.begins + start)
        return self.file.read(end - start)
