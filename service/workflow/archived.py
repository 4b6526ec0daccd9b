"""Digests of archived documents' files: those written down, the others reckoned anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from service.ledger.copies import Kept
from service.ledger.evidence import Held
from service.workflow.fetch import Fetch
from signing import digests


@dataclass(frozen=True, slots=True)
class ArchivedFiles:
    """Knows files by their digests; reads one only where its digest is not known yet."""

    fetch: Fetch

    def digests(self, held: Iterable[Kept], algorithm: str) -> tuple[bytes, ...]:
        """Return the digests of a document's files, by name.

        Raises what the stores raise for a file that is nowhere whole.
        """
        return tuple(self._digest(copies, algorithm) for copies in by_file(held))

    def body(self, copies: Sequence[Kept]) -> bytes:
        """Return the bytes of the file that has these copies, exactly those archived."""
        return self.fetch(copies[0].sha256, copies)

    def _digest(self, copies: Sequence[Kept], algorithm: str) -> bytes:
        known = known_digest(copies[0], algorithm)
        return digests.digest(algorithm, self.body(copies)) if known is None else known


def known_digest(file: Kept | Held, algorithm: str) -> bytes | None:
    """Return a file's digest if it was written down when the file was archived."""
    written = {"sha256": file.sha256, "streebog256": file.streebog256}.get(algorithm)
    return bytes.fromhex(written) if written else None


def by_file(held: Iterable[Kept]) -> tuple[tuple[Kept, ...], ...]:
    """Return the copies of each file, by its name."""
    name = attrgetter("name")
    return tuple(tuple(copies) for _, copies in groupby(sorted(held, key=name), key=name))
