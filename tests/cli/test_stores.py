"""Stores are made ready by one command, once; again changes nothing; keys are never arguments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from minio import Minio
from minio.commonconfig import COMPLIANCE
from minio.objectlockconfig import DAYS, ObjectLockConfig
from town import settings_file

from service.archive.bucket import open_bucket
from service.archive.folder import MARK
from service.cli import main
from service.demo.servers import S3Server, start_s3


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    server = start_s3(tmp_path_factory.mktemp("s3"))
    yield server
    server.stop()


@pytest.fixture
def buckets(tmp_path: Path, s3: S3Server) -> Path:
    """Settings of two buckets on one server, named for this test."""
    file = settings_file(tmp_path, None)
    text = file.read_text(encoding="utf-8").replace('kind = "folder"', 'kind = "bucket"')
    for name in ("A", "B"):
        place = f"""endpoint = "{s3.endpoint}"
bucket = "{_bucket(tmp_path, name)}"
access_key = "{s3.user.access_key}"
secret_key = "{s3.user.secret_key}"
secure = false"""
        text = text.replace(f'path = "{name}"', place)
    file.write_text(text, encoding="utf-8")
    return file


def _bucket(folder: Path, name: str) -> str:
    return f"{folder.name.replace('_', '-')}-{name.lower()}"


def prepare(file: Path, answers: str = "", **environment: str) -> Result:
    return CliRunner(env=environment).invoke(
        main, ["stores", "prepare", "--settings", str(file)], input=answers, catch_exceptions=False
    )


def keys(s3: S3Server, *roles: str) -> dict[str, str]:
    pair = {"ACCESS": s3.admin.access_key, "SECRET": s3.admin.secret_key}
    return {
        f"VEDOMOST_ADMIN_{role}_{key}_KEY": value for role in roles for key, value in pair.items()
    }


def test_folders(tmp_path: Path) -> None:
    file = settings_file(tmp_path, None)
    (tmp_path / "A" / MARK).unlink()
    done = prepare(file)
    assert done.exit_code == 0
    first, second = done.stdout.splitlines()
    assert "A подготовлена" in first
    assert "B уже готова" in second
    assert (tmp_path / "A" / MARK).exists()
    assert prepare(file).stdout.count("ничего не изменено") == 2


def test_buckets(buckets: Path, tmp_path: Path, s3: S3Server) -> None:
    done = prepare(buckets, **keys(s3, "PRIMARY", "REPLICA"))
    assert (done.exit_code, done.stdout.count("COMPLIANCE на 1\u00a0день")) == (0, 2)
    for name in ("A", "B"):
        open_bucket(
            name=name,
            endpoint=s3.endpoint,
            bucket=_bucket(tmp_path, name),
            access_key=s3.user.access_key,
            secret_key=s3.user.secret_key,
            secure=False,
        ).prove_lock(datetime.now(UTC))
    again = prepare(buckets, **keys(s3, "PRIMARY", "REPLICA"))
    assert (again.exit_code, again.stdout.count("ничего не изменено")) == (0, 2)
    assert s3.admin.secret_key not in done.output + again.output


def test_what_was_interrupted_is_completed(buckets: Path, tmp_path: Path, s3: S3Server) -> None:
    admin = Minio(
        s3.endpoint, s3.admin.access_key, s3.admin.secret_key, secure=False, region="us-east-1"
    )
    half = _bucket(tmp_path, "A")
    admin.make_bucket(half, object_lock=True)
    assert admin.get_object_lock_config(half).mode is None
    assert prepare(buckets, **keys(s3, "PRIMARY", "REPLICA")).exit_code == 0
    assert admin.get_object_lock_config(half) == ObjectLockConfig(COMPLIANCE, 1, DAYS)


def test_keys_are_asked_for(buckets: Path, s3: S3Server) -> None:
    answers = f"{s3.admin.access_key}\n{s3.admin.secret_key}\n"
    done = prepare(buckets, answers, **keys(s3, "PRIMARY"))
    assert (done.exit_code, done.stdout.count("подготовлен")) == (0, 2)
    assert "Секретный ключ администратора хранилища «B»" in done.stderr
    assert s3.admin.secret_key not in done.output


def test_without_keys_nothing_is_made(buckets: Path, s3: S3Server) -> None:
    refused = prepare(buckets)
    assert (refused.exit_code, "VEDOMOST_ADMIN_PRIMARY_ACCESS_KEY" in refused.stderr) == (3, True)


def test_a_user_may_not_make_buckets(buckets: Path, s3: S3Server) -> None:
    refused = prepare(buckets, f"{s3.user.access_key}\n{s3.user.secret_key}\n")
    assert (refused.exit_code, "отказало" in refused.stderr) == (6, True)
