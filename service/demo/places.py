"""The two stores of the demo: two S3 servers of their own, or two folders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.archive.bucket import open_bucket
from service.archive.folder import open_folder, prepare_folder
from service.archive.prepare import prepare_bucket
from service.archive.store import ObjectStore
from service.demo.servers import start_s3
from service.domain.errors import Rejected

NAMES = ("store-a", "store-b")
BUCKET = "vedomost"

Values = Mapping[str, str | bool]


class StoresUnknown(Rejected):
    """There is no such kind of store."""

    code = "stores-unknown"
    title = "Такого хранилища нет"


@dataclass(frozen=True, slots=True)
class Place:
    """A store: what the service is told of it, and the demo's own way to look into it."""

    settings: Values
    mode: str  # the lock every copy there must have
    store: ObjectStore
    administered: ObjectStore | None  # the same with the keys of its administrator


@contextmanager
def places(kind: str, folder: Path) -> Iterator[tuple[Place, Place]]:
    """Yield two stores under `folder`, of kind "bucket" or "folder"; servers stop at the end."""
    with ExitStack() as stack:
        match kind:
            case "bucket":
                first, second = (_bucket(name, folder / name, stack) for name in NAMES)
            case "folder":
                first, second = (_folder(name, folder / name) for name in NAMES)
            case _:
                raise StoresUnknown(f"Хранилища бывают bucket и folder, а не «{kind}».")
        yield first, second


def _bucket(name: str, folder: Path, stack: ExitStack) -> Place:
    server = start_s3(folder)
    stack.callback(server.stop)
    prepare_bucket(
        name=name,
        endpoint=server.endpoint,
        bucket=BUCKET,
        access_key=server.admin.access_key,
        secret_key=server.admin.secret_key,
        secure=False,
    )
    store, administered = (
        open_bucket(
            name=name,
            endpoint=server.endpoint,
            bucket=BUCKET,
            access_key=keys.access_key,
            secret_key=keys.secret_key,
            secure=False,
        )
        for keys in (server.user, server.admin)
    )
    settings: Values = {
        "kind": "bucket",
        "name": name,
        "endpoint": server.endpoint,
        "bucket": BUCKET,
        "access_key": server.user.access_key,
        "secret_key": server.user.secret_key,
        "secure": False,
    }
    return Place(settings, "COMPLIANCE", store, administered)


def _folder(name: str, folder: Path) -> Place:
    prepare_folder(name, folder)
    settings = {"kind": "folder", "name": name, "path": str(folder.resolve())}
    return Place(settings, "WRITE-ONCE", open_folder(name, folder), None)
