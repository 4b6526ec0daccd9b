"""A store on a disk of its own: each file is written once, in a folder committed by one rename."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.archive.store import (
    MOST_TAGS,
    Copy,
    LockNotEnforced,
    ObjectExists,
    ObjectMissing,
    StoreLies,
    StoreRefused,
    StoreUnavailable,
    whole_second,
)

MODE = "WRITE-ONCE"  # root can undo it: never to be called COMPLIANCE
MARK = "vedomost-store.json"

_OBJECTS = "objects"
_DRAFTS = "tmp"
_META = "@meta.json"
_FOLDER = "@1"  # no key holds «@»: what is ours is never taken for a file or folder of a key
_TAKEN = frozenset({errno.EEXIST, errno.ENOTEMPTY})


def prepare_folder(name: str, path: Path) -> bool:
    """Make a disk's folder a store called `name`, by an administrator; False if it is one already.

    Its mark tells a mounted disk from the empty mount point of an absent one.
    """
    with _speaking_for(name):
        path.mkdir(parents=True, exist_ok=True)
        mark = path / MARK
        if mark.exists():
            _must_be(name, path)
            return False
        for inner in (_OBJECTS, _DRAFTS):
            (path / inner).mkdir(exist_ok=True)
        draft = path / f"{MARK}.{secrets.token_hex(4)}"
        _write(draft, json.dumps({"schema": "vedomost-store/1", "name": name}).encode())
        draft.rename(mark)
        _sync(path)
    return True


def open_folder(name: str, path: Path) -> FolderStore:
    """Return the store in a prepared folder; what an interrupted write left behind is removed.

    StoreUnavailable if the disk is not there, StoreRefused if it is another store's.
    """
    store = FolderStore(name, path)
    with _speaking_for(name):
        _must_be(name, path)
        store._sweep()
    return store


@dataclass(frozen=True, slots=True)
class FolderStore:
    """An ObjectStore: `objects/{key}@1/` holds the file under its own name and `@meta.json`."""

    name: str
    path: Path

    def put(
        self,
        key: str,
        body: bytes,
        *,
        keep_until: datetime,
        tags: Mapping[str, str],
        media_type: str,
    ) -> Copy:
        """Write, sync, commit by rename, sync the parent, read back."""
        if len(tags) > MOST_TAGS:
            raise StoreRefused(
                f"Хранилище «{self.name}» берёт до {MOST_TAGS} меток на файл: {key}."
            )
        until = whole_second(keep_until)
        with _speaking_for(self.name):
            _must_be(self.name, self.path)
            place = self._place(key)
            if not place.exists():
                meta = {
                    "key": key,
                    "sha256": hashlib.sha256(body).hexdigest(),
                    "size": len(body),
                    "media_type": media_type,
                    "mode": MODE,
                    "locked_until": until.isoformat(),
                    "tags": dict(tags),
                }
                self._commit(place, body, meta)
            return self._confirmed(key, body, until)

    def get(self, key: str, version_id: str | None = None) -> bytes:
        """Return the file if it still has the hash it was written with."""
        with _speaking_for(self.name):
            copy = self._described(key)
            if version_id not in {None, copy.version_id}:
                raise ObjectMissing(f"В хранилище «{self.name}» нет этой версии файла {key}.")
            body = self._body(key)
        if hashlib.sha256(body).hexdigest() != copy.sha256:
            raise self._lie(key, "содержимое не совпадает с записанной хеш-суммой")
        return body

    def stat(self, key: str) -> Copy:
        """Return what `@meta.json` says."""
        with _speaking_for(self.name):
            return self._described(key)

    def check(self, copy: Copy) -> Copy:
        """Read the file again: its bytes, and that the date was not moved back."""
        body = self.get(copy.key, copy.version_id)
        held = self.stat(copy.key)
        if hashlib.sha256(body).hexdigest() != copy.sha256:
            raise self._lie(copy.key, "содержимое изменилось")
        if held.mode != copy.mode or held.locked_until < copy.locked_until:
            raise self._lie(copy.key, "срок хранения стал короче")
        return held

    def prove_lock(self, now: datetime) -> None:
        """Try to put other bytes over a canary: the store must refuse and keep the first ones."""
        key, first = "canary/once", b"canary"
        self.put(key, first, keep_until=now, tags={}, media_type="text/plain")
        try:
            self.put(key, b"cuckoo", keep_until=now, tags={}, media_type="text/plain")
        except ObjectExists:
            if self.get(key) == first:
                return
        raise LockNotEnforced(f"Хранилище «{self.name}» дало заменить проверочный файл.")

    def _place(self, key: str) -> Path:
        parts = key.split("/")
        if not all(parts) or {".", ".."} & set(parts) or _FOLDER[0] in key or "\0" in key:
            raise StoreRefused(f"Хранилище «{self.name}» не принимает ключ «{key}».")
        return self.path.joinpath(_OBJECTS, *parts[:-1], parts[-1] + _FOLDER)

    def _body(self, key: str) -> bytes:
        try:
            return (self._place(key) / key.rpartition("/")[2]).read_bytes()
        except FileNotFoundError:
            raise self._lie(key, "файл пропал из своей папки") from None

    def _commit(self, place: Path, body: bytes, meta: Mapping[str, object]) -> None:
        """Make the finished folder appear under its name, or find that another writer was first."""
        with self._draft() as draft:
            _write(draft / place.name.removesuffix(_FOLDER), body)
            _write(draft / _META, _json(meta))
            _sync(draft)
            _make_folders(place.parent, self.path)
            try:
                draft.rename(place)
            except OSError as error:
                if error.errno not in _TAKEN:
                    raise

    def _confirmed(self, key: str, body: bytes, until: datetime) -> Copy:
        """Read back what is committed; a date that is too early is moved forward, never back."""
        if self.get(key) != body:
            raise ObjectExists(f"В хранилище «{self.name}» под {key} уже лежит другой файл.")
        place = self._place(key)
        copy = self._described(key)
        if copy.locked_until < until:
            with self._draft() as draft:
                meta = json.loads((place / _META).read_bytes())
                _write(draft / _META, _json(meta | {"locked_until": until.isoformat()}))
                place.chmod(0o755)
                (draft / _META).replace(place / _META)
            copy = self._described(key)
        place.chmod(0o555)
        _sync(place)
        _sync(place.parent)
        return copy

    def _described(self, key: str) -> Copy:
        try:
            meta = json.loads((self._place(key) / _META).read_bytes())
            return Copy(
                store=self.name,
                key=meta["key"],
                version_id=meta["sha256"][:32],
                mode=meta["mode"],
                locked_until=datetime.fromisoformat(meta["locked_until"]),
                sha256=meta["sha256"],
                size=meta["size"],
            )
        except FileNotFoundError:
            _must_be(self.name, self.path)
            if self._place(key).exists():
                raise self._lie(key, f"{_META} пропал") from None
            raise ObjectMissing(f"В хранилище «{self.name}» нет файла {key}.") from None
        except (ValueError, KeyError, TypeError):
            raise self._lie(key, f"{_META} повреждён") from None

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        """Yield a folder of our own in `tmp/`; while it lives, nobody sweeps there."""
        with _locked(self.path / _DRAFTS, fcntl.LOCK_SH):
            draft = self.path / _DRAFTS / secrets.token_hex(16)
            draft.mkdir(mode=0o755)
            try:
                yield draft
            finally:
                shutil.rmtree(draft, ignore_errors=True)

    def _sweep(self) -> None:
        """Remove what a killed writer left, unless somebody is writing right now."""
        drafts = self.path / _DRAFTS
        try:
            with _locked(drafts, fcntl.LOCK_EX | fcntl.LOCK_NB):
                for leftover in drafts.iterdir():
                    shutil.rmtree(leftover)
        except BlockingIOError:
            return

    def _lie(self, key: str, what: str) -> StoreLies:
        return StoreLies(f"Хранилище «{self.name}», {key}: {what}. Сообщите администратору.")


def _must_be(name: str, path: Path) -> None:
    """Refuse a folder that is not this store: a disk not mounted, or the wrong one."""
    try:
        mark = json.loads((path / MARK).read_bytes())
    except FileNotFoundError:
        raise StoreUnavailable(
            f"Диск хранилища «{name}» не подключён или папка не подготовлена (нет файла {MARK})."
        ) from None
    except ValueError:
        raise StoreLies(f"Хранилище «{name}»: файл {MARK} повреждён.") from None
    if mark.get("name") != name:
        raise StoreRefused(f"Подключён диск хранилища «{mark.get('name')}», а нужен «{name}».")


@contextmanager
def _speaking_for(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            reason = "на диске нет места"
        raise StoreUnavailable(f"Хранилище «{name}»: {reason}. Проверьте диск.") from error


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    """Hold an advisory lock on a folder; the system drops it when the process dies."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def _json(meta: Mapping[str, object]) -> bytes:
    return json.dumps(meta, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _write(path: Path, body: bytes) -> None:
    """Write a new read-only file and wait until the disk has it."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_folders(folder: Path, root: Path) -> None:
    """Make a folder and those above it up to `root`, each known to its parent on the disk."""
    missing = []
    while folder != root and not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir(exist_ok=True)
        _sync(new.parent)
