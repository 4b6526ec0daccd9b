"""A file of an archived document, from the data folder or from the archive, never unchecked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.archive.store import ObjectStore
from service.domain.errors import ServiceError
from service.ledger.copies import Kept
from service.ledger.files import FileDamaged, FileLost, Files, sha256


@dataclass(frozen=True, slots=True)
class Fetch:
    """Reads files by their SHA-256."""

    files: Files
    store: ObjectStore

    def __call__(self, name: str, copies: Iterable[Kept]) -> bytes:
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
