"""Making a store ready for its first file: an explicit act of an administrator, done once."""

from __future__ import annotations

from minio import Minio
from minio.commonconfig import COMPLIANCE
from minio.error import S3Error
from minio.objectlockconfig import DAYS, ObjectLockConfig

from service.archive.s3 import connect, speaking_for
from service.archive.store import StoreRefused


def prepare_bucket(
    *,
    name: str,
    endpoint: str,
    bucket: str,
    access_key: str,
    secret_key: str,
    secure: bool = True,
    region: str = "us-east-1",
    default_days: int = 1,
) -> None:
    """Make a bucket with Object Lock and a default COMPLIANCE lock, with an administrator's keys.

    The default covers what somebody puts past the service; every file of the archive gets its own
    date. A bucket that is there already is left as it is, and refused if it has no Object Lock.
    """
    client = connect(endpoint, access_key, secret_key, secure=secure, region=region, timeout=30)
    with speaking_for(name):
        if client.bucket_exists(bucket):
            _must_lock(client, name, bucket)
            return
        client.make_bucket(bucket, location=region, object_lock=True)
        client.set_object_lock_config(bucket, ObjectLockConfig(COMPLIANCE, default_days, DAYS))


def _must_lock(client: Minio, name: str, bucket: str) -> None:
    try:
        client.get_object_lock_config(bucket)
    except S3Error as error:
        if error.code != "ObjectLockConfigurationNotFoundError":
            raise
        raise StoreRefused(
            f"Хранилище «{name}»: бакет «{bucket}» создан без Object Lock. Заведите новый бакет."
        ) from None
