"""Real stores to test with: an S3 server, prepared folders, and both as one."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.archive.bucket import BucketStore, open_bucket
from service.archive.folder import FolderStore, open_folder, prepare_folder
from service.archive.mirrored import MirroredStore
from service.archive.prepare import prepare_bucket
from service.archive.store import ObjectStore
from service.demo.servers import S3Server, start_s3

OpenBucket = Callable[[S3Server, str], BucketStore]
OpenFolder = Callable[[str], FolderStore]


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A SeaweedFS server for the whole session."""
    server = start_s3(tmp_path_factory.mktemp("s3"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def open_at() -> OpenBucket:
    """Prepare a bucket on a server and open it as a user who may not make buckets."""

    def opened(server: S3Server, name: str) -> BucketStore:
        prepare_bucket(
            name=name,
            endpoint=server.endpoint,
            bucket=name,
            access_key=server.admin.access_key,
            secret_key=server.admin.secret_key,
            secure=False,
        )
        return open_bucket(
            name=name,
            endpoint=server.endpoint,
            bucket=name,
            access_key=server.user.access_key,
            secret_key=server.user.secret_key,
            secure=False,
        )

    return opened


@pytest.fixture
def bucket(s3: S3Server, open_at: OpenBucket) -> BucketStore:
    return open_at(s3, "archive")


@pytest.fixture
def folder(tmp_path: Path) -> OpenFolder:
    """Prepare and open a folder on a disk."""

    def opened(name: str) -> FolderStore:
        prepare_folder(name, tmp_path / name)
        return open_folder(name, tmp_path / name)

    return opened


@pytest.fixture(params=["folder", "bucket", "mirrored"])
def store(
    request: pytest.FixtureRequest, folder: OpenFolder, s3: S3Server, open_at: OpenBucket
) -> ObjectStore:
    """Every store there is; all of them keep the same promises."""
    match request.param:
        case "folder":
            return folder("disk")
        case "bucket":
            return open_at(s3, "archive")
        case _:
            return MirroredStore(open_at(s3, "archive"), folder("disk"))


@pytest.fixture
def key() -> str:
    """A key no other test uses."""
    return f"school/2026-2027/class-register/8a/{secrets.token_hex(8)}/v1/register.pdf"
