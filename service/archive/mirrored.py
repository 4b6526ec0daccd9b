"""Two stores as one: a file counts when both hold it, and is read from either."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from service.archive.store import (
    Copy,
    ObjectMissing,
    ObjectStore,
    OneStoreOnly,
    StoreLies,
    StoreUnavailable,
)

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class MirroredStore:
    """An ObjectStore over two; its Copy is the primary's with the replica's as `twin`."""

    primary: ObjectStore
    replica: ObjectStore

    @property
    def name(self) -> str:
        """Both names, the primary's first."""
        return f"{self.primary.name}+{self.replica.name}"

    def put(
        self,
        key: str,
        body: bytes,
        *,
        keep_until: datetime,
        tags: Mapping[str, str],
        media_type: str,
    ) -> Copy:
        """Put into both. OneStoreOnly if only one took it: putting again completes the other."""
        held: list[Copy] = []
        failed: list[tuple[str, StoreUnavailable | StoreLies]] = []
        for store in (self.primary, self.replica):
            try:
                held.append(
                    store.put(key, body, keep_until=keep_until, tags=tags, media_type=media_type)
                )
            except (StoreUnavailable, StoreLies) as error:
                failed.append((store.name, error))
        match held:
            case [first, second]:
                return replace(first, twin=second)
            case [only]:
                ((missing, failure),) = failed
                raise OneStoreOnly(only, missing, failure) from failure
            case _:
                raise failed[0][1]

    def get(self, key: str, version_id: str | None = None) -> bytes:
        """Return the bytes from the first store that has them whole."""
        return self._first(lambda store: store.get(key, version_id))

    def stat(self, key: str) -> Copy:
        """Return the copies of the stores that answer and hold the file."""
        first = self._first(lambda store: store.stat(key))
        if first.store != self.primary.name:
            return first
        try:
            return replace(first, twin=self.replica.stat(key))
        except (ObjectMissing, StoreUnavailable, StoreLies):
            return first

    def check(self, copy: Copy) -> Copy:
        """Check a copy and its twin, each in its own store; a copy without a twin alone."""
        alone = replace(copy, twin=None)
        held = self._named(copy.store).check(alone)
        return held if copy.twin is None else replace(held, twin=self.check(copy.twin))

    def prove_lock(self, now: datetime) -> None:
        """Prove both locks."""
        self.primary.prove_lock(now)
        self.replica.prove_lock(now)

    def _named(self, name: str) -> ObjectStore:
        for store in (self.primary, self.replica):
            if store.name == name:
                return store
        raise ObjectMissing(f"Хранилища «{name}» нет в настройках, копию проверить негде.")

    def _first(self, ask: Callable[[ObjectStore], _Answer]) -> _Answer:
        """Return the first good answer; without one, a failure says more than absence."""
        try:
            return ask(self.primary)
        except ObjectMissing:
            return ask(self.replica)
        except (StoreUnavailable, StoreLies) as error:
            try:
                return ask(self.replica)
            except ObjectMissing:
                raise error from None
