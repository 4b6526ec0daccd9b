"""A store in an S3 bucket with Object Lock in COMPLIANCE mode, which nobody can shorten."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TypeVar

from minio import Minio
from minio.commonconfig import COMPLIANCE, Tags
from minio.error import S3Error
from minio.retention import Retention

from service.archive.s3 import connect, described, is_passing, speaking_for
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

PAUSES = (0.3, 1.5)  # seconds before the second and the third attempt
SINGLE_PUT = 5 * 1024**3  # S3's limit of one PUT; parts have no checksum of the whole

_Answer = TypeVar("_Answer")


def open_bucket(
    *,
    name: str,
    endpoint: str,
    bucket: str,
    access_key: str,
    secret_key: str,
    secure: bool = True,
    region: str = "us-east-1",
    timeout: float = 30,
) -> BucketStore:
    """Return the store in an existing bucket (see `prepare_bucket`); no request is made yet.

    `endpoint` is host:port; `timeout` is the seconds one answer may take.
    """
    client = connect(
        endpoint, access_key, secret_key, secure=secure, region=region, timeout=timeout
    )
    return BucketStore(name, bucket, client)


@dataclass(frozen=True, slots=True)
class BucketStore:
    """An ObjectStore; each attempt looks first: a lost answer leaves no second locked version."""

    name: str
    bucket: str
    client: Minio
    pauses: tuple[float, ...] = PAUSES

    def put(
        self,
        key: str,
        body: bytes,
        *,
        keep_until: datetime,
        tags: Mapping[str, str],
        media_type: str,
    ) -> Copy:
        """Keep `body` in one checked PUT under a COMPLIANCE lock and read that version back."""
        if len(body) > SINGLE_PUT or len(tags) > MOST_TAGS:
            raise StoreRefused(
                f"Хранилище «{self.name}» берёт файл до 5 ГиБ и до {MOST_TAGS} меток: {key}."
            )
        until = whole_second(keep_until)

        def attempt() -> Copy:
            version = self._first_version(key)
            if version is None:
                version = self._upload(key, body, until, tags, media_type)
            return self._confirmed(key, version, body, until)

        return self._patiently(attempt)

    def get(self, key: str, version_id: str | None = None) -> bytes:
        """Return the bytes of the first version, or of the one asked for."""

        def attempt() -> bytes:
            body, recorded = self._read(key, version_id or self._existing(key))
            if recorded != _hash(body):
                raise self._lie(key, "содержимое не совпадает с записанной хеш-суммой")
            return body

        return self._patiently(attempt)

    def stat(self, key: str) -> Copy:
        """Return what the server says of the first version."""
        return self._patiently(lambda: self._described(key, self._existing(key)))

    def check(self, copy: Copy) -> Copy:
        """Read the version again: its bytes, mode and date."""

        def attempt() -> Copy:
            body, _ = self._read(copy.key, copy.version_id)
            held = self._described(copy.key, copy.version_id)
            if _hash(body) != copy.sha256:
                raise self._lie(copy.key, "содержимое изменилось")
            if held.mode != copy.mode:
                raise self._lie(copy.key, f"режим блокировки «{held.mode}», был «{copy.mode}»")
            if held.locked_until < copy.locked_until:
                raise self._lie(copy.key, "срок блокировки стал короче")
            return held

        return self._patiently(attempt)

    def prove_lock(self, now: datetime) -> None:
        """Lock a canary for a day or two, then try to delete it and to shorten its lock.

        Both must fail. One canary a day is enough, however often the service starts.
        """
        until = datetime.combine(now.astimezone(UTC).date(), datetime.min.time(), UTC)
        until += timedelta(days=2)
        key = f"canary/{until:%Y-%m-%d}"

        def attempt() -> None:
            version = self._first_version(key) or self._upload(key, b"canary", until, {}, "")
            self._confirmed(key, version, b"canary", until)
            self._must_refuse("удалить", lambda: self._delete(key, version))
            shorter = until - timedelta(hours=12)
            self._must_refuse("открыть раньше срока", lambda: self._lock(key, version, shorter))
            self._confirmed(key, version, b"canary", until)

        try:
            self._patiently(attempt)
        except ObjectMissing:
            raise self._toothless("удалить") from None

    def _must_refuse(self, what: str, act: Callable[[], None]) -> None:
        try:
            act()
        except S3Error as error:
            if is_passing(error):
                raise
            return
        raise self._toothless(what)

    def _toothless(self, what: str) -> LockNotEnforced:
        return LockNotEnforced(
            f"Хранилище «{self.name}» позволило {what} заблокированный проверочный файл. Включите "
            "Object Lock (COMPLIANCE) или замените сервер: архив в нём хранить нельзя."
        )

    def _delete(self, key: str, version: str) -> None:
        self.client.remove_object(self.bucket, key, version_id=version)

    def _lock(self, key: str, version: str, until: datetime) -> None:
        retention = Retention(COMPLIANCE, until)
        self.client.set_object_retention(self.bucket, key, retention, version_id=version)

    def _first_version(self, key: str) -> str | None:
        """Return the oldest version of exactly this key: nothing put later can hide it.

        S3 lists a key's versions newest first, which decides between those of one second.
        """
        versions = [
            found
            for found in self.client.list_objects(self.bucket, prefix=key, include_version=True)
            if found.object_name == key and not found.is_delete_marker
        ]
        if not versions:
            return None
        first = min(reversed(versions), key=lambda found: found.last_modified or _LAST)
        return first.version_id or None

    def _existing(self, key: str) -> str:
        version = self._first_version(key)
        if version is None:
            raise ObjectMissing(f"В хранилище «{self.name}» нет файла {key}.")
        return version

    def _upload(
        self, key: str, body: bytes, until: datetime, tags: Mapping[str, str], media_type: str
    ) -> str:
        """Put the bytes, or find that somebody else just did; return the version."""
        labels = Tags.new_object_tags()
        for label, value in tags.items():
            labels[label] = value
        digest = hashlib.sha256(body).digest()
        checksum = base64.b64encode(digest).decode()
        try:
            written = self.client.put_object(
                self.bucket,
                key,
                BytesIO(body),
                len(body),
                content_type=media_type or "application/octet-stream",
                metadata={"x-amz-checksum-sha256": checksum, "sha256": digest.hex()},
                part_size=SINGLE_PUT,
                tags=labels,
                retention=Retention(COMPLIANCE, until),
            )
        except S3Error as error:
            if error.code != "PreconditionFailed":
                raise
            version = self._first_version(key)
            if version is None:
                raise StoreUnavailable(
                    f"Хранилище «{self.name}» не показывает файл {key}, хотя он там есть."
                ) from None
            return version
        if not written.version_id:
            raise self._lie(key, "в бакете не включены версии и Object Lock")
        return written.version_id

    def _confirmed(self, key: str, version: str, body: bytes, until: datetime) -> Copy:
        """Read a version back and lock it if it is not locked long enough; only then it counts."""
        held, recorded = self._read(key, version)
        if held != body:
            if recorded == _hash(held):
                raise ObjectExists(f"В хранилище «{self.name}» под {key} уже лежит другой файл.")
            raise self._lie(key, "содержимое не совпадает с записанной хеш-суммой")
        copy = self._described(key, version)
        if copy.mode != COMPLIANCE or copy.locked_until < until:
            self._lock(key, version, until)
            copy = self._described(key, version)
        if copy.mode != COMPLIANCE or copy.locked_until < until:
            mode = copy.mode or "нет"
            raise self._lie(key, f"блокировка: {mode}, до {copy.locked_until:%d.%m.%Y}")
        return copy

    def _read(self, key: str, version: str) -> tuple[bytes, str | None]:
        """Return the bytes of a version and the hash recorded beside them."""
        with closing(self.client.get_object(self.bucket, key, version_id=version)) as reply:
            return reply.read(), reply.headers.get("x-amz-meta-sha256")

    def _described(self, key: str, version: str) -> Copy:
        return described(self.name, self.client.stat_object(self.bucket, key, version_id=version))

    def _lie(self, key: str, what: str) -> StoreLies:
        return StoreLies(f"Хранилище «{self.name}», {key}: {what}. Сообщите администратору.")

    def _patiently(self, attempt: Callable[[], _Answer]) -> _Answer:
        """Try, and try again after each pause while the store does not answer."""
        for pause in self.pauses:
            try:
                with speaking_for(self.name):
                    return attempt()
            except StoreRefused:
                raise
            except StoreUnavailable:
                time.sleep(pause)
        with speaking_for(self.name):
            return attempt()


_LAST = datetime.max.replace(tzinfo=UTC)


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
