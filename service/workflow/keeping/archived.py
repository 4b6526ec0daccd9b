"""Files of archived documents, from the data folder or out of the stores, never unchecked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from service.archive.store import ObjectStore
from service.domain.errors import ServiceError
from service.ledger.copies import Kept
from service.ledger.files import FileDamaged, FileLost, Files, sha256
from service.ledger.proof.evidence import Held
from signing import digests


@dataclass(frozen=True, slots=True)
class ArchivedFiles:
    """Reads files by their SHA-256, and for a digest only where it was not written down."""

    files: Files
    store: ObjectStore

    def read(self, name: str, copies: Iterable[Kept]) -> bytes:
        """Return the body with this SHA-256: the working file, else a copy read by its version.

        Raises the failure of the last store asked, or FileLost where there is no copy to ask for.
        """
        try:
            return self.files.read(name)
        except (FileLost, FileDamaged) as error:
            failure: ServiceError = error
        for kept in copies:
            try:
                body = self.store.get(kept.key, kept.version_id)
            except ServiceError as error:
                failure = error
                continue
            if sha256(body) == name:
                return body
        raise failure

    def body(self, copies: Sequence[Kept]) -> bytes:
        """Return the bytes of the file that has these copies, exactly those archived."""
        return self.read(copies[0].sha256, copies)

    def digests(self, held: Iterable[Kept], algorithm: str) -> tuple[bytes, ...]:
        """Return the digests of a document's files, by name.

        Raises what the stores raise for a file that is nowhere whole.
        """
        return tuple(self._digest(copies, algorithm) for copies in by_file(held))

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
