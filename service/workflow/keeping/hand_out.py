"""A package leaves the service: one ZIP, each file read when its turn comes and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from service.archive.zipped import Member, size_of, zipped
from service.domain.package_manifest import PackageManifest, PackedFile, parse
from service.ledger import copies
from service.ledger.copies import Kept
from service.ledger.database import Database
from service.ledger.files import Files
from service.ledger.signing import attorneys
from service.ledger.signing.packages import MANIFEST, Package
from service.workflow.keeping.archived import ArchivedFiles

SIGNATURE = f"{MANIFEST}.p7s"


@dataclass(frozen=True, slots=True)
class Handed:
    """A ZIP on its way; `size` is None for one too large to tell before it is written."""

    size: int | None
    pieces: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class HandOut:
    """Writes packages as ZIP; the same package in the same state is the same bytes."""

    database: Database
    files: Files
    archived: ArchivedFiles

    def manifest(self, package: Package) -> PackageManifest:
        """Return what a package holds."""
        return parse(self.files.read(package.manifest))

    def __call__(self, package: Package) -> Handed:
        """Return the ZIP: `manifest.json`, its `.p7s` once signed, then the documents' files.

        Powers of attorney behind the signatures of the manifest stand beside its `.p7s`. One file
        is in memory at a time; one that is lost everywhere breaks the ZIP off with what
        `ArchivedFiles` raises.
        """
        listed = self.files.read(package.manifest)
        first = {MANIFEST: listed} | self._beside(package)
        members = [
            *(Member(name, len(body), partial(bytes, body)) for name, body in first.items()),
            *(Member(one.path, one.size, partial(self._body, one)) for one in parse(listed).files),
        ]
        return Handed(size_of(members), zipped(members, package.created_at))

    def _beside(self, package: Package) -> dict[str, bytes]:
        """Return what came with the signatures of the manifest, which it cannot name itself."""
        if package.signature is None:
            return {}
        with self.database.reading() as connection:
            powers = attorneys.of_subject(connection, package.id)
        signature = self.files.read(package.signature)
        return {SIGNATURE: signature} | attorneys.bodies(self.files, powers)

    def _body(self, file: PackedFile) -> bytes:
        return self.archived.read(file.sha256, self._copies(file))

    def _copies(self, file: PackedFile) -> Iterator[Kept]:
        """Yield a file's copies; the ledger is asked when the first is wanted."""
        with self.database.reading() as connection:
            kept = copies.of_document(connection, file.document)
        yield from (one for one in kept if one.sha256 == file.sha256)
