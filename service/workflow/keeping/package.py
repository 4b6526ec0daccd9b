"""Documents are put into a package: what it holds is listed once, in bytes that can be signed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from service.documents.kind import DocumentKind
from service.domain.approving.approval import Role
from service.domain.errors import Fault, Rejected
from service.domain.package_manifest import PackageManifest, PackedFile
from service.ledger import audit, copies, documents, snapshots, versions
from service.ledger.copies import Kept
from service.ledger.database import Database
from service.ledger.documents import Document, State
from service.ledger.files import Files
from service.ledger.ids import id_of
from service.ledger.signing import packages
from service.ledger.signing.packages import Package
from service.workflow.keeping import filing
from service.workflow.keeping.archived import ArchivedFiles, by_file
from service.workflow.keeping.deposit import MANIFEST, media_type
from service.workflow.keeping.filing import Titled
from service.workflow.keeping.fingerprint import streebog256

MOST = 5000  # documents
SHOWN = 100  # of them, in a refusal
KEPT = frozenset({State.ARCHIVED, State.IN_ONE_STORE})


class PackageRefused(Rejected):
    """Not everything that was asked for is in the archive."""

    code = "package-refused"
    title = "Пакет не собран"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a search found: documents of the archive, and those that are not in it yet."""

    documents: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Packed:
    """A package; `new` unless the same documents were put together before."""

    package: Package
    new: bool


@dataclass(frozen=True, slots=True)
class Pack:
    """Puts documents into packages; the same documents again are the same package."""

    database: Database
    files: Files
    archived: ArchivedFiles
    kinds: Mapping[str, DocumentKind]
    route: Callable[[str], tuple[Role, ...]]  # who signs a school's packages

    def __call__(self, school: str, wanted: Iterable[str], by: str, at: datetime) -> Packed:
        """Return the package of a school's documents, listed and written down if it is new.

        Raises PackageRefused that names every document that cannot go in.
        """
        listed = tuple(wanted)
        names = tuple(sorted(set(listed)))
        id_ = id_of("package", school, *names)
        with self.database.reading() as connection:
            known = packages.find(connection, id_)
            if known is not None:
                return Packed(known, new=False)
            found = self._checked(connection, school, names, listed)
            titled = self._titled(connection, found)
            kept = copies.of_documents(connection, names)
            held = {name: _packed_files(kept[name]) for name in names}
        manifest = self._manifest(school, titled, held).dumped()
        made = Package(
            id=id_,
            school=school,
            documents=names,
            route=self.route(school),
            manifest=self.files.keep(manifest),
            created_by=by,
            created_at=at,
        )
        with self.database.writing() as connection:
            known = packages.find(connection, id_)
            if known is not None:
                return Packed(known, new=False)
            packages.add(connection, made)
            details = {"manifest": made.manifest, "documents": len(names)}
            audit.append(connection, audit.Event(at, school, id_, by, "package", details))
        return Packed(made, new=True)

    def choose(self, school: str, year: str, class_id: str | None, kind: str | None) -> Chosen:
        """Return every version of a year's documents that is in the archive, and what is not yet.

        Left out are current versions only: what was sent back or replaced is nobody's loss.
        """
        with self.database.reading() as connection:
            found = documents.of_year(connection, school, year, class_id, kind)
            open_ones = [one.id for one in found if one.state not in KEPT and one.stands]
            replaced = versions.successors(connection, open_ones)
            waiting = [one for one in open_ones if one not in replaced]
        return Chosen(tuple(one.id for one in found if one.state in KEPT), tuple(waiting))

    def _checked(
        self,
        connection: Connection,
        school: str,
        names: tuple[str, ...],
        wanted: tuple[str, ...],
    ) -> tuple[Document, ...]:
        if not names:
            raise PackageRefused("В архиве нет ни одного такого документа: собирать нечего.")
        if len(names) > MOST:
            raise PackageRefused(
                f"Документов {len(names)}, а в пакет входит не больше {MOST}: разделите их."
            )
        found = [documents.find(connection, name) for name in names]
        good = [one for one in found if one is not None and one.school == school]
        states = {one.id: one.state for one in good}
        faults = [
            _fault(index, name, states.get(name))
            for index, name in enumerate(wanted)
            if states.get(name) not in KEPT
        ]
        if faults:
            raise PackageRefused(
                f"В пакет входят только документы из архива. Не подходит: {len(faults)}.",
                tuple(faults[:SHOWN]),
                len(faults),
            )
        return tuple(good)

    def _titled(self, connection: Connection, found: Iterable[Document]) -> list[Titled]:
        terms: dict[str, dict[str, str]] = {}
        titled = []
        for one in found:
            if one.snapshot not in terms:
                row = snapshots.get(connection, one.school, one.snapshot)
                terms[one.snapshot] = {term.id: term.title for term in row.terms}
            term = terms[one.snapshot].get(one.term, one.term)
            kind = self.kinds.get(one.kind)
            titled.append(Titled(one, kind.title if kind else one.kind, term))
        return titled

    def _manifest(
        self, school: str, titled: list[Titled], held: Mapping[str, Mapping[str, tuple[Kept, ...]]]
    ) -> PackageManifest:
        paths = filing.paths(titled, held)
        files = [
            PackedFile(
                path=paths[one.document.id, name],
                media_type=media_type(name),
                size=same[0].size,
                sha256=same[0].sha256,
                streebog256=same[0].streebog256 or self._national(same),
                document=one.document.id,
                kind=one.document.kind,
                version=one.document.version,
            )
            for one in titled
            for name, same in held[one.document.id].items()
        ]
        return PackageManifest(
            school=school, files=tuple(sorted(files, key=lambda file: file.path))
        )

    def _national(self, same: tuple[Kept, ...]) -> str | None:
        """Return Streebog-256 of a file archived where it could not be reckoned, if it can here."""
        if streebog256(b"") is None:
            return None
        return streebog256(self.archived.body(same))


def _fault(index: int, name: str, state: State | None) -> Fault:
    """Return why the `index`-th document that was named cannot go in."""
    place = f"/documents/{index}"
    if state is None:
        return Fault(place, "document-missing", f"Документа {name} нет: проверьте номер.")
    message = f"Документ {name} ещё не в архиве (состояние «{state}»)."
    return Fault(place, "not-archived", message)


def _packed_files(kept: Iterable[Kept]) -> dict[str, tuple[Kept, ...]]:
    """Return a document's copies by file, its own manifest left out: the package has one."""
    return {same[0].name: same for same in by_file(kept) if same[0].name != MANIFEST}
