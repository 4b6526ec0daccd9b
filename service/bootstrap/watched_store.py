"""A store whose every answer is timed, and told with the code it ended with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from service.archive.store import Copy, ObjectStore
from service.domain.errors import ServiceError
from service.observing.watch import Watch

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class WatchedStore:
    """An ObjectStore over another."""

    store: ObjectStore
    watch: Watch

    @property
    def name(self) -> str:
        """The store's name."""
        return self.store.name

    def put(
        self,
        key: str,
        body: bytes,
        *,
        keep_until: datetime,
        tags: Mapping[str, str],
        media_type: str,
    ) -> Copy:
        """See ObjectStore."""
        return self._timed(
            "put",
            lambda: self.store.put(
                key, body, keep_until=keep_until, tags=tags, media_type=media_type
            ),
        )

    def get(self, key: str, version_id: str | None = None) -> bytes:
        """See ObjectStore."""
        return self._timed("get", lambda: self.store.get(key, version_id))

    def stat(self, key: str) -> Copy:
        """See ObjectStore."""
        return self._timed("stat", lambda: self.store.stat(key))

    def check(self, copy: Copy) -> Copy:
        """See ObjectStore."""
        return self._timed("check", lambda: self.store.check(copy))

    def prove_lock(self, now: datetime) -> None:
        """See ObjectStore."""
        self._timed("prove-lock", lambda: self.store.prove_lock(now))

    def _timed(self, operation: str, ask: Callable[[], _Answer]) -> _Answer:
        with self.watch.store(self.store.name, operation) as outcome:
            try:
                return ask()
            except ServiceError as error:
                outcome.code = error.code
                raise
