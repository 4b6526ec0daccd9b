"""What every process of the service stands on: the clock, the tables, the two stores."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from service.archive.bucket import open_bucket
from service.archive.folder import open_folder
from service.archive.mirrored import MirroredStore
from service.archive.proven import ProvenStore
from service.archive.store import ObjectStore
from service.bootstrap.watched_store import WatchedStore
from service.domain.errors import why
from service.jobs import engine
from service.jobs.advance import Clock
from service.ledger import schools
from service.ledger.database import Database, connect
from service.ledger.files import DiskFull, Files
from service.observing.watch import NOBODY, Watch
from service.settings import BucketSettings, Settings, StoreSettings

INTERRUPTED = 86_400.0  # seconds after which nobody is still sending a body


def now() -> datetime:
    """Return the time; the one clock of the service, handed down as an argument."""
    return datetime.now(UTC)


def prepare(settings: Settings) -> None:
    """Make the data folder and the tables ready for this version; again is no harm.

    Raises DatabaseOlder if the tables are to be taken forward by `vedomost migrate` alone.
    """
    with _turn(settings):
        Files(settings.data).clear(INTERRUPTED)
        database = connect(settings.ledger)
        if settings.migrate_at_start:
            _migrate(database)
        else:
            database.require_fit()
        with database.writing() as connection:
            schools.register(connection, settings.schools, "settings", now())
        database.close()


def migrate(settings: Settings) -> None:
    """Take the tables forward, and do nothing else; the previous release may be at work."""
    with _turn(settings):
        database = connect(settings.ledger)
        _migrate(database)
        database.close()


def _migrate(database: Database) -> None:
    database.migrate()
    engine.prepare(database.url)


@contextmanager
def _turn(settings: Settings) -> Iterator[None]:
    """Have a data folder and be alone in it: processes that start together make tables once."""
    try:
        settings.data.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise DiskFull(f"Папка данных {settings.data} недоступна: {why(error)}.") from None
    with (settings.data / "tables.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def stores(settings: Settings, clock: Clock) -> ObjectStore:
    """Return the two stores as one; neither need be there yet."""
    return MirroredStore(*each_store(settings, clock))


def each_store(
    settings: Settings, clock: Clock, watch: Watch = NOBODY
) -> tuple[ObjectStore, ObjectStore]:
    """Return the primary and the replica."""

    def proven(store: StoreSettings) -> ObjectStore:
        return ProvenStore(store.name, lambda: WatchedStore(_reach(store), watch), clock)

    return proven(settings.stores.primary), proven(settings.stores.replica)


def _reach(store: StoreSettings) -> ObjectStore:
    if isinstance(store, BucketSettings):
        return open_bucket(
            name=store.name,
            endpoint=store.endpoint,
            bucket=store.bucket,
            access_key=store.access_key,
            secret_key=store.secret_key.get_secret_value(),
            secure=store.secure,
            region=store.region,
        )
    return open_folder(store.name, store.path)
