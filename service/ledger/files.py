"""Working files by their SHA-256: written whole or not at all, never changed."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from service.domain.errors import Missing, Unavailable, why

INCOMING = "incoming"


class FileLost(Missing):
    """The ledger names a working file that is not in the data folder."""

    code = "file-lost"
    title = "Файл не найден"


class FileDamaged(Unavailable):
    """A working file is not what its name says; it must come back from a backup or the archive."""

    code = "file-damaged"
    title = "Файл повреждён"


class DiskFull(Unavailable):
    """The data folder does not take a file: full, read-only or gone."""

    code = "disk-refuses"
    title = "Папка данных не принимает файл"


def sha256(body: bytes) -> str:
    """Return the hex SHA-256 by which a body is known everywhere."""
    return hashlib.sha256(body).hexdigest()


@dataclass(frozen=True, slots=True)
class Arrived:
    """A body that came in and lies on the disk of this host, not kept yet and not believed."""

    path: Path
    sha256: str
    size: int


class Shared(Protocol):
    """Where hosts that share a ledger share its working files too."""

    def put(self, name: str, body: bytes) -> None:
        """Keep a body under its SHA-256."""

    def get(self, name: str) -> bytes | None:
        """Return a body, or None."""

    def drop(self, name: str) -> None:
        """Remove a body, if it is there."""


@dataclass(frozen=True, slots=True)
class Files:
    """A folder of files named by their content; with `shared` it is one host's view of them."""

    folder: Path
    shared: Shared | None = None

    def keep(self, body: bytes) -> str:
        """Write a body so that a crash leaves all of it or nothing; return its SHA-256."""
        name = sha256(body)
        path = self.path(name)
        if not path.exists():
            self._write(path, body)
        if self.shared is not None:
            self.shared.put(name, body)
        return name

    @contextmanager
    def arriving(self, pieces: Iterable[bytes]) -> Iterator[Arrived]:
        """Write a body down as it comes in; in the end it is gone, unless `take` kept it."""
        mine, digest, size = self._incoming(), hashlib.sha256(), 0
        try:
            try:
                with mine.open("xb") as file:
                    for piece in pieces:
                        digest.update(piece)
                        size += file.write(piece)
            except OSError as error:
                raise _refusal(error) from None
            yield Arrived(mine, digest.hexdigest(), size)
        finally:
            mine.unlink(missing_ok=True)

    def take(self, arrived: Arrived) -> str:
        """Keep a body that arrived, as `keep` does; return its SHA-256."""
        path = self.path(arrived.sha256)
        try:
            if not path.exists():
                with arrived.path.open("rb") as file:
                    os.fsync(file.fileno())
                self._put(arrived.path, path)
            if self.shared is not None:
                self.shared.put(arrived.sha256, path.read_bytes())
        except OSError as error:
            raise _refusal(error) from None
        return arrived.sha256

    def clear(self, older: float) -> None:
        """Remove what began to come in so many seconds ago and was never finished."""
        for file in (self.folder / INCOMING).glob("*"):
            with suppress(OSError):
                if file.stat().st_mtime < time.time() - older:
                    file.unlink()

    def read(self, name: str) -> bytes:
        """Return a body; one that is gone or no longer has its hash is refused."""
        body = self.local(name).read_bytes()
        if sha256(body) != name:
            raise FileDamaged(
                f"Файл {name} в папке данных изменён: восстановите его из резервной копии."
            )
        return body

    def local(self, name: str) -> Path:
        """Return where a body lies on this host, brought here first if another host made it."""
        path = self.path(name)
        if path.exists():
            return path
        body = None if self.shared is None else self.shared.get(name)
        if body is None or sha256(body) != name:
            raise FileLost(f"Файла {name} нет среди рабочих файлов.")
        self._write(path, body)
        return path

    def path(self, name: str) -> Path:
        """Return where a body of this name lies, there or not."""
        return self.folder / "objects" / name[:2] / name

    def forget(self, name: str) -> None:
        """Remove a body nothing names any more; one that is gone already is no trouble."""
        if self.shared is not None:
            self.shared.drop(name)
        try:
            self.path(name).unlink(missing_ok=True)
        except OSError as error:
            raise DiskFull(f"Папка данных не отпускает файл: {why(error)}.") from None

    def derive(self, source: str, part: str, body: bytes) -> None:
        """Keep what was worked out of a source, to be found by it; it may be lost any time."""
        self._write(self._derived(source, part), body)

    def derived(self, source: str, part: str) -> bytes | None:
        """Return what was worked out of a source before, or None."""
        try:
            return self._derived(source, part).read_bytes()
        except FileNotFoundError:
            return None

    def _derived(self, source: str, part: str) -> Path:
        return self.folder / "derived" / source / sha256(part.encode())

    def _write(self, path: Path, body: bytes) -> None:
        mine = self._incoming()
        try:
            with mine.open("xb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            self._put(mine, path)
        except OSError as error:
            mine.unlink(missing_ok=True)
            raise _refusal(error) from None

    def _incoming(self) -> Path:
        folder = self.folder / INCOMING
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _refusal(error) from None
        return folder / f"{os.getpid()}-{secrets.token_hex(8)}"

    def _put(self, mine: Path, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        mine.replace(path)
        _settle(path.parent)


def _refusal(error: OSError) -> DiskFull:
    return DiskFull(f"Папка данных не принимает файл: {why(error)}.")


def _settle(folder: Path) -> None:
    """Make a rename outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
