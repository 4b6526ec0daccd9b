"""Two stores as one when one of them fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.archive.bucket import BucketStore
from service.archive.folder import FolderStore
from service.archive.mirrored import MirroredStore
from service.archive.store import (
    Copy,
    ObjectExists,
    ObjectMissing,
    OneStoreOnly,
    StoreLies,
    StoreUnavailable,
)
from service.demo.servers import S3Server, start_s3

UNTIL = datetime(2051, 12, 31, tzinfo=UTC)
OpenFolder = Callable[[str], FolderStore]


def put(store: MirroredStore, key: str, body: bytes = b"body") -> Copy:
    return store.put(key, body, keep_until=UNTIL, tags={}, media_type="application/pdf")


def unplug(store: FolderStore) -> Callable[[], Path]:
    """Take a disk away; the result puts it back."""
    away = store.path.with_name(store.name + "-unplugged")
    store.path.rename(away)
    return lambda: away.rename(store.path)


def damage(store: FolderStore, key: str) -> None:
    file = store.path / "objects" / (key + "@1") / key.rpartition("/")[2]
    file.chmod(0o644)
    file.write_bytes(b"x")


@pytest.mark.parametrize("absent", ["a", "b"])
def test_one_store_down_is_said_and_completed_later(folder: OpenFolder, absent: str) -> None:
    stores = {"a": folder("a"), "b": folder("b")}
    store = MirroredStore(stores["a"], stores["b"])
    plug_in = unplug(stores[absent])
    with pytest.raises(OneStoreOnly) as only:
        put(store, "d/f")
    assert only.value.missing == absent
    assert isinstance(only.value.failure, StoreUnavailable)
    assert store.get("d/f") == b"body"
    assert [copy.store for copy in store.stat("d/f").each()] == [only.value.copy.store]
    plug_in()
    whole = put(store, "d/f")
    assert [copy.store for copy in whole.each()] == ["a", "b"]
    assert only.value.copy in list(whole.each())


def test_both_down_is_unavailable(folder: OpenFolder) -> None:
    store = MirroredStore(folder("a"), folder("b"))
    unplug(folder("a")), unplug(folder("b"))
    with pytest.raises(StoreUnavailable) as down:
        put(store, "d/f")
    assert not isinstance(down.value, OneStoreOnly)
    with pytest.raises(StoreUnavailable):
        store.get("d/f")


def test_reads_from_the_store_that_has_it_whole(folder: OpenFolder) -> None:
    a, b = folder("a"), folder("b")
    store = MirroredStore(a, b)
    copy = put(store, "d/f")
    damage(a, "d/f")
    assert store.get("d/f") == b"body"
    assert store.get("d/f", copy.version_id) == b"body"
    with pytest.raises(StoreLies):
        store.check(copy)
    first, second = copy.each()
    with pytest.raises(StoreLies):
        store.check(first)
    assert store.check(second) == second
    damage(b, "d/f")
    with pytest.raises(StoreLies):
        store.get("d/f")


def test_a_damaged_copy_is_one_store_only(folder: OpenFolder) -> None:
    a, b = folder("a"), folder("b")
    store = MirroredStore(a, b)
    put(store, "d/f")
    damage(b, "d/f")
    with pytest.raises(OneStoreOnly) as only:
        put(store, "d/f")
    assert isinstance(only.value.failure, StoreLies)


def test_absent_in_one_and_unknown_in_the_other_is_unknown(folder: OpenFolder) -> None:
    a, b = folder("a"), folder("b")
    store = MirroredStore(a, b)
    with pytest.raises(ObjectMissing):
        store.get("d/f")
    unplug(b)
    with pytest.raises(StoreUnavailable):
        store.get("d/f")
    with pytest.raises(ObjectMissing, match="«c»"):
        store.check(Copy("c", "d/f", "", "", UNTIL, "", 0))


def test_other_bytes_in_the_second_store_are_a_conflict(folder: OpenFolder) -> None:
    a, b = folder("a"), folder("b")
    b.put("d/f", b"other", keep_until=UNTIL, tags={}, media_type="text/plain")
    with pytest.raises(ObjectExists):
        put(MirroredStore(a, b), "d/f")


def test_a_bucket_killed_in_the_middle_is_completed_without_a_second_version(
    tmp_path: Path,
    s3: S3Server,
    open_at: Callable[[S3Server, str], BucketStore],
    key: str,
) -> None:
    primary = open_at(s3, "archive")
    server = start_s3(tmp_path)
    try:
        store = MirroredStore(primary, open_at(server, "replica"))
        put(store, key)
        server.process.kill()
        server.process.wait()
        with pytest.raises(OneStoreOnly) as only:
            put(store, key + ".sig")
    finally:
        server.stop()
    server = start_s3(tmp_path)
    try:
        store = MirroredStore(primary, open_at(server, "replica"))
        whole = put(store, key + ".sig")
        assert only.value.copy == next(whole.each())
        assert store.check(whole) == whole
        assert store.check(put(store, key)).twin is not None
    finally:
        server.stop()
