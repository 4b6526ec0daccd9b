"""Files of archived documents, read to be digested again; each only if its hash is not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.archive.store import ObjectStore
from service.ledger.copies import Kept
from service.ledger.files import FileDamaged, FileLost, Files, sha256
from signing import digests


@dataclass(frozen=True, slots=True)
class ArchivedFiles:
    """Reads from the data folder, and from the stores what is not there."""

    files: Files
    store: ObjectStore

    def digests(self, held: Iterable[Kept], algorithm: str) -> tuple[bytes, ...]:
        """Return the digests of a document's files, by name; one written down is not reckoned.

        Raises what the store raises for a file that is nowhere whole.
        """
        return tuple(self.digest(one, algorithm) for one in each_once(held))

    def digest(self, kept: Kept, algorithm: str) -> bytes:
        """Return the digest of one file."""
        known = {"sha256": kept.sha256, "streebog256": kept.streebog256}.get(algorithm)
        return bytes.fromhex(known) if known else digests.digest(algorithm, self.body(kept))

    def body(self, kept: Kept) -> bytes:
        """Return the bytes of one file, exactly those that were archived."""
        try:
            return self.files.read(kept.sha256)
        except (FileLost, FileDamaged):
            body = self.store.get(kept.key)
        if sha256(body) != kept.sha256:
            raise FileDamaged(f"Файл {kept.key} в архиве не тот, что был туда положен.")
        return body


def each_once(held: Iterable[Kept]) -> tuple[Kept, ...]:
    """Return one copy of each file, by name."""
    named = {one.name: one for one in held}
    return tuple(named[name] for name in sorted(named))
