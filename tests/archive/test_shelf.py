"""Working files of several hosts: what one keeps the other reads, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from service.archive.prepare import prepare_shelf
from service.archive.shelf import CANARY_NAME, Shelf, open_shelf
from service.archive.store import StoreLies, StoreRefused, StoreUnavailable
from service.demo.servers import S3Server
from service.ledger.files import FileLost, Files


@pytest.fixture(scope="module")
def shelf(s3: S3Server) -> Shelf:
    place = {"endpoint": s3.endpoint, "bucket": "working", "secure": False, "region": "us-east-1"}
    admin = {"access_key": s3.admin.access_key, "secret_key": s3.admin.secret_key}
    assert prepare_shelf(**place, **admin)
    assert not prepare_shelf(**place, **admin)
    return open_shelf(**place, access_key=s3.user.access_key, secret_key=s3.user.secret_key)


def test_what_one_host_keeps_the_other_reads(shelf: Shelf, tmp_path: Path) -> None:
    here, there = Files(tmp_path / "here", shelf), Files(tmp_path / "there", shelf)
    name = here.keep("ведомость".encode())
    assert here.keep("ведомость".encode()) == name, "again is no harm"
    assert there.read(name).decode() == "ведомость"
    assert there.path(name).exists(), "the next time it is here"
    here.forget(name)
    there.path(name).unlink()
    for host in (here, there):
        with pytest.raises(FileLost):
            host.read(name)
    here.forget(name)


def test_body_that_is_not_what_its_name_says_is_not_taken(shelf: Shelf, tmp_path: Path) -> None:
    name = Files(tmp_path / "here").keep(b"right")
    shelf.put(name, b"wrong")
    with pytest.raises(FileLost):
        Files(tmp_path / "there", shelf).read(name)


def test_a_shelf_that_keeps_what_it_is_given_is_told_from_others(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        shelf.require_kept()
    shelf.require_answer()
    for check in (Shelf.require_answer, Shelf.require_kept):
        with pytest.raises(StoreRefused, match="NoSuchBucket"):
            check(replace(shelf, bucket="nowhere"))
    shelf.drop(CANARY_NAME)
    shelf.put(CANARY_NAME, b"other bytes")
    monkeypatch.setattr(Shelf, "drop", lambda *_: None)  # a server that says yes and does nothing
    with pytest.raises(StoreLies, match="отдаёт не его"):
        shelf.require_kept()


def test_silent_server_is_passing_trouble(tmp_path: Path) -> None:
    gone = open_shelf(
        endpoint="127.0.0.1:9",
        bucket="gone",
        access_key="a",
        secret_key="s",
        secure=False,
        region="us",
    )
    with pytest.raises(StoreUnavailable):
        Files(tmp_path, gone).keep(b"body")
