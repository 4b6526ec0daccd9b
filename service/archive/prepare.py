"""Making a store ready for its first file: an explicit act of an administrator, done once."""

from __future__ import annotations

from minio import Minio
from minio.commonconfig import COMPLIANCE
from minio.error import S3Error
from minio.objectlockconfig import DAYS, ObjectLockConfig

from service.archive.s3 import connect, speaking_for
from service.archive.shelf import NAME as SHELF
from service.archive.store import StoreRefused

DEFAULT_DAYS = 1


def prepare_bucket(
    *,
    name: str,
    endpoint: str,
    bucket: str,
    access_key: str,
    secret_key: str,
    secure: bool = True,
    region: str = "us-east-1",
    default_days: int = DEFAULT_DAYS,
) -> bool:
    """Make a bucket with Object Lock and a default COMPLIANCE lock, with an administrator's keys.

    The default covers what somebody puts past the service; every file of the archive gets its own
    date. A bucket that is there already keeps its own default, and is refused if it has no Object
    Lock. Returns False if nothing was to be done.
    """
    client = connect(endpoint, access_key, secret_key, secure=secure, region=region, timeout=30)
    with speaking_for(name):
        if not client.bucket_exists(bucket):
            client.make_bucket(bucket, location=region, object_lock=True)
        elif _lock(client, name, bucket).mode is not None:
            return False
        client.set_object_lock_config(bucket, ObjectLockConfig(COMPLIANCE, default_days, DAYS))
        return True


def prepare_shelf(
    *, endpoint: str, bucket: str, access_key: str, secret_key: str, secure: bool, region: str
) -> bool:
    """Make the bucket of the working files, without locks; False if it is there."""
    client = connect(endpoint, access_key, secret_key, secure=secure, region=region, timeout=30)
    with speaking_for(SHELF):
        if client.bucket_exists(bucket):
            return False
        client.make_bucket(bucket, location=region)
        return True


def _lock(client: Minio, name: str, bucket: str) -> ObjectLockConfig:
    try:
        return client.get_object_lock_config(bucket)
    except S3Error as error:
        if error.code != "ObjectLockConfigurationNotFoundError":
            raise
        raise StoreRefused(
            f"Хранилище «{name}»: бакет «{bucket}» создан без Object Lock. Заведите новый бакет."
        ) from None
