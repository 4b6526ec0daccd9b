"""Anybody, any time: is a package whole, who signed its manifest, and do its documents hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.domain.package_manifest import LARGEST as LARGEST_MANIFEST
from service.domain.package_manifest import PackageManifest, PackedFile, parse
from service.ledger.files import sha256
from service.ledger.signing.packages import MANIFEST
from service.workflow.keeping.deposit import DOCX_P7S, MEDIA_TYPES, PDF
from service.workflow.keeping.fingerprint import streebog256
from service.workflow.keeping.hand_out import SIGNATURE
from service.workflow.keeping.opened_package import Opened, PackageUnreadable, opened
from signing.detached import digest_of
from signing.errors import SigningError
from signing.reports import SignatureReport
from signing.signed_data import LARGEST as LARGEST_P7S
from signing.trust import Trust
from signing.verify import verify, verify_detached

LARGEST = 512 << 20  # bytes of one file that is checked at all
BESIDE = re.compile(r"attorney(?:-\d+)?\.xml(?:\.sig)?")  # come with a signature, sign themselves
P7S = ".p7s"
GOOD = "good"


@dataclass(frozen=True, slots=True)
class FileFound:
    """A file of the manifest as it was found.

    `code` is «good», «file-missing», «file-altered», «file-unreadable», «file-too-large» or what
    the reading of its signatures said; `reason` is Russian, empty if all is well. `signatures` are
    those inside a PDF, or those a `.p7s` makes of the file it is named after.
    """

    path: str
    document: str
    code: str
    reason: str = ""
    signatures: tuple[SignatureReport, ...] = ()

    @property
    def valid(self) -> bool | None:
        """Whether it is the file that was packed and every signature holds; None: unknown."""
        return False if self.code != GOOD else _all(one.valid for one in self.signatures)


@dataclass(frozen=True, slots=True)
class PackageReport:
    """What a package proves.

    `signatures` are those of the manifest, empty if nobody has signed it; `problem` says in
    Russian what is wrong with the manifest's `.p7s` itself. `strangers` are files that the
    manifest does not name: nothing vouches for them. `hashes` names what was compared.
    """

    sha256: str  # of the manifest
    school: str
    hashes: tuple[str, ...]  # «sha256», and «streebog256» where GOST is installed
    signatures: tuple[SignatureReport, ...]
    problem: str
    files: tuple[FileFound, ...]
    strangers: tuple[str, ...]

    @property
    def signed(self) -> bool:
        """Whether anybody has signed the manifest."""
        return bool(self.signatures)

    @property
    def valid(self) -> bool | None:
        """Whether it is signed and whole and every signature in it holds; None: unknown."""
        if not self.signed or self.problem or self.strangers:
            return False
        return _all((*(one.valid for one in self.signatures), *(one.valid for one in self.files)))


def verify_package(path: Path, trust: Trust, at: datetime) -> PackageReport:
    """Check a package, a ZIP or the folder it was unpacked into, as of `at`.

    Every file the manifest names is compared with its hashes (SHA-256, and Streebog-256 where the
    manifest has it and GOST is installed); `manifest.json.p7s`, every PDF and every `.p7s` of a
    DOCX are judged by `signing.verify`. One file is in memory at a time; nothing is unpacked to
    the disk. Raises PackageUnreadable, ManifestWrong.
    """
    with opened(path) as package:
        body = package.read(MANIFEST, LARGEST_MANIFEST)
        if body is None or len(body) > LARGEST_MANIFEST:
            raise PackageUnreadable(f"Опись ({MANIFEST}) слишком велика: это не пакет.")
        manifest = parse(body)
        signatures, problem = _of_manifest(package, body, trust, at)
        files = tuple(_checked(package, one, trust, at) for one in manifest.files)
        return PackageReport(
            sha256=sha256(body),
            school=manifest.school,
            hashes=("sha256",) if streebog256(b"") is None else ("sha256", "streebog256"),
            signatures=signatures,
            problem=problem,
            files=files,
            strangers=_strangers(package, manifest),
        )


def _of_manifest(
    package: Opened, body: bytes, trust: Trust, at: datetime
) -> tuple[tuple[SignatureReport, ...], str]:
    p7s = package.read(SIGNATURE, LARGEST_P7S)
    if p7s is None:
        return (), ""
    try:
        return verify_detached(p7s, digest_of(body), trust, at), ""
    except SigningError as error:
        return (), str(error)


def _checked(package: Opened, file: PackedFile, trust: Trust, at: datetime) -> FileFound:
    def found(code: str, reason: str) -> FileFound:
        return FileFound(file.path, file.document, code, reason)

    if file.size > LARGEST:
        return found("file-too-large", f"Файлы больше {LARGEST >> 20} МиБ не проверяются.")
    try:
        body = package.read(file.path, file.size)
    except PackageUnreadable as error:
        return found("file-unreadable", str(error))
    if body is None:
        return found("file-missing", "Файл назван в описи, но в пакете его нет.")
    if not _same(body, file):
        return found("file-altered", "Файл не тот, что был внесён в опись: хэш не совпадает.")
    try:
        return FileFound(
            file.path, file.document, GOOD, "", _signatures(package, file, body, trust, at)
        )
    except SigningError as error:
        return found(error.code, str(error))


def _same(body: bytes, file: PackedFile) -> bool:
    if len(body) != file.size or sha256(body) != file.sha256:
        return False
    return file.streebog256 is None or streebog256(body) in {None, file.streebog256}


def _signatures(
    package: Opened, file: PackedFile, body: bytes, trust: Trust, at: datetime
) -> tuple[SignatureReport, ...]:
    if file.media_type == MEDIA_TYPES[PDF]:
        return verify(body, trust, at)
    if file.media_type == MEDIA_TYPES[DOCX_P7S] and file.path.endswith(P7S):
        signed = package.read(file.path.removesuffix(P7S), LARGEST) or b""
        return verify_detached(body, digest_of(signed), trust, at)
    return ()


def _strangers(package: Opened, manifest: PackageManifest) -> tuple[str, ...]:
    known = {MANIFEST, SIGNATURE, *(one.path for one in manifest.files)}
    return tuple(
        sorted(name for name in package.files if name not in known and not BESIDE.fullmatch(name))
    )


def _all(outcomes: Iterable[bool | None]) -> bool | None:
    """Return False if anything fails, else None if anything is unknown, else True."""
    found = set(outcomes)
    if False in found:
        return False
    return None if None in found else True
