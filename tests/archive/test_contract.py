"""What every store promises, asked of every store."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from service.archive.store import (
    Copy,
    ObjectExists,
    ObjectMissing,
    ObjectStore,
    StoreLies,
    StoreRefused,
)

UNTIL = datetime(2051, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=5)))
TAGS = {"doc_type": "class-register", "keep_until": "2051-12-31", "retention_years": "25"}


def put(store: ObjectStore, key: str, body: bytes, until: datetime = UNTIL) -> Copy:
    return store.put(key, body, keep_until=until, tags=TAGS, media_type="application/pdf")


def test_put_returns_what_is_held(store: ObjectStore, key: str) -> None:
    body = b"%PDF-1.7" + bytes(range(256)) * 40_000
    copy = put(store, key, body)
    for held in copy.each():
        assert (held.key, held.sha256, held.size) == (
            key,
            hashlib.sha256(body).hexdigest(),
            len(body),
        )
        assert held.locked_until == UNTIL
        assert held.mode == ("WRITE-ONCE" if held.store == "disk" else "COMPLIANCE")
        assert store.get(key, held.version_id) == body
    assert store.get(key) == body
    assert store.stat(key) == copy
    assert store.check(copy) == copy


def test_the_same_bytes_again_are_the_same_copy(store: ObjectStore, key: str) -> None:
    assert put(store, key, b"once") == put(store, key, b"once")


def test_never_overwrites(store: ObjectStore, key: str) -> None:
    put(store, key, b"first")
    with pytest.raises(ObjectExists):
        put(store, key, b"second")
    assert store.get(key) == b"first"


def test_a_lock_is_prolonged_and_never_shortened(store: ObjectStore, key: str) -> None:
    five, later = UNTIL.replace(year=2031), UNTIL.replace(year=2033)
    first = put(store, key, b"kept", five)
    prolonged = put(store, key, b"kept", later)
    assert prolonged.version_id == first.version_id
    assert [c.locked_until for c in prolonged.each()] == [later] * len(list(first.each()))
    assert put(store, key, b"kept", five) == prolonged
    assert store.check(first) == prolonged


def test_what_is_not_there_is_missing(store: ObjectStore, key: str) -> None:
    with pytest.raises(ObjectMissing):
        store.get(key)
    with pytest.raises(ObjectMissing):
        store.stat(key)
    copy = put(store, key, b"here")
    with pytest.raises(ObjectMissing):
        store.get(key, "0" * 32)
    with pytest.raises(ObjectMissing):
        store.check(replace(copy, key=key + "x", twin=None))


def test_a_key_that_begins_another_is_its_own(store: ObjectStore, key: str) -> None:
    put(store, key + ".sig", b"signature")
    put(store, key, b"document")
    assert store.get(key) == b"document"
    assert store.get(key + ".sig") == b"signature"


def test_a_copy_that_claims_more_than_is_held_is_a_lie(store: ObjectStore, key: str) -> None:
    copy = replace(put(store, key, b"body"), twin=None)
    with pytest.raises(StoreLies):
        store.check(replace(copy, sha256=hashlib.sha256(b"other").hexdigest()))
    with pytest.raises(StoreLies):
        store.check(replace(copy, locked_until=copy.locked_until + timedelta(days=1)))
    with pytest.raises(StoreLies):
        store.check(replace(copy, mode="GOVERNANCE"))


def test_writers_of_one_key_get_one_copy(store: ObjectStore, key: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        copies = set(pool.map(lambda _: put(store, key, b"same"), range(8)))
    assert copies == {store.stat(key)}


def test_of_different_writers_of_one_key_one_wins(store: ObjectStore, key: str) -> None:
    def attempt(number: int) -> bytes | None:
        body = b"writer %d" % number
        try:
            put(store, key, body)
        except ObjectExists:
            return None
        return body

    with ThreadPoolExecutor(8) as pool:
        winners = [body for body in pool.map(attempt, range(8)) if body is not None]
    assert winners == [store.get(key)]


def test_more_than_ten_tags_are_refused(store: ObjectStore, key: str) -> None:
    tags = {f"tag{n}": "x" for n in range(11)}
    with pytest.raises(StoreRefused):
        store.put(key, b"", keep_until=UNTIL, tags=tags, media_type="text/plain")


def test_the_lock_is_proven_at_every_start(store: ObjectStore) -> None:
    now = datetime.now(UTC)
    store.prove_lock(now)
    store.prove_lock(now + timedelta(seconds=1))
