"""What a store of the archive promises: written once, locked until a date, read back at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from service.domain.errors import Conflict, Missing, ServiceError, Unavailable

MOST_TAGS = 10  # S3 takes no more on an object


class ObjectExists(Conflict):
    """Under this key other bytes are kept; nothing in the archive is ever replaced."""

    code = "object-exists"
    title = "В архиве уже лежит другой файл"


class ObjectMissing(Missing):
    """Nothing is kept under this key or version."""

    code = "object-missing"
    title = "В архиве нет такого файла"


class StoreUnavailable(Unavailable):
    """A store does not answer, is full or is not mounted; the same call may pass later."""

    code = "store-unavailable"
    title = "Хранилище не отвечает"


class StoreRefused(StoreUnavailable):
    """A store answers and says no: wrong credentials, no such bucket, a date it does not take."""

    code = "store-refused"
    title = "Хранилище отказало"


class ClockSkewed(StoreUnavailable):
    """A store does not believe the time of this host's requests: one of both clocks is wrong."""

    code = "store-clock-skewed"
    title = "Часы расходятся с хранилищем"


class StoreLies(Unavailable):
    """A store answered, but what it holds is not what it was given: bytes, lock or date differ."""

    code = "store-lies"
    title = "Хранилище вернуло не то, что ему дали"


class LockNotEnforced(StoreLies):
    """A store let a locked canary go or its lock be shortened; nothing is archived there."""

    code = "lock-not-enforced"
    title = "Хранилище не соблюдает блокировку"


@dataclass(frozen=True, slots=True)
class Copy:
    """One object as a store holds it: read back and found to be right.

    `mode` is COMPLIANCE (an S3 bucket with Object Lock) or WRITE-ONCE (a folder; root can undo it);
    `locked_until` is aware; `sha256` is hex; `twin` is the copy in the second store, if any.
    """

    store: str
    key: str
    version_id: str
    mode: str
    locked_until: datetime
    sha256: str
    size: int
    twin: Copy | None = None

    def each(self) -> Iterator[Copy]:
        """Yield this copy and its twins, each alone: one line a store."""
        copy: Copy | None = self
        while copy is not None:
            yield replace(copy, twin=None)
            copy = copy.twin

    def facts(self) -> dict[str, Any]:
        """Return what is written down of it, by name: all but the twin."""
        told = asdict(self)
        del told["twin"]
        return told


class OneStoreOnly(Unavailable):
    """One of two stores holds the object; putting it again completes the other.

    `copy` is what is held; `missing` names the store that failed; `failure` says how.
    """

    code = "one-store-only"
    title = "Файл пока лежит только в одном хранилище"

    def __init__(self, copy: Copy, missing: str, failure: ServiceError):
        super().__init__(
            f"Файл сохранён в хранилище «{copy.store}», но не в «{missing}»: {failure} "
            "Сохранение во второе хранилище нужно повторить."
        )
        self.copy = copy
        self.missing = missing
        self.failure = failure


class ObjectStore(Protocol):
    """Write-once storage; implementations raise only the errors above."""

    @property
    def name(self) -> str:
        """The store's name in copies, messages and the ledger."""

    def put(
        self,
        key: str,
        body: bytes,
        *,
        keep_until: datetime,
        tags: Mapping[str, str],
        media_type: str,
    ) -> Copy:
        """Keep `body` locked until `keep_until` (aware), read it back and return what is held.

        The same bytes again give the same Copy and no second version (a shorter lock is prolonged,
        a longer one stays); other bytes raise ObjectExists. At most ten `tags`: ids and dates only.
        """

    def get(self, key: str, version_id: str | None = None) -> bytes:
        """Return what was put under `key`; bytes that changed since raise StoreLies."""

    def stat(self, key: str) -> Copy:
        """Return what `put` returned for `key`, without reading the bytes."""

    def check(self, copy: Copy) -> Copy:
        """Read a copy again by its version: bytes, mode and date hold, or StoreLies.

        Returns the copy as it is now; its lock may have been prolonged.
        """

    def prove_lock(self, now: datetime) -> None:
        """Show with a canary object that what is locked stays, or raise LockNotEnforced."""


def whole_second(moment: datetime) -> datetime:
    """Return an aware moment in UTC without the fraction of a second: what every store can hold."""
    if moment.tzinfo is None:
        raise ValueError("a lock needs an aware date")
    return moment.astimezone(UTC).replace(microsecond=0)
