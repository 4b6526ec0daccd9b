"""A package as somebody brings it: a ZIP or a folder, read file by file and never unpacked."""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Protocol

from service.domain.errors import Rejected
from service.ledger.signing.packages import MANIFEST

LITTER = re.compile(r"(?:.*/)?(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)|__MACOSX/.*")
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError)


class PackageUnreadable(Rejected):
    """The file is no ZIP or is damaged, or there is no manifest in it."""

    code = "package-unreadable"
    title = "Пакет не читается"


class Open(Protocol):
    """Opens one file for reading."""

    def __call__(self) -> IO[bytes]:
        """Return the file from its beginning; raises one of BROKEN."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The files of a package by path from the folder of its manifest, in composed Unicode."""

    files: Mapping[str, Open]

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file, None if there is none; at most a byte more than `limit`.

        Raises PackageUnreadable if it cannot be read to its end.
        """
        found = self.files.get(unicodedata.normalize("NFC", path))
        if found is None:
            return None
        try:
            with found() as file:
                return file.read(limit + 1)
        except BROKEN as error:
            raise PackageUnreadable(f"Файл {path} внутри пакета повреждён.") from error


def looks_like_package(path: Path) -> bool:
    """Return whether a path is a folder or a ZIP with a manifest: a DOCX, say, has none."""
    try:
        with opened(path):
            return True
    except PackageUnreadable:
        return False


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open a package; PackageUnreadable says why it is none."""
    if path.is_dir():
        inside = (one for one in path.rglob("*") if one.is_file() and not one.is_symlink())
        yield Opened(
            _rooted({one.relative_to(path).as_posix(): partial(one.open, "rb") for one in inside})
        )
        return
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as error:
        raise PackageUnreadable(
            "Это не пакет: нужен файл ZIP целиком или папка, в которую он распакован."
        ) from error
    with archive:
        entries = [one for one in archive.infolist() if not one.is_dir()]
        names = {one.filename: partial(archive.open, one) for one in entries}
        if len(names) != len(entries):
            raise PackageUnreadable("В пакете два файла под одним именем: верить нельзя ни одному.")
        yield Opened(_rooted(names))


def _rooted(names: Mapping[str, Open]) -> dict[str, Open]:
    """Return files by path from the folder of the outermost manifest; litter is left out."""
    composed = {
        unicodedata.normalize("NFC", name): how
        for name, how in names.items()
        if LITTER.fullmatch(name) is None
    }
    folders = sorted(
        (name.removesuffix(MANIFEST) for name in composed if f"/{name}".endswith(f"/{MANIFEST}")),
        key=lambda folder: folder.count("/"),
    )
    if not folders:
        raise PackageUnreadable(f"Это не пакет: в нём нет описи ({MANIFEST}).")
    root = folders[0]
    return {
        name.removeprefix(root) if name.startswith(root) else f"../{name}": how
        for name, how in composed.items()
    }
