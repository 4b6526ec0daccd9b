"""A store that is opened when first needed and believed only after its lock was seen to hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock

from service.archive.store import Copy, ObjectStore


class ProvenStore:
    """An ObjectStore over one that may not be there yet; before its first file comes a canary."""

    def __init__(
        self, name: str, reach: Callable[[], ObjectStore], clock: Callable[[], datetime]
    ) -> None:
        self._name = name
        self._reach = reach
        self._clock = clock
        self._turn = Lock()
        self._reached: ObjectStore | None = None
        self._proven = False

    @property
    def name(self) -> str:
        """The store's name, known before it answers."""
        return self._name

    def put(
        self,
        key: str,
        body: bytes,
        *,
        keep_until: datetime,
        tags: Mapping[str, str],
        media_type: str,
    ) -> Copy:
        """Put into the store, or raise LockNotEnforced if what it locks does not stay."""
        store = self._store()
        with self._turn:
            if not self._proven:
                store.prove_lock(self._clock())
                self._proven = True
        return store.put(key, body, keep_until=keep_until, tags=tags, media_type=media_type)

    def get(self, key: str, version_id: str | None = None) -> bytes:
        """Return what was put under `key`."""
        return self._store().get(key, version_id)

    def stat(self, key: str) -> Copy:
        """Return what `put` returned for `key`."""
        return self._store().stat(key)

    def check(self, copy: Copy) -> Copy:
        """Read a copy again."""
        return self._store().check(copy)

    def prove_lock(self, now: datetime) -> None:
        """Show that what is locked stays."""
        self._store().prove_lock(now)

    def _store(self) -> ObjectStore:
        with self._turn:
            if self._reached is None:
                self._reached = self._reach()
            return self._reached
