"""A bucket without locks where several hosts keep their working files, by content."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from io import BytesIO

from minio import Minio
from minio.error import S3Error

from service.archive.s3 import connect, speaking_for
from service.archive.store import ObjectMissing, StoreLies

NAME = "working"
CANARY = b"canary"
CANARY_NAME = "canary"
ALREADY_THERE = "PreconditionFailed"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Bodies by name; whoever puts one under a name puts the same, so the first is kept."""

    bucket: str
    client: Minio

    def put(self, name: str, body: bytes) -> None:
        """Keep a body; raises StoreUnavailable or StoreRefused."""
        with speaking_for(NAME):
            try:
                self.client.put_object(self.bucket, _key(name), BytesIO(body), len(body))
            except S3Error as error:
                if error.code != ALREADY_THERE:
                    raise

    def get(self, name: str) -> bytes | None:
        """Return a body, or None; raises StoreUnavailable or StoreRefused."""
        with suppress(ObjectMissing), speaking_for(NAME):
            answer = self.client.get_object(self.bucket, _key(name))
            with closing(answer):
                return bytes(answer.read())
        return None

    def require_answer(self) -> None:
        """Pass if the bucket is there; raises StoreUnavailable or StoreRefused."""
        self.get(CANARY_NAME)

    def require_kept(self) -> None:
        """Pass if what is put comes back; raises StoreUnavailable, StoreRefused or StoreLies."""
        self.drop(CANARY_NAME)
        self.put(CANARY_NAME, CANARY)
        if self.get(CANARY_NAME) != CANARY:
            raise StoreLies(
                f"Хранилище «{NAME}» приняло проверочный файл, но отдаёт не его. Проверьте сервер "
                "и то, что стоит между ним и службой."
            )

    def drop(self, name: str) -> None:
        """Remove a body; one that is gone already is no trouble."""
        with speaking_for(NAME):
            self.client.remove_object(self.bucket, _key(name))


def open_shelf(
    *, endpoint: str, bucket: str, access_key: str, secret_key: str, secure: bool, region: str
) -> Shelf:
    """Return the shelf in an existing bucket; no request is made yet."""
    client = connect(endpoint, access_key, secret_key, secure=secure, region=region, timeout=30)
    return Shelf(bucket, client)


def _key(name: str) -> str:
    return f"{name[:2]}/{name}"
